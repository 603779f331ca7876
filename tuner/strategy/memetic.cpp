// A genetic algorithm whose best individuals climb (Moscato 1989), never asking twice.
//   1. A design first, and as long as nothing right was told.
//   2. Whenever there is a new best: a climb. A few of its unseen neighbours, in random order.
//   3. Else a child: two parents out of the best of all, mostly the very best; every gene from
//      either; on average one gene moves; repaired.
//   4. Seen before: again from 3, a few times; then an unseen neighbour of the first parent; then
//   an
//      immigrant.
#include <algorithm>

#include "strategy/breeding.h"
#include "strategy/stepwise.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

constexpr std::size_t parents = 16;
constexpr int climb_steps = 16;
constexpr int breeding_tries = 8;

class Memetic final : public Stepwise {
 public:
  using Stepwise::Stepwise;

 private:
  std::optional<Proposal> propose(Rng& rng) override {
    if (climb_left_ > 0) {
      --climb_left_;
      if (auto step = neighbour_of(told()[0].config, "climb", rng)) return step;
      climb_left_ = 0;
    }
    return child(rng);
  }

  void learn(const Individual& one) override {
    if (told()[0].config == one.config()) climb_left_ = climb_steps;
  }

  /// Of three drawn the best.
  [[nodiscard]] const Config& parent(Rng& rng) const {
    const std::uint64_t count = std::min(parents, told().size());
    std::uint64_t rank = rng.below(count);
    for (int i = 0; i < 2; ++i) rank = std::min(rank, rng.below(count));
    return told()[rank].config;
  }

  std::optional<Proposal> child(Rng& rng) const {
    const Config& first = parent(rng);
    for (int i = 0; i < breeding_tries; ++i) {
      const Config& second = parent(rng);
      Proposal child{first, "mutation", {first}, 0};
      if (cross(child.config, second, rng)) {
        child.origin = "crossover";
        child.parents.push_back(second);
      }
      mutate(space(), child.config, child.config == first || child.config == second, rng);
      child.config = space().repair(std::move(child.config), rng);
      if (!memory().contains(child.config)) return child;
    }
    if (auto step = neighbour_of(first, "mutation", rng)) return step;
    return newcomer("immigrant", rng);
  }

  int climb_left_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_memetic(const SearchSettings& settings, const Space& space,
                                       std::uint64_t seed, const Precedents& precedents) {
  return std::make_unique<Memetic>(settings, space, seed, precedents);
}

}  // namespace evotune
