#pragma once

#include <optional>
#include <span>
#include <vector>

#include "strategy/memory.h"

namespace evotune {

/// How many points of a design are plain.
constexpr std::size_t plain_designs = 5;

/// Where to look before anything is known: far from all that was tried, and first among plain
/// configurations (only powers of two), because that is where fast kernels are most often.
class Design {
 public:
  explicit Design(const Space&);

  /// An unseen configuration, far from the known ones. None if all were seen.
  [[nodiscard]] std::optional<Config> next(std::span<const Config> known, bool plain, const Memory&,
                                           Rng&) const;

 private:
  [[nodiscard]] std::vector<Config> draw(bool plain, const Memory&, Rng&) const;
  [[nodiscard]] bool make_plain(Config&, Rng&) const;
  [[nodiscard]] double apart(const Config&, const Config&) const;

  const Space& space_;
  std::vector<std::vector<std::uint32_t>> plain_;  ///< per parameter: its plain choices
  bool any_plain_ = true;
};

}  // namespace evotune
