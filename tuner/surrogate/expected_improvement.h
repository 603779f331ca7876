#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace evotune {

/// ln E[max(0, best − x)] for x normal with this mean and deviation. The logarithm, because late in
/// a search the expectations themselves underflow.
[[nodiscard]] double log_expected_improvement(double mean, double deviation, double best);

/// What a surrogate thinks of some candidates.
struct Beliefs {
  std::span<const float> mean;
  std::span<const float> explained;  ///< the part of the variance that the points took away
  double variance = 1;               ///< where nothing was measured
};
[[nodiscard]] double deviation(const Beliefs&, std::size_t candidate);

struct Choice {
  std::size_t candidate = 0;
  double merit = 0;  ///< its log_expected_improvement
};

/// The candidate with the highest expected improvement among those that are `open`; the first of
/// equals. None if none is open or none exceeds `floor`.
[[nodiscard]] std::optional<Choice> most_promising(const Beliefs&, std::span<const char> open,
                                                   double best, double floor);

}  // namespace evotune
