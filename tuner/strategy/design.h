#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "strategy/memory.h"
#include "strategy/precedents.h"

namespace evotune {

/// Where to look before anything is known: at the best precedents, where there are some; then far
/// from all that was tried, and first among plain configurations (only powers of two), because that
/// is where fast kernels are most often.
class Design {
 public:
  explicit Design(const Space&, Precedents = {});

  /// The question of this index, unseen. None if all were seen.
  [[nodiscard]] std::optional<Proposal> next(std::uint64_t index, std::span<const Config> known,
                                             const Memory&, Rng&) const;

 private:
  [[nodiscard]] std::optional<Config> precedent(std::uint64_t index, std::span<const Config> known,
                                                const Memory&, Rng&) const;
  [[nodiscard]] Config made_valid(const Precedent&, Rng&) const;
  [[nodiscard]] std::optional<Config> far(std::span<const Config> known, bool plain, const Memory&,
                                          Rng&) const;
  [[nodiscard]] std::size_t farthest(std::span<const Config>, std::span<const Config> known) const;
  [[nodiscard]] std::vector<Config> draw(bool plain, const Memory&, Rng&) const;
  [[nodiscard]] bool make_plain(Config&, Rng&) const;
  [[nodiscard]] double apart(const Config&, const Config&) const;

  const Space& space_;
  Precedents precedents_;
  std::vector<std::vector<std::uint32_t>> plain_;  ///< per parameter: its plain choices
  bool any_plain_ = true;
};

}  // namespace evotune
