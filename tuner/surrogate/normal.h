#pragma once

namespace evotune {

/// The standard normal distribution: density, probability of less, and the inverse of that
/// (to nine digits, for 0 < p < 1).
[[nodiscard]] double normal_density(double z);
[[nodiscard]] double normal_below(double z);
[[nodiscard]] double normal_quantile(double p);

}  // namespace evotune
