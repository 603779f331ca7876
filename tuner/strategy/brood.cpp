#include "strategy/brood.h"

#include <algorithm>

#include "strategy/breeding.h"

namespace evotune {
namespace {

constexpr std::size_t neighbouring_leaders = 8;  // whose neighbours are candidates, in turn
constexpr double immigrant_share = 0.2;

class Nursery {
 public:
  Nursery(const Space& space, const Memory& memory, std::size_t size, Rng& rng)
      : space_(space), memory_(memory), size_(size), rng_(rng) {}

  void add_neighbours(const Config& leader) {
    std::vector<Config> all = unseen_neighbours(space_, memory_, leader);
    while (!all.empty() && born_.size() < size_) {
      std::swap(all[rng_.below(all.size())], all.back());
      add({std::move(all.back()), "mutation", {leader}, 0});
      all.pop_back();
    }
  }

  void add_child(std::span<const Config> leaders) {
    const Config& first = leaders[favourite(leaders.size())];
    const Config& second = leaders[favourite(leaders.size())];
    Proposal child{first, "mutation", {first}, 0};
    if (cross(child.config, second, rng_)) {
      child.origin = "crossover";
      child.parents.push_back(second);
    }
    mutate(space_, child.config, child.config == first || child.config == second, rng_);
    child.config = space_.repair(std::move(child.config), rng_);
    add(std::move(child));
  }

  void add_immigrant() { add({space_.sample(rng_), "immigrant", {}, 0}); }

  [[nodiscard]] std::size_t size() const { return born_.size(); }
  std::vector<Proposal> take() && { return std::move(born_); }

 private:
  /// The better of two: leaders that lead breed more.
  [[nodiscard]] std::size_t favourite(std::size_t count) {
    return std::min(rng_.below(count), rng_.below(count));
  }

  void add(Proposal one) {
    if (memory_.contains(one.config) || !here_.insert(one.config)) return;
    born_.push_back(std::move(one));
  }

  const Space& space_;
  const Memory& memory_;
  std::size_t size_;
  Rng& rng_;
  Memory here_;
  std::vector<Proposal> born_;
};

std::size_t distance(const Config& a, const Config& b) {
  std::size_t count = 0;
  for (std::size_t p = 0; p < a.choice.size(); ++p) count += a.choice[p] != b.choice[p] ? 1U : 0U;
  return count;
}

/// Genes that the child has from this one and not from its nearest.
std::size_t explained(const Config& child, const Config& nearest, const Config& other) {
  std::size_t count = 0;
  for (std::size_t p = 0; p < child.choice.size(); ++p)
    if (child.choice[p] != nearest.choice[p] && child.choice[p] == other.choice[p]) ++count;
  return count;
}

}  // namespace

std::vector<Proposal> breed_brood(const Space& space, std::span<const Config> leaders,
                                  std::size_t turn, std::size_t size, const Memory& memory,
                                  Rng& rng) {
  Nursery nursery(space, memory, size, rng);
  const auto immigrants = static_cast<std::size_t>(immigrant_share * static_cast<double>(size));
  for (std::size_t i = 0; i < immigrants; ++i) nursery.add_immigrant();
  if (!leaders.empty()) {
    nursery.add_neighbours(leaders.front());
    nursery.add_neighbours(leaders[turn % std::min(leaders.size(), neighbouring_leaders)]);
    for (std::size_t i = 0; i < 2 * size && nursery.size() < size; ++i) nursery.add_child(leaders);
  }
  return std::move(nursery).take();
}

std::vector<Config> nearest_leaders(std::span<const Config> leaders, const Config& child) {
  if (leaders.empty()) return {};
  const Config* nearest = &leaders.front();
  for (const Config& one : leaders)
    if (distance(child, one) < distance(child, *nearest)) nearest = &one;
  const Config* second = nearest;
  for (const Config& one : leaders)
    if (explained(child, *nearest, one) > explained(child, *nearest, *second)) second = &one;
  if (second == nearest) return {*nearest};
  return {*nearest, *second};
}

}  // namespace evotune
