#pragma once

#include <optional>
#include <vector>

#include "strategy/design.h"
#include "strategy/population.h"
#include "strategy/strategy.h"

namespace evotune {

/// What strategies have in common that decide question by question: a design first, and as long as
/// nothing right was told; random numbers keyed by the question; nothing asked twice.
class Stepwise : public Strategy {
 public:
  Stepwise(const SearchSettings&, const Space&, std::uint64_t seed, const Precedents&);

  std::vector<Proposal> ask(std::size_t count) final;
  void tell(std::span<const Individual>) final;

 protected:
  /// The next question, once there is something right.
  virtual std::optional<Proposal> propose(Rng&) = 0;
  /// Once for every answer, in the order of asking, when it is among those that were told.
  virtual void learn(const Individual&) = 0;

  [[nodiscard]] const Space& space() const { return space_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] const Population& told() const { return told_; }
  [[nodiscard]] const Memory& memory() const { return memory_; }
  /// A random unseen neighbour, if there is one.
  [[nodiscard]] std::optional<Proposal> neighbour_of(const Config&, const char* origin, Rng&) const;
  /// A random unseen configuration, if there is one.
  [[nodiscard]] std::optional<Proposal> newcomer(const char* origin, Rng&) const;

 private:
  [[nodiscard]] std::optional<Proposal> next(Rng&);

  const Space& space_;
  Design design_;
  std::uint64_t seed_, population_, designs_;
  std::uint64_t asked_ = 0;
  Memory memory_;
  std::vector<Config> known_;
  Population told_;
};

}  // namespace evotune
