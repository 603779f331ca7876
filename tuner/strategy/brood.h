#pragma once

#include <span>
#include <vector>

#include "outcome/individual.h"
#include "strategy/memory.h"

namespace evotune {

/// Unseen offspring of the leaders (best first), at most `size` and all different: neighbours of
/// the first and of the one whose turn it is, children of two, immigrants. In a tiny rest of a
/// space perhaps none.
[[nodiscard]] std::vector<Proposal> breed_brood(const Space&, std::span<const Config> leaders,
                                                std::size_t turn, std::size_t size, const Memory&,
                                                Rng&);

/// How a candidate that nobody bred can be explained: by the nearest of the leaders (best first)
/// and, where another one has some of the genes that this lacks, by the one that has most of them.
[[nodiscard]] std::vector<Config> nearest_leaders(std::span<const Config> leaders, const Config&);

}  // namespace evotune
