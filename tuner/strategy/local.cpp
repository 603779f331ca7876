// Iterated local search (Lourenço, Martin and Stützle 2003).
//   1. A design first, and as long as nothing right was told.
//   2. Climb: ask unseen neighbours of the current configuration, in random order; go to any that
//   is
//      better.
//   3. All neighbours seen: kick the best configuration (two or three genes move, repaired) and
//   climb
//      from there, be it better or worse.
// Asked for several at once: more neighbours, and kicks where there are no more.
#include "strategy/breeding.h"
#include "strategy/stepwise.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

constexpr int kick_tries = 16;

class Local final : public Stepwise {
 public:
  using Stepwise::Stepwise;

 private:
  std::optional<Proposal> propose(Rng& rng) override {
    if (auto step = neighbour_of(current_.config, "mutation", rng)) return step;
    return kick(rng);
  }

  void learn(const Individual& one) override {
    if (one.proposal.origin == "kick" || one.score > current_.score)
      current_ = {one.config(), one.score};
  }

  std::optional<Proposal> kick(Rng& rng) const {
    const Config& from = told()[0].config;
    for (int i = 0; i < kick_tries; ++i) {
      Config config = from;
      for (std::uint64_t moves = 2 + rng.below(2); moves > 0; --moves)
        move_gene(space(), config, rng.below(config.choice.size()), rng);
      config = space().repair(std::move(config), rng);
      if (!memory().contains(config)) return Proposal{std::move(config), "kick", {from}, 0};
    }
    return newcomer("kick", rng);
  }

  Member current_{{}, {false, -1e300}};
};

}  // namespace

std::unique_ptr<Strategy> make_local(const SearchSettings& settings, const Space& space,
                                     std::uint64_t seed, const Precedents& precedents) {
  return std::make_unique<Local>(settings, space, seed, precedents);
}

}  // namespace evotune
