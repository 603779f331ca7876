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

class Evolve final : public Strategy {
 public:
  Evolve(const SearchSettings& settings, const Space& space, std::uint64_t seed)
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
  bool cross(Config& child, const Config& other, Rng&) const;
  void mutate(Config&, bool at_least_one, Rng&) const;
  void move(Config&, std::size_t gene, Rng&) const;
  [[nodiscard]] std::optional<Config> unseen_neighbour(const Config&, Rng&) const;

  const Space& space_;
  std::uint64_t seed_;
  std::uint64_t population_;
  std::size_t elite_;
  std::uint64_t asked_ = 0;
  std::vector<Member> told_;
  Memory memory_;
};

std::vector<Proposal> Evolve::ask(std::size_t count) {
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

void Evolve::tell(std::span<const Individual> individuals) {
  for (const Individual& one : individuals) {
    memory_.insert(one.config());
    told_.push_back({one.config(), one.score});
  }
}

/// Best first. Empty: nothing to breed from (step 1).
Parents Evolve::parents_of(std::uint32_t generation) const {
  Parents ranked;
  if (generation == 0) return ranked;
  for (const Member& one : told_) ranked.push_back(&one);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Member* a, const Member* b) { return a->score > b->score; });
  if (ranked.empty() || !ranked.front()->score.passed) return {};
  if (ranked.size() > population_) ranked.resize(population_);
  return ranked;
}

std::optional<Proposal> Evolve::propose(const Parents& parents, std::uint32_t generation,
                                        Rng& rng) {
  Proposal proposal;
  for (int i = 0; !parents.empty() && i < breeding_tries; ++i) {
    proposal = breed(parents, rng);
    proposal.generation = generation;
    if (memory_.insert(proposal.config)) return proposal;
  }
  if (!parents.empty()) {
    const Config parent = proposal.parents.front();
    if (auto config = unseen_neighbour(parent, rng)) {
      memory_.insert(*config);
      return Proposal{std::move(*config), "mutation", {parent}, generation};
    }
  }
  auto config = memory_.draw(space_, rng);
  if (!config) return std::nullopt;
  return Proposal{std::move(*config), parents.empty() ? "random" : "immigrant", {}, generation};
}

const Config& Evolve::choose(const Parents& parents, Rng& rng) const {
  const std::uint64_t elite = std::min<std::uint64_t>(elite_, parents.size());
  if (elite > 0 && rng.uniform() < elite_chance) return parents[rng.below(elite)]->config;
  std::uint64_t best = rng.below(parents.size());  // the lower the better
  for (int i = 1; i < tournament_size; ++i) best = std::min(best, rng.below(parents.size()));
  return parents[best]->config;
}

Proposal Evolve::breed(const Parents& parents, Rng& rng) const {
  const Config& first = choose(parents, rng);
  const Config& second = choose(parents, rng);
  Proposal child{first, "mutation", {first}, 0};
  if (rng.uniform() < crossover_chance && cross(child.config, second, rng)) {
    child.origin = "crossover";
    child.parents.push_back(second);
  }
  mutate(child.config, child.config == first || child.config == second, rng);
  child.config = space_.repair(std::move(child.config), rng);
  return child;
}

/// False if the other gave nothing that the child had not.
bool Evolve::cross(Config& child, const Config& other, Rng& rng) const {
  const Config before = child;
  for (std::size_t gene = 0; gene < child.choice.size(); ++gene)
    if (rng.below(2) == 1) child.choice[gene] = other.choice[gene];
  return child != before;
}

void Evolve::mutate(Config& config, bool at_least_one, Rng& rng) const {
  const std::size_t genes = config.choice.size();
  bool moved = false;
  for (std::size_t gene = 0; gene < genes; ++gene) {
    if (rng.below(genes) != 0) continue;
    move(config, gene, rng);
    moved = true;
  }
  if (at_least_one && !moved && genes > 0) move(config, rng.below(genes), rng);
}

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

/// To a neighbouring value or, as often, to any other. Names have no neighbours.
void Evolve::move(Config& config, std::size_t gene, Rng& rng) const {
  const std::vector<Value>& values = space_.parameters()[gene].values;
  std::uint32_t& choice = config.choice[gene];
  const auto last = static_cast<std::uint32_t>(values.size() - 1);
  if (last == 0) return;
  if (is_number(values[choice]) && rng.below(2) == 0) {
    const bool up = choice == 0 || (choice < last && rng.below(2) == 1);
    choice = up ? choice + 1 : choice - 1;
    return;
  }
  const auto other = static_cast<std::uint32_t>(rng.below(last));
  choice = other < choice ? other : other + 1;
}

std::optional<Config> Evolve::unseen_neighbour(const Config& config, Rng& rng) const {
  std::vector<Config> unseen = space_.neighbours(config);
  unseen.erase(std::remove_if(unseen.begin(), unseen.end(),
                              [this](const Config& one) { return memory_.contains(one); }),
               unseen.end());
  if (unseen.empty()) return std::nullopt;
  return unseen[rng.below(unseen.size())];
}

}  // namespace

std::unique_ptr<Strategy> make_evolve(const SearchSettings& settings, const Space& space,
                                      std::uint64_t seed) {
  return std::make_unique<Evolve>(settings, space, seed);
}

}  // namespace evotune
