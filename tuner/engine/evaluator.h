#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "kernel/compiled.h"
#include "kernel/source.h"
#include "outcome/outcome.h"
#include "space/config.h"

namespace evotune {

/// A configuration written out and compiled, or the failure that prevented it.
struct Candidate {
  Config config;
  Result<Source> source = Failure{};
  Result<Compiled> compiled = Failure{};
};

/// How a candidate is to be judged; finalists are judged harder.
struct Examination {
  double best_low =
      0;  ///< lower bound of the best speedup so far: measuring may end early below it
  bool held_out = false;  ///< also verify on the held-out shapes
  int trials = 3;         ///< how often the outputs of one input must come out the same
  bool races = false;     ///< also look for races, unless the space file says never
  int min_pairs = 0;      ///< at least this many pairs; 0: as the space file says
  std::size_t lane = 0;   ///< on which of the evaluator's lanes
};

/// What two measurements of the same tell.
struct SelfTimes {
  std::vector<Pair> pairs;  ///< the baseline beside itself
  Seconds nothing = 0;      ///< a launch of a kernel that does nothing
};

/// Config → Outcome, in two steps: the first for several at once, the second one after the other on
/// each lane.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// Any thread, also while another candidate is evaluated.
  [[nodiscard]] virtual Candidate prepare(const Config&) const = 0;
  [[nodiscard]] virtual Outcome evaluate(const Candidate&, const Examination&) = 0;
  /// Names all that makes two outcomes of this candidate interchangeable.
  [[nodiscard]] virtual std::string key(const Candidate&) const = 0;
  /// So many pairs, at the first of the tuning shapes; nothing where times are not measured.
  [[nodiscard]] virtual Result<std::optional<SelfTimes>> time_baseline(std::size_t /*pairs*/) {
    return std::optional<SelfTimes>();
  }
  /// What it measures on, by name, all of one kind: as many are evaluated side by side. Nameless
  /// where there is nothing to tell apart.
  [[nodiscard]] virtual std::vector<std::string> lanes() const { return {""}; }
};

}  // namespace evotune
