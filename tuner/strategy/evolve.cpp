// Evolution whose offspring a surrogate selects. For every question:
//   1. The first few, and as long as nothing right was told: the best precedents, if there are
//   some;
//      a design, far from all that was tried and at first plain.
//   2. What was told becomes targets; now and then the surrogate's hyper-parameters are fitted.
//      What precedents let expect is its mean, as far as the targets bear it out: a line through
//      both whose slope is learned, so that precedents that mislead are unlearned.
//   3. The offspring: every unseen configuration where these are few, else a brood that is bred
//      from the leaders anew for every question, joined by the most promising of earlier ones.
//   4. The one with the highest expected improvement over the best value is asked; where the
//      surrogate finds noise, over the best smoothed one.
//   5. Asked for several: the surrogate believes what it expects of those that are asked already,
//      so they take spread away around them (the kriging believer of Ginsbourger et al. 2010).
#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <utility>

#include "strategy/breeding.h"
#include "strategy/brood.h"
#include "strategy/design.h"
#include "strategy/litter.h"
#include "strategy/strategies.h"
#include "strategy/targets.h"

namespace evotune {
namespace {

constexpr std::size_t least_growth = 3;  // evaluations between two fits
constexpr double growth = 1.3;
constexpr double last_fit = 500;  // after that many nothing new is learned, and all is costly anew
constexpr double smoothed_from = 0.05;  // of noise: below it a value is taken at its word
constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
constexpr std::size_t leaders_kept = 20;
constexpr std::size_t litters_kept = 12;
constexpr std::size_t climbs = 3;  // to the most promising neighbours of the most promising
constexpr double lowest_merit = -std::numeric_limits<double>::infinity();
enum Stream : std::uint64_t { asking, breeding, fitting };

class Evolve final : public Strategy {
 public:
  Evolve(const SearchSettings& settings, const Space& space, std::uint64_t seed,
         const Precedents& precedents)
      : settings_(settings),
        space_(space),
        seed_(seed),
        every_one_(space.listed() &&
                   space.count() <= static_cast<std::uint64_t>(settings.candidates)),
        design_(space, precedents),
        surrogate_(space.parameters()) {
    if (!precedents.outcomes.empty()) forecast_.emplace(space, precedents, seed);
  }

  std::vector<Proposal> ask(std::size_t count) override;
  void tell(std::span<const Individual>) override;

 private:
  [[nodiscard]] std::optional<Proposal> propose(Rng&);
  void prepare();
  void fit(std::span<const double> targets);
  void find_leaders(std::span<const double> targets);
  void offer_candidates();
  void renew_brood();
  void climb();
  void add_litter(std::vector<Proposal>);
  [[nodiscard]] std::optional<Proposal> choose();
  void remember(const Config&, double believed);

  struct Promising {
    std::size_t litter = 0;
    Choice choice;
  };
  [[nodiscard]] std::optional<Promising> most_promising();

  SearchSettings settings_;
  const Space& space_;
  std::uint64_t seed_;
  bool every_one_;
  Design design_;
  Memory memory_;
  // All that was asked or told, in that order; the surrogate's points are a beginning of it.
  std::vector<Config> known_;
  std::vector<std::optional<Score>> scores_;
  std::optional<Forecast> forecast_;
  std::vector<double> expected_;  ///< by the forecast
  std::vector<double> believed_;  ///< what the surrogate expected of those that have no score
  std::map<Config, std::size_t> index_;
  Surrogate surrogate_;
  std::deque<Litter> litters_;
  std::vector<Config> leaders_;
  double best_ = 0;  ///< to be improved on
  std::uint64_t asked_ = 0;
  std::size_t told_ = 0, right_ = 0, next_fit_ = 0;
  bool prepared_ = false;
};

std::vector<Proposal> Evolve::ask(std::size_t count) {
  std::vector<Proposal> batch;
  while (batch.size() < count) {
    Rng rng(seed_, asking, asked_);
    auto proposal = propose(rng);
    if (!proposal) break;
    proposal->generation =
        static_cast<std::uint32_t>(asked_ / static_cast<std::uint64_t>(settings_.population));
    ++asked_;
    batch.push_back(std::move(*proposal));
  }
  prepared_ = false;
  return batch;
}

std::optional<Proposal> Evolve::propose(Rng& rng) {
  if (right_ > 0 && asked_ >= static_cast<std::uint64_t>(settings_.design)) {
    if (!prepared_) prepare();
    prepared_ = true;
    if (auto chosen = choose()) return chosen;
  }
  std::optional<Proposal> proposal = design_.next(asked_, known_, memory_, rng);  // step 1
  if (proposal) remember(proposal->config, 0);
  return proposal;
}

void Evolve::tell(std::span<const Individual> individuals) {
  for (const Individual& one : individuals) {
    if (index_.count(one.config()) == 0) remember(one.config(), 0);
    std::optional<Score>& score = scores_[index_.at(one.config())];
    if (score) continue;
    score = one.score;
    ++told_;
    right_ += one.score.passed ? 1U : 0U;
  }
}

void Evolve::remember(const Config& config, double believed) {
  index_.emplace(config, known_.size());
  memory_.insert(config);
  known_.push_back(config);
  scores_.emplace_back();
  believed_.push_back(believed);
  if (forecast_) expected_.push_back(forecast_->of(config));
}

// Step 2, then 3.
void Evolve::prepare() {
  std::vector<double> targets = targets_of(scores_);
  if (told_ >= next_fit_) fit(targets);
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (!scores_[i]) targets[i] = believed_[i];
  for (std::size_t i = surrogate_.points(); i < known_.size(); ++i) surrogate_.add(known_[i]);
  surrogate_.learn(targets, expected_);
  const bool noisy = surrogate_.kernel().noise() > smoothed_from;
  find_leaders(noisy ? surrogate_.smoothed() : std::span<const double>(targets));
  offer_candidates();
}

// On all that was told or, where that is much, on the best half of `fitted_points` and as many
// others.
void Evolve::fit(std::span<const double> targets) {
  const double next = growth * static_cast<double>(told_);
  next_fit_ =
      next > last_fit ? never : std::max(told_ + least_growth, static_cast<std::size_t>(next));
  Rng rng(seed_, fitting, told_);
  std::vector<Config> points;
  std::vector<double> values;
  for (const std::size_t i : fitting_sample(scores_, rng)) {
    points.push_back(known_[i]);
    values.push_back(targets[i] - (forecast_ ? surrogate_.trend().at(expected_[i]) : 0));
  }
  surrogate_.fit(points, values);
}

void Evolve::find_leaders(std::span<const double> smoothed) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < known_.size(); ++i)
    if (scores_[i] && scores_[i]->passed) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return smoothed[a] < smoothed[b]; });
  best_ = smoothed[order.front()];
  leaders_.clear();
  for (std::size_t i = 0; i < std::min(order.size(), leaders_kept); ++i)
    leaders_.push_back(known_[order[i]]);
}

void Evolve::offer_candidates() {
  if (!every_one_) return renew_brood();
  if (litters_.empty()) {
    std::vector<Proposal> all;
    for (std::uint64_t i = 0; i < space_.count(); ++i) all.push_back({space_.at(i), "", {}, 0});
    litters_.emplace_back(surrogate_.kernel(), std::move(all), forecast_);
  }
  litters_.front().predict(surrogate_);
}

void Evolve::add_litter(std::vector<Proposal> proposals) {
  if (proposals.empty()) return;
  litters_.emplace_back(surrogate_.kernel(), std::move(proposals), forecast_);
  litters_.back().predict(surrogate_);
}

void Evolve::renew_brood() {
  Rng rng(seed_, breeding, asked_);
  const auto size = static_cast<std::size_t>(settings_.brood);
  for (Litter& litter : litters_) litter.predict(surrogate_);
  std::vector<Proposal> survivors;
  while (litters_.size() >= litters_kept) {
    survivors = litters_.front().most_promising_of(surrogate_, best_, size / 8);
    litters_.pop_front();
  }
  std::vector<Proposal> brood = breed_brood(space_, leaders_, static_cast<std::size_t>(asked_),
                                            size - survivors.size(), memory_, rng);
  brood.insert(brood.end(), std::make_move_iterator(survivors.begin()),
               std::make_move_iterator(survivors.end()));
  add_litter(std::move(brood));
  climb();
}

// The brood is few; what is best next to its best may be better.
void Evolve::climb() {
  double merit = lowest_merit;
  for (std::size_t i = 0; i < climbs; ++i) {
    const auto best = most_promising();
    if (!best || best->choice.merit <= merit) return;
    merit = best->choice.merit;
    const Config from = litters_[best->litter][best->choice.candidate].config;
    std::vector<Proposal> near;
    for (Config& one : unseen_neighbours(space_, memory_, from))
      near.push_back({std::move(one), "", {}, 0});
    add_litter(std::move(near));
  }
}

std::optional<Evolve::Promising> Evolve::most_promising() {
  for (;;) {
    std::optional<Promising> best;
    for (std::size_t i = 0; i < litters_.size(); ++i)
      if (const auto choice = litters_[i].most_promising(surrogate_, best_,
                                                         best ? best->choice.merit : lowest_merit))
        best = Promising{i, *choice};
    if (!best) return std::nullopt;
    Litter& litter = litters_[best->litter];
    if (!memory_.contains(litter[best->choice.candidate].config)) return best;
    litter.close(best->choice.candidate);
  }
}

// Steps 4 and 5.
std::optional<Proposal> Evolve::choose() {
  if (surrogate_.points() < known_.size()) {
    for (std::size_t i = surrogate_.points(); i < known_.size(); ++i) surrogate_.add(known_[i]);
    for (Litter& litter : litters_) litter.extend(surrogate_);
  }
  const std::optional<Promising> best = most_promising();
  if (!best) return std::nullopt;
  Litter& litter = litters_[best->litter];
  const double expected = litter.mean(surrogate_, best->choice.candidate);
  Proposal chosen = litter[best->choice.candidate];
  litter.close(best->choice.candidate);
  best_ = std::min(best_, expected);
  remember(chosen.config, expected);
  if (chosen.origin.empty()) {
    chosen.origin = "model";
    chosen.parents = nearest_leaders(leaders_, chosen.config);
  }
  return chosen;
}

}  // namespace

std::unique_ptr<Strategy> make_evolve(const SearchSettings& settings, const Space& space,
                                      std::uint64_t seed, const Precedents& precedents) {
  return std::make_unique<Evolve>(settings, space, seed, precedents);
}

}  // namespace evotune
