#pragma once

#include <optional>
#include <set>

#include "base/rng.h"
#include "space/space.h"

namespace evotune {

/// Every configuration that was asked or told, so that none is asked twice.
class Memory {
 public:
  bool insert(const Config& config) { return seen_.insert(config).second; }  ///< true if new
  [[nodiscard]] bool contains(const Config& config) const { return seen_.count(config) != 0; }

  /// A random valid configuration that is not in here; none when all are.
  [[nodiscard]] std::optional<Config> unseen(const Space&, Rng&) const;
  /// The same, and now it is.
  [[nodiscard]] std::optional<Config> draw(const Space&, Rng&);

 private:
  std::set<Config> seen_;
};

}  // namespace evotune
