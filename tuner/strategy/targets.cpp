#include "strategy/targets.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/normal.h"

namespace evotune {
namespace {

constexpr std::size_t fitted_points = 150;  // half of them the best

/// All that failed is equally bad.
bool better(const Score& a, const Score& b) { return a.passed && a > b; }

void standardise(std::span<double> values, std::span<const std::size_t> known) {
  double mean = 0;
  for (const std::size_t i : known) mean += values[i] / static_cast<double>(known.size());
  double variance = 0;
  for (const std::size_t i : known)
    variance += (values[i] - mean) * (values[i] - mean) / static_cast<double>(known.size());
  for (const std::size_t i : known) values[i] = (values[i] - mean) / (std::sqrt(variance) + 1e-9);
}

}  // namespace

std::vector<double> targets_of(std::span<const std::optional<Score>> scores) {
  std::vector<double> targets(scores.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i]) known.push_back(i);
  std::stable_sort(known.begin(), known.end(),
                   [&](std::size_t a, std::size_t b) { return better(*scores[a], *scores[b]); });
  for (std::size_t begin = 0, end = 0; begin < known.size(); begin = end) {
    while (end < known.size() && !better(*scores[known[begin]], *scores[known[end]])) ++end;
    const double rank = static_cast<double>(begin + end) / 2;  // the middle of equals, plus ½
    for (std::size_t r = begin; r < end; ++r)
      targets[known[r]] = normal_quantile(rank / static_cast<double>(known.size()));
  }
  standardise(targets, known);
  return targets;
}

std::vector<std::size_t> fitting_sample(std::span<const std::optional<Score>> scores, Rng& rng) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i]) chosen.push_back(i);
  if (chosen.size() <= fitted_points) return chosen;
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](std::size_t a, std::size_t b) { return *scores[a] > *scores[b]; });
  for (std::size_t i = fitted_points / 2; i < fitted_points; ++i)
    std::swap(chosen[i], chosen[i + rng.below(chosen.size() - i)]);
  chosen.resize(fitted_points);
  return chosen;
}

}  // namespace evotune
