#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"

namespace evotune {

/// A run of the space "example" on the device "Test CPU".
[[nodiscard]] RunRecord example_run();

/// A right candidate, choice {number}, that takes 1 ms where the baseline takes `speedup` ms; its
/// pairs are spread by `noise` (relative). Passed, with the default fitness.
[[nodiscard]] Evaluation right(std::uint32_t ordinal, std::uint32_t number, double speedup,
                               double noise = 0);
[[nodiscard]] Evaluation wrong(std::uint32_t ordinal, std::uint32_t number, Failure);

[[nodiscard]] Outcome timed(double speedup, double noise = 0);

/// Configurations in the order in which the view `best` ranks them.
[[nodiscard]] std::vector<std::string> ranking(const Store&);

/// Saves such a right candidate of a random, but repeatable, shape for every ordinal.
[[nodiscard]] Evaluation varied(std::uint32_t ordinal);

}  // namespace evotune
