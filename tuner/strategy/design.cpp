#include "strategy/design.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "surrogate/value_distances.h"

namespace evotune {
namespace {

constexpr std::size_t draws = 64;
constexpr std::size_t few = draws / 2;  // fewer plain ones than this are no fair choice
constexpr int tries_a_draw = 8;
constexpr std::uint64_t plain_designs = 5;
constexpr std::uint64_t precedents_tried = 3;
constexpr std::size_t precedents_compared = 16;

}  // namespace

Design::Design(const Space& space, Precedents precedents)
    : space_(space), precedents_(std::move(precedents)) {
  for (const Parameter& parameter : space.parameters()) {
    const std::vector<bool> plain = plain_values(parameter);
    std::vector<std::uint32_t> choices;
    for (std::uint32_t i = 0; i < plain.size(); ++i)
      if (plain[i]) choices.push_back(i);
    any_plain_ = any_plain_ && !choices.empty();
    plain_.push_back(std::move(choices));
  }
}

bool Design::make_plain(Config& config, Rng& rng) const {
  for (std::size_t p = 0; p < plain_.size(); ++p) {
    const std::vector<std::uint32_t>& choices = plain_[p];
    if (!std::binary_search(choices.begin(), choices.end(), config.choice[p]))
      config.choice[p] = choices[rng.below(choices.size())];
  }
  return space_.valid(config);
}

std::vector<Config> Design::draw(bool plain, const Memory& memory, Rng& rng) const {
  std::vector<Config> drawn;
  for (std::size_t i = 0; i < tries_a_draw * draws && drawn.size() < draws; ++i) {
    Config config = space_.sample(rng);
    if (plain && !make_plain(config, rng)) continue;
    if (!memory.contains(config)) drawn.push_back(std::move(config));
  }
  return drawn;
}

double Design::apart(const Config& a, const Config& b) const {
  double sum = 0;
  for (std::size_t p = 0; p < a.choice.size(); ++p) {
    if (a.choice[p] == b.choice[p]) continue;
    const double off = static_cast<double>(a.choice[p]) - static_cast<double>(b.choice[p]);
    sum += 0.5 + std::abs(off) / static_cast<double>(space_.parameters()[p].values.size() - 1);
  }
  return sum;
}

std::optional<Proposal> Design::next(std::uint64_t index, std::span<const Config> known,
                                     const Memory& memory, Rng& rng) const {
  if (auto config = precedent(index, known, memory, rng))
    return Proposal{std::move(*config), "precedent", {}, 0};
  if (auto config = far(known, index < plain_designs, memory, rng))
    return Proposal{std::move(*config), "design", {}, 0};
  return std::nullopt;
}

// The best one; then of the best ones the one that is farthest from what is known.
std::optional<Config> Design::precedent(std::uint64_t index, std::span<const Config> known,
                                        const Memory& memory, Rng& rng) const {
  if (index >= precedents_tried) return std::nullopt;
  std::vector<Config> best;
  for (const Precedent& one : precedents_.outcomes) {
    if (best.size() == (index == 0 ? 1 : precedents_compared) || !one.score.passed) break;
    Config config = made_valid(one, rng);
    if (!memory.contains(config)) best.push_back(std::move(config));
  }
  if (best.empty()) return std::nullopt;
  return std::move(best[farthest(best, known)]);
}

// Parameters that the precedent was made without are drawn.
Config Design::made_valid(const Precedent& precedent, Rng& rng) const {
  Config config = precedent.config;
  const Config drawn = space_.sample(rng);
  for (std::size_t p = 0; p < config.choice.size(); ++p)
    if (!precedents_.known[p]) config.choice[p] = drawn.choice[p];
  return space_.repair(std::move(config), rng);
}

std::optional<Config> Design::far(std::span<const Config> known, bool plain, const Memory& memory,
                                  Rng& rng) const {
  std::vector<Config> drawn;
  if (plain && any_plain_) drawn = draw(true, memory, rng);
  if (drawn.size() < few) drawn = draw(false, memory, rng);
  if (drawn.empty()) return memory.unseen(space_, rng);
  return std::move(drawn[farthest(drawn, known)]);
}

std::size_t Design::farthest(std::span<const Config> drawn, std::span<const Config> known) const {
  std::size_t best = 0;
  double farthest = -1;
  for (std::size_t i = 0; i < drawn.size() && !known.empty(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Config& other : known) nearest = std::min(nearest, apart(drawn[i], other));
    if (nearest <= farthest) continue;
    farthest = nearest;
    best = i;
  }
  return best;
}

}  // namespace evotune
