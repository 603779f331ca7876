#pragma once

#include <span>

#include "outcome/outcome.h"

namespace evotune {

/// How many times as fast as the baseline, with its 95 % bootstrap interval.
struct Speedup {
  double median = 0;
  double low = 0;
  double high = 0;
  bool operator==(const Speedup&) const = default;
};

[[nodiscard]] double median(std::span<const double>);  ///< NaN of nothing

/// exp(median of ln(baseline / candidate)) of one shape's pairs; deterministic (fixed seed, 400
/// resamples). Pairs without two positive times are left out; zeros if that leaves none. One pair
/// has no spread to resample: its low end is 0, so that nothing is preferred because of it.
[[nodiscard]] Speedup speedup_of(std::span<const Pair>);

/// Over all shapes: the geometric mean. Zeros where any shape was not measured.
[[nodiscard]] Speedup speedup_of(const Measurement&);

/// The candidate's median time; over several shapes the geometric mean of their medians. Infinite
/// where any shape was not measured.
[[nodiscard]] Seconds latency_of(const Measurement&);

}  // namespace evotune
