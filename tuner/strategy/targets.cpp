#include "strategy/targets.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/normal.h"

namespace evotune {
namespace {

constexpr double failure_quantile = 0.9;
constexpr std::size_t fitted_points = 150;  // half of them the best

double quantile(std::span<const double> ascending, double q) {
  const double place = q * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] +
         (place - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

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
  std::vector<std::size_t> right, known;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i]) known.push_back(i);
    if (scores[i] && scores[i]->passed) right.push_back(i);
  }
  const auto fitness = [&scores](std::size_t i) { return scores[i]->fitness; };
  std::stable_sort(right.begin(), right.end(),
                   [&](std::size_t a, std::size_t b) { return fitness(a) > fitness(b); });
  std::vector<double> ascending(right.size());
  for (std::size_t begin = 0, end = 0; begin < right.size(); begin = end) {
    while (end < right.size() && fitness(right[end]) == fitness(right[begin])) ++end;
    const double rank = static_cast<double>(begin + end) / 2;  // the middle of equals, plus ½
    const double score = normal_quantile(rank / static_cast<double>(right.size()));
    for (std::size_t r = begin; r < end; ++r) targets[right[r]] = ascending[r] = score;
  }
  const double failed = right.empty() ? 0 : quantile(ascending, failure_quantile);
  for (const std::size_t i : known)
    if (!scores[i]->passed) targets[i] = failed;
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
