// Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) without a schedule to set.
//   1. A design first, and as long as nothing right was told; then begin at the best of it.
//   2. Ask an unseen neighbour of the current configuration. Go there if it is better, else with
//      probability exp(−loss / temperature), the loss being how much worse its place among all that
//      was told is: no unit, no scale.
//   3. The temperature falls with the questions, as the inverse of their number.
//   4. All neighbours seen, or long no new best: back to the best, or a random configuration where
//      its neighbours are all seen too.
#include <cmath>

#include "strategy/stepwise.h"
#include "strategy/strategies.h"

namespace evotune {
namespace {

constexpr double first_temperature = 0.3;
constexpr double half_life = 20;  // answers until the temperature is half the first
constexpr int patience = 40;
constexpr std::uint64_t accepting = 1;  // a stream of random numbers

class Anneal final : public Stepwise {
 public:
  using Stepwise::Stepwise;

 private:
  std::optional<Proposal> propose(Rng& rng) override {
    if (since_best_ >= patience) {
      current_ = told()[0];
      since_best_ = 0;
    }
    if (auto step = neighbour_of(current_.config, "mutation", rng)) return step;
    current_ = told()[0];
    if (auto step = neighbour_of(current_.config, "mutation", rng)) return step;
    return newcomer("immigrant", rng);
  }

  void learn(const Individual& one) override {
    since_best_ = told()[0].config == one.config() ? 0 : since_best_ + 1;
    Rng rng(seed(), accepting, told().size());
    const double temperature =
        first_temperature / (1 + static_cast<double>(told().size()) / half_life);
    const double loss = told().place(one.score) - told().place(current_.score);
    const bool worth = one.score.passed && rng.uniform() < std::exp(-loss / temperature);
    if (worth || one.score > current_.score) current_ = {one.config(), one.score};
  }

  Member current_{{}, {false, -1e300}};
  int since_best_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_anneal(const SearchSettings& settings, const Space& space,
                                      std::uint64_t seed, const Precedents& precedents) {
  return std::make_unique<Anneal>(settings, space, seed, precedents);
}

}  // namespace evotune
