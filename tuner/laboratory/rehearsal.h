#pragma once

#include <cstdint>
#include <vector>

#include "recording/recording.h"
#include "strategy/strategy.h"

namespace evotune {

struct RehearsalOptions {
  std::size_t evaluations = 400;
  std::size_t batch = 1;
  double noise = 0;  ///< deviation of what the strategy is told, as a part of the time
  std::uint64_t seed = 0;
  /// A search without noise ends once it has a time this good: nothing after would change its best.
  double good_enough_ms = 0;
};

/// What a search on a recording came upon.
struct Trace {
  std::vector<std::size_t> rows;  ///< of the recording, in the order of asking
  /// After each: the true time of what looked best then; infinite while nothing was right.
  std::vector<double> best_ms;
  double seconds_asking = 0;
};

/// Asks, looks up and tells, until the budget is spent or the strategy has no more questions.
[[nodiscard]] Trace rehearse(const SpaceRecording&, Strategy&, const RehearsalOptions&);

}  // namespace evotune
