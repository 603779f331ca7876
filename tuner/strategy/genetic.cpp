// A genetic algorithm over choice indices: tournaments, uniform crossover (Syswerda 1989),
// mutation gene by gene, elitism. A generation is `population` questions, however many are asked
// at once. For question i of generation g, with random numbers keyed by (seed, g, i):
//   1. In generation 0, and as long as nothing right was told: a random configuration.
//   2. Two parents out of the best `population` of all that was told. Each, with even chance, is
//      any of the elite or the best of five.
//   3. Mostly crossover: every gene from either parent. Else a copy of the first.
//   4. Mutation: on average one gene moves to a neighbouring or to any other value.
//   5. Repair, since the child may break a constraint.
//   6. Seen before: again from 2, a few times; then any unseen neighbour of the first parent; then
//      an immigrant, that is a random unseen configuration, until the space is exhausted.
#include <algorithm>
#include <cmath>

#include "strategy/breeding.h"
#include "strategy/memory.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

constexpr double elite_chance = 0.5;
constexpr int tournament_size = 5;
constexpr double crossover_chance = 0.8;
constexpr int breeding_tries = 8;

struct Member {
  Config config;
  Score score;
};
using Parents = std::vector<const Member*>;

class Genetic final : public Strategy {
 public:
  Genetic(const SearchSettings& settings, const Space& space, std::uint64_t seed)
      : space_(space),
        seed_(seed),
        population_(static_cast<std::uint64_t>(std::max(1, settings.population))),
        // Rounds up; the little that is taken off keeps 0.1 of 30 at 3.
        elite_(static_cast<std::size_t>(
            std::ceil(std::max(0.0, settings.elite * static_cast<double>(population_) - 1e-9)))) {}

  std::vector<Proposal> ask(std::size_t count) override;
  void tell(std::span<const Individual>) override;
  [[nodiscard]] std::size_t natural_batch() const override { return population_; }

 private:
  [[nodiscard]] Parents parents_of(std::uint32_t generation) const;
  [[nodiscard]] std::optional<Proposal> propose(const Parents&, std::uint32_t generation, Rng&);
  [[nodiscard]] Proposal breed(const Parents&, Rng&) const;
  [[nodiscard]] const Config& choose(const Parents&, Rng&) const;

  const Space& space_;
  std::uint64_t seed_;
  std::uint64_t population_;
  std::size_t elite_;
  std::uint64_t asked_ = 0;
  std::vector<Member> told_;
  Memory memory_;
};

std::vector<Proposal> Genetic::ask(std::size_t count) {
  std::vector<Proposal> batch;
  Parents parents;
  while (batch.size() < count) {
    const auto generation = static_cast<std::uint32_t>(asked_ / population_);
    const std::uint64_t index = asked_ % population_;
    if (batch.empty() || index == 0) parents = parents_of(generation);
    Rng rng(seed_, generation, index);
    auto proposal = propose(parents, generation, rng);
    if (!proposal) break;
    ++asked_;
    batch.push_back(std::move(*proposal));
  }
  return batch;
}

void Genetic::tell(std::span<const Individual> individuals) {
  for (const Individual& one : individuals) {
    memory_.insert(one.config());
    told_.push_back({one.config(), one.score});
  }
}

/// Best first. Empty: nothing to breed from (step 1).
Parents Genetic::parents_of(std::uint32_t generation) const {
  Parents ranked;
  if (generation == 0) return ranked;
  for (const Member& one : told_) ranked.push_back(&one);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Member* a, const Member* b) { return a->score > b->score; });
  if (ranked.empty() || !ranked.front()->score.passed) return {};
  if (ranked.size() > population_) ranked.resize(population_);
  return ranked;
}

std::optional<Proposal> Genetic::propose(const Parents& parents, std::uint32_t generation,
                                         Rng& rng) {
  Proposal proposal;
  for (int i = 0; !parents.empty() && i < breeding_tries; ++i) {
    proposal = breed(parents, rng);
    proposal.generation = generation;
    if (memory_.insert(proposal.config)) return proposal;
  }
  if (!parents.empty()) {
    const Config parent = proposal.parents.front();
    std::vector<Config> unseen = unseen_neighbours(space_, memory_, parent);
    if (!unseen.empty()) {
      Config& config = unseen[rng.below(unseen.size())];
      memory_.insert(config);
      return Proposal{std::move(config), "mutation", {parent}, generation};
    }
  }
  auto config = memory_.draw(space_, rng);
  if (!config) return std::nullopt;
  return Proposal{std::move(*config), parents.empty() ? "random" : "immigrant", {}, generation};
}

const Config& Genetic::choose(const Parents& parents, Rng& rng) const {
  const std::uint64_t elite = std::min<std::uint64_t>(elite_, parents.size());
  if (elite > 0 && rng.uniform() < elite_chance) return parents[rng.below(elite)]->config;
  std::uint64_t best = rng.below(parents.size());  // the lower the better
  for (int i = 1; i < tournament_size; ++i) best = std::min(best, rng.below(parents.size()));
  return parents[best]->config;
}

Proposal Genetic::breed(const Parents& parents, Rng& rng) const {
  const Config& first = choose(parents, rng);
  const Config& second = choose(parents, rng);
  Proposal child{first, "mutation", {first}, 0};
  if (rng.uniform() < crossover_chance && cross(child.config, second, rng)) {
    child.origin = "crossover";
    child.parents.push_back(second);
  }
  mutate(space_, child.config, child.config == first || child.config == second, rng);
  child.config = space_.repair(std::move(child.config), rng);
  return child;
}

}  // namespace

std::unique_ptr<Strategy> make_genetic(const SearchSettings& settings, const Space& space,
                                       std::uint64_t seed, const Precedents&) {
  return std::make_unique<Genetic>(settings, space, seed);
}

}  // namespace evotune
