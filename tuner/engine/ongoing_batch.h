#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/evaluator.h"
#include "engine/preparation.h"
#include "engine/problem.h"
#include "engine/reporter.h"

namespace evotune {

/// One lane of an evaluator, as a search knows it.
struct LaneState {
  std::string name;
  bool lost = false;    ///< it gets no more work
  int faults = 0;       ///< of the machine, in a row
  double best_low = 0;  ///< lower bound of the best speedup that it knows of
};

/// Which of the lanes that are left evaluates this one. By its place in the run, so that what a
/// lane is given does not depend on how fast the others are.
[[nodiscard]] std::size_t lane_for(std::span<const LaneState>, std::uint32_t ordinal);

/// Lower bound of its speedup; 0 where it has none.
[[nodiscard]] double speedup_low_of(const Evaluation&);

/// The rest of one batch: prepared ahead, evaluated by all lanes side by side, handed over in its
/// order. A lane knows what was known when the batch began and what it has found itself since, so
/// outcomes do not depend on which lane is ahead. A single lane works while next() waits for it.
class OngoingBatch {
 public:
  OngoingBatch(const Problem&, Evaluator&, Reporter&, std::vector<LaneState>&,
               std::vector<Proposal>, std::uint32_t first_ordinal, int jobs, bool aside);
  ~OngoingBatch();  ///< what is being evaluated is waited for, no more is begun
  OngoingBatch(const OngoingBatch&) = delete;
  OngoingBatch& operator=(const OngoingBatch&) = delete;

  /// The next one, scored. What failed through no fault of the candidate's is tried on another
  /// lane; one that keeps failing so is lost, with a warning. Throws DeviceLost with the last one.
  [[nodiscard]] Evaluation next();

 private:
  /// The thread of one lane, while there are several.
  struct Runner {
    std::mutex evaluating;
    std::atomic<bool> closing{false};
    std::jthread thread;
  };

  void work(std::size_t lane);
  Evaluation next_alone(std::size_t position, std::size_t lane);
  Evaluation next_of_several(std::size_t position);
  Evaluation evaluate(const Candidate&, std::size_t position, std::size_t lane);
  [[nodiscard]] std::uint32_t ordinal_of(std::size_t position) const {
    return first_ordinal_ + static_cast<std::uint32_t>(position);
  }
  void say_what_is_measured(std::size_t position);
  bool is_sound(const Evaluation&, std::size_t lane);
  void lose(std::size_t lane, const std::string& why);

  const Problem& problem_;
  Evaluator& evaluator_;
  Reporter& reporter_;
  std::vector<LaneState>& lanes_;
  std::vector<Proposal> proposals_;
  std::uint32_t first_ordinal_;
  std::size_t next_ = 0;
  std::vector<std::size_t> lane_of_;  ///< by position
  Preparation preparation_;
  std::vector<std::promise<Evaluation>> promises_;
  std::vector<std::future<Evaluation>> coming_;
  std::deque<Runner> runners_;  ///< by lane; none where a single one is left
};

}  // namespace evotune
