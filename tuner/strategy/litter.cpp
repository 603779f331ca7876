#include "strategy/litter.h"

#include <algorithm>
#include <utility>

namespace evotune {
namespace {

std::vector<Config> configs_of(const std::vector<Proposal>& proposals) {
  std::vector<Config> configs;
  for (const Proposal& one : proposals) configs.push_back(one.config);
  return configs;
}

std::vector<float> expectations(const std::vector<Proposal>& proposals,
                                const std::optional<Forecast>& forecast) {
  std::vector<float> expected;
  if (forecast)
    for (const Proposal& one : proposals)
      expected.push_back(static_cast<float>(forecast->of(one.config)));
  return expected;
}

}  // namespace

Litter::Litter(const ProductKernel& kernel, std::vector<Proposal> proposals,
               const std::optional<Forecast>& forecast)
    : proposals_(std::move(proposals)),
      open_(proposals_.size(), 1),
      candidates_(kernel, configs_of(proposals_), expectations(proposals_, forecast)) {}

std::optional<Choice> Litter::most_promising(const Surrogate& surrogate, double best,
                                             double floor) const {
  return evotune::most_promising(candidates_.beliefs(surrogate), open_, best, floor);
}

std::vector<Proposal> Litter::most_promising_of(const Surrogate& surrogate, double best,
                                                std::size_t count) const {
  const Beliefs beliefs = candidates_.beliefs(surrogate);
  std::vector<std::pair<double, std::size_t>> merits;
  for (std::size_t i = 0; i < size(); ++i)
    if (open_[i] != 0)
      merits.emplace_back(-log_expected_improvement(static_cast<double>(beliefs.mean[i]),
                                                    deviation(beliefs, i), best),
                          i);
  count = std::min(count, merits.size());
  std::partial_sort(merits.begin(), merits.begin() + static_cast<std::ptrdiff_t>(count),
                    merits.end());
  std::vector<Proposal> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(proposals_[merits[i].second]);
  return chosen;
}

}  // namespace evotune
