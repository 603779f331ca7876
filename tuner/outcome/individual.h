#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "outcome/outcome.h"
#include "space/config.h"

namespace evotune {

/// Larger is better. One that passed ranks above every one that did not, whatever the weights.
struct Score {
  bool passed = false;
  double fitness = 0;  ///< never NaN
  auto operator<=>(const Score&) const = default;
};

/// A configuration that a strategy wants tried, and where the idea came from.
struct Proposal {
  Config config;
  std::string origin;  ///< "baseline", "preset:naive", "random", "crossover", "mutation", …
  std::vector<Config> parents;  ///< what it was bred from; empty for newcomers
  std::uint32_t generation = 0;
  bool operator==(const Proposal&) const = default;
};

/// One evaluated candidate: what strategies learn from and the store keeps.
struct Individual {
  Proposal proposal;
  Outcome outcome;
  Score score;
  [[nodiscard]] const Config& config() const { return proposal.config; }
};

}  // namespace evotune
