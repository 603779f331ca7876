#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "device/device.h"
#include "engine/comparison.h"
#include "engine/problem.h"
#include "engine/recently_used.h"
#include "kernel/source.h"
#include "kernel/workload.h"

namespace evotune {

/// Computes right answers: the float64 reference, in a process of its own that never runs a
/// candidate. Each answer is computed once and kept, as long as configurations agree on their
/// arguments; of those that do not only the latest are kept.
class Oracle {
 public:
  /// The device must not be the one that runs candidates.
  Oracle(const Problem& problem, Device& device);

  /// What the outputs should hold and how far off they may be, per argument (empty for arguments
  /// that are no outputs). `baseline_errors`, per argument, decide the automatic tolerance: twice
  /// them and one unit in the last place. Valid until the next call.
  Result<const std::vector<ExpectedOutput>*> expect(const Bindings& bound, const Workload&,
                                                    std::size_t input_set,
                                                    const std::vector<double>& baseline_errors);

  /// By how much a baseline's outputs miss the reference: the largest absolute error, per argument.
  /// A failure where that is so much that nothing could be measured by it.
  Result<std::vector<double>> errors_of(const Bindings& bound, const Workload&,
                                        std::size_t input_set, const Buffers& outputs);

 private:
  using Values = std::vector<std::vector<double>>;  // per argument
  struct Answer {
    Values values;
    Buffers bits;  // per argument, of integers: as doubles they may not be exact
    std::optional<std::vector<ExpectedOutput>> expected;
  };

  /// One question: the reference as this configuration writes it, on one input set.
  struct Question {
    const Bindings& bound;
    const Workload& workload;
    std::size_t input_set;
    Source reference;
    [[nodiscard]] std::string key() const;
  };
  Result<Question> question(const Bindings& bound, const Workload&, std::size_t input_set) const;
  Result<Buffers> run_reference(const Question&, const Workload& wide);
  Result<const Compiled*> compile_reference(const Source&);
  Result<Answer*> answer(const Question&);
  Result<std::vector<ExpectedOutput>> expect_anew(const Question&, const Answer&,
                                                  const std::vector<double>& baseline_errors);

  const Problem& problem_;
  Device& device_;
  std::map<std::string, Compiled> compiled_;  // by source hash
  RecentlyUsed<Answer> answers_;              // by Question::key()
};

}  // namespace evotune
