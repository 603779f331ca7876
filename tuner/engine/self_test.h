#pragma once

#include <cstddef>
#include <functional>

#include "engine/evaluator.h"
#include "engine/reporter.h"

namespace evotune {

/// What times are worth here: how much the baseline differs from itself.
struct SelfTest {
  std::size_t comparisons = 0;  ///< of the baseline with itself; 0: times are exact
  double widest = 0;            ///< largest |ln(one / other)| of these
  double spread = 0;  ///< their standard deviation, by the median: one burst does not count
  double margin = 0;  ///< by which a lower bound must exceed 1 to count
  Seconds baseline = 0, nothing = 0;  ///< of a launch; nothing: of a kernel that does nothing
  bool hopeless = false;  ///< so noisy that what is within the margin may be an improvement

  /// What even a kernel that does nothing would not exceed; 0: not known.
  [[nodiscard]] double most_attainable() const { return nothing > 0 ? baseline / nothing : 0; }
};

/// Takes about a second, longer where the baseline does or the first tries are hopeless. The margin
/// is three times the spread, and at least this. Throws DeviceLost where the baseline cannot be
/// timed. Ends early, without a finding, once it is `stopped`.
[[nodiscard]] SelfTest test_timing(
    Evaluator&, Reporter&, double least_margin,
    const std::function<bool()>& stopped = [] { return false; });

}  // namespace evotune
