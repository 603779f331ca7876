#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "outcome/individual.h"
#include "space/space.h"
#include "space/space_file.h"
#include "strategy/precedents.h"

namespace evotune {

/// Decides what to try next. Depends on its space, its settings, its seed and what it was told, and
/// on nothing else: that is what makes a run repeatable and resumable.
class Strategy {
 public:
  virtual ~Strategy() = default;
  /// At most `count` different valid configurations, none asked or told before; empty: nothing
  /// left.
  virtual std::vector<Proposal> ask(std::size_t count) = 0;
  /// In the order of asking; also what the caller evaluated of its own accord (baseline, presets).
  virtual void tell(std::span<const Individual>) = 0;
  /// Questions that this strategy likes to be asked at once.
  [[nodiscard]] virtual std::size_t natural_batch() const { return 8; }
};

/// Throws UserError at settings.strategy_where for an unknown name, and for precedents that the
/// strategy has no use for. The space must outlive it.
[[nodiscard]] std::unique_ptr<Strategy> make_strategy(const SearchSettings&, const Space&,
                                                      std::uint64_t seed, const Precedents& = {});
[[nodiscard]] std::vector<std::string> strategy_names();
/// "evolve/1": strategies with equal names and versions ask the same questions. Throws as above.
[[nodiscard]] std::string strategy_version(const SearchSettings&);

}  // namespace evotune
