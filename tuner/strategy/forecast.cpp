#include "strategy/forecast.h"

#include "strategy/targets.h"

namespace evotune {
namespace {

constexpr std::uint64_t fitting_stream = 11;
constexpr int fits = 4;  // each goes a few steps on from the one before

/// The same with one value where they knew none: a surrogate does not look at these.
std::vector<Parameter> known_of(const Space& space, const Precedents& precedents) {
  std::vector<Parameter> parameters = space.parameters();
  for (std::size_t p = 0; p < parameters.size(); ++p)
    if (!precedents.known[p]) parameters[p].values.resize(1);
  return parameters;
}

}  // namespace

Forecast::Forecast(const Space& space, const Precedents& precedents, std::uint64_t seed)
    : surrogate_(known_of(space, precedents)) {
  std::vector<Config> points;
  std::vector<std::optional<Score>> scores;
  for (const Precedent& one : precedents.outcomes) {
    points.push_back(one.config);
    scores.emplace_back(one.score);
  }
  const std::vector<double> targets = targets_of(scores);
  Rng rng(seed, fitting_stream);
  std::vector<Config> fitted_points;
  std::vector<double> fitted_values;
  for (const std::size_t i : fitting_sample(scores, rng)) {
    fitted_points.push_back(points[i]);
    fitted_values.push_back(targets[i]);
  }
  for (int i = 0; i < fits; ++i) surrogate_.fit(fitted_points, fitted_values);
  for (const Config& one : points) surrogate_.add(one);
  surrogate_.learn(targets);
}

}  // namespace evotune
