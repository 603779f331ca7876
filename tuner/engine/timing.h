#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "base/clock.h"
#include "device/device.h"
#include "outcome/outcome.h"
#include "space/space_file.h"

namespace evotune {

/// Says when enough pairs were taken. Knows nothing of how they are taken.
class StoppingRule {
 public:
  enum class Verdict : std::uint8_t {
    more,
    precise,   ///< the interval is narrow enough
    hopeless,  ///< cannot be better than the best, or is three times as slow
    enough,    ///< as many pairs, or as much time, as is allowed
  };

  /// `best_speedup_low`: the lower bound of the best so far at this shape; 0 if there is none.
  StoppingRule(const MeasureSettings&, double best_speedup_low);

  /// After these pairs, `elapsed` seconds after the first of them began.
  [[nodiscard]] Verdict after(std::span<const Pair>, Seconds elapsed) const;
  /// Whether this many pairs, the dropped ones included, should have been enough.
  [[nodiscard]] bool has_tried_long(std::size_t taken, Seconds elapsed) const;

 private:
  [[nodiscard]] bool far_slower(std::span<const Pair>) const;

  std::size_t min_pairs_, max_pairs_;
  Seconds max_seconds_;
  double half_width_, drop_margin_;
  double best_speedup_low_;
};

struct TimingRequest {
  Loaded& baseline;
  Loaded& candidate;
  std::string shape;
  std::size_t input_sets = 1;   ///< how many the workload has; all are used in turn
  bool repeatable = false;      ///< no inout arguments: one sample may be several launches
  double best_speedup_low = 0;  ///< see StoppingRule
  MeasureSettings settings = {};
  Seconds first_limit = 60;  ///< of the baseline's first launch, when nothing is known yet
};

using Clock = std::function<Seconds()>;

/// Times the candidate beside the baseline: warm-up, then pairs in ABBA order, until the stopping
/// rule is content. Pair i runs input set i % input_sets on both sides, so afterwards each side
/// holds its answer to the last pair's set, for the caller to verify. Both sides always make the
/// same number of launches per sample.
/// Pairs in which the device's clock rate changed are taken again.
/// The candidate's failure is returned as it is; a baseline that fails beside it, a device whose
/// clock cannot be right, or one that is throttled, as Stage::infrastructure.
[[nodiscard]] Result<ShapeTiming> time_pairs(const TimingRequest&,
                                             const Clock& clock = monotonic_seconds);

}  // namespace evotune
