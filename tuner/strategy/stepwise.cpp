#include "strategy/stepwise.h"

#include <utility>

#include "strategy/breeding.h"

namespace evotune {

Stepwise::Stepwise(const SearchSettings& settings, const Space& space, std::uint64_t seed,
                   const Precedents& precedents)
    : space_(space),
      design_(space, precedents),
      seed_(seed),
      population_(static_cast<std::uint64_t>(settings.population)),
      designs_(static_cast<std::uint64_t>(settings.design)) {}

std::vector<Proposal> Stepwise::ask(std::size_t count) {
  std::vector<Proposal> batch;
  while (batch.size() < count) {
    Rng rng(seed_, 0, asked_);
    auto proposal = next(rng);
    if (!proposal) break;
    proposal->generation = static_cast<std::uint32_t>(asked_++ / population_);
    memory_.insert(proposal->config);
    known_.push_back(proposal->config);
    batch.push_back(std::move(*proposal));
  }
  return batch;
}

void Stepwise::tell(std::span<const Individual> individuals) {
  for (const Individual& one : individuals) {
    if (memory_.insert(one.config())) known_.push_back(one.config());
    told_.insert({&one, 1});
    learn(one);
  }
}

std::optional<Proposal> Stepwise::next(Rng& rng) {
  if (asked_ >= designs_ && told_.right()) return propose(rng);
  return design_.next(asked_, known_, memory_, rng);
}

std::optional<Proposal> Stepwise::neighbour_of(const Config& config, const char* origin,
                                               Rng& rng) const {
  std::vector<Config> near = unseen_neighbours(space_, memory_, config);
  if (near.empty()) return std::nullopt;
  return Proposal{std::move(near[rng.below(near.size())]), origin, {config}, 0};
}

std::optional<Proposal> Stepwise::newcomer(const char* origin, Rng& rng) const {
  auto config = memory_.unseen(space_, rng);
  if (!config) return std::nullopt;
  return Proposal{std::move(*config), origin, {}, 0};
}

}  // namespace evotune
