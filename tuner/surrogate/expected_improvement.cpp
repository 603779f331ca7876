#include "surrogate/expected_improvement.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "surrogate/normal.h"

namespace evotune {
namespace {

constexpr double least_unexplained = 1e-9;
const double log_density_at_0 = -0.5 * std::log(2 * std::numbers::pi);

/// ln(φ(z) + z Φ(z))
double log_improvement(double z) {
  if (z > -20) return std::log(normal_density(z) + z * normal_below(z));
  const double r = 1 / (z * z);  // φ(z) / z² · (1 − 3/z² + 15/z⁴ − …): the sum would cancel
  return -z * z / 2 + log_density_at_0 + std::log(r * (1 - 3 * r * (1 - 5 * r)));
}

double unexplained(float explained) {
  return std::max(1 - static_cast<double>(explained), least_unexplained);
}

}  // namespace

double log_expected_improvement(double mean, double deviation, double best) {
  return std::log(deviation) + log_improvement((best - mean) / deviation);
}

double deviation(const Beliefs& beliefs, std::size_t candidate) {
  return std::sqrt(beliefs.variance * unexplained(beliefs.explained[candidate]));
}

std::optional<Choice> most_promising(const Beliefs& beliefs, std::span<const char> open,
                                     double best, double floor) {
  std::optional<Choice> choice;
  double bar = floor;
  // Below the incumbent φ(z) + zΦ(z) < φ(z), so most candidates need no logarithm to be refused.
  const double most_log_deviation = 0.5 * std::log(beliefs.variance);
  for (std::size_t c = 0; c < open.size(); ++c) {
    if (open[c] == 0) continue;
    const double behind = static_cast<double>(beliefs.mean[c]) - best;
    const double variance = beliefs.variance * unexplained(beliefs.explained[c]);
    if (behind > 0 &&
        most_log_deviation + log_density_at_0 - behind * behind / (2 * variance) <= bar)
      continue;
    const double merit =
        log_expected_improvement(static_cast<double>(beliefs.mean[c]), std::sqrt(variance), best);
    if (!(merit > bar)) continue;
    bar = merit;
    choice = Choice{c, merit};
  }
  return choice;
}

}  // namespace evotune
