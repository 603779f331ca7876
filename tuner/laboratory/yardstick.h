#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "recording/recording.h"

namespace evotune {

/// What the best times of a search are compared with: the optimum, and random search.
class Yardstick {
 public:
  /// Throws UserError if nothing in the recording has a time.
  explicit Yardstick(const SpaceRecording&);

  [[nodiscard]] std::size_t configurations() const { return configurations_; }
  [[nodiscard]] double optimum() const { return times_.front(); }
  [[nodiscard]] double worst() const { return times_.back(); }
  /// Evaluations that random search needs to come within 5 % of (median − optimum), by the formula
  /// of the autotuning methodology paper (Willemsen et al. 2024): the budget of the score.
  [[nodiscard]] std::size_t budget() const { return budget_; }
  /// The exact expectation of the best of k random configurations without replacement, for k = 1 to
  /// `count`; the worst time while none was right.
  [[nodiscard]] std::vector<double> random_search(std::size_t count) const;

 private:
  std::size_t configurations_ = 0;
  std::vector<double> times_;  ///< of the right ones, ascending
  std::size_t budget_ = 0;
};

}  // namespace evotune
