#include "strategy/breeding.h"

#include <algorithm>

namespace evotune {
namespace {

bool has_order(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

}  // namespace

bool cross(Config& child, const Config& other, Rng& rng) {
  const Config before = child;
  for (std::size_t gene = 0; gene < child.choice.size(); ++gene)
    if (rng.below(2) == 1) child.choice[gene] = other.choice[gene];
  return child != before;
}

void move_gene(const Space& space, Config& config, std::size_t gene, Rng& rng) {
  const std::vector<Value>& values = space.parameters()[gene].values;
  std::uint32_t& choice = config.choice[gene];
  const auto last = static_cast<std::uint32_t>(values.size() - 1);
  if (last == 0) return;
  if (has_order(values[choice]) && rng.below(2) == 0) {
    const bool up = choice == 0 || (choice < last && rng.below(2) == 1);
    choice = up ? choice + 1 : choice - 1;
    return;
  }
  const auto other = static_cast<std::uint32_t>(rng.below(last));
  choice = other < choice ? other : other + 1;
}

void mutate(const Space& space, Config& config, bool at_least_one, Rng& rng) {
  const std::size_t genes = config.choice.size();
  bool moved = false;
  for (std::size_t gene = 0; gene < genes; ++gene) {
    if (rng.below(genes) != 0) continue;
    move_gene(space, config, gene, rng);
    moved = true;
  }
  if (at_least_one && !moved && genes > 0) move_gene(space, config, rng.below(genes), rng);
}

std::vector<Config> unseen_neighbours(const Space& space, const Memory& memory,
                                      const Config& config) {
  std::vector<Config> unseen = space.neighbours(config);
  unseen.erase(std::remove_if(unseen.begin(), unseen.end(),
                              [&memory](const Config& one) { return memory.contains(one); }),
               unseen.end());
  return unseen;
}

}  // namespace evotune
