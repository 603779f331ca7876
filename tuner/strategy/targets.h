#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/rng.h"
#include "outcome/individual.h"

namespace evotune {

/// What a surrogate learns from scores: the normal scores of their ranks, small is good, equal
/// scores equal, mean 0 and deviation 1. Ranks, because one huge time says no more than "slow".
/// Failures are equal and last: the more of them, the farther what is right stands out. NaN where
/// there is no score yet.
[[nodiscard]] std::vector<double> targets_of(std::span<const std::optional<Score>>);

/// Which of them a surrogate is fitted on: all that have a score or, where that is much, the best
/// ones and as many others.
[[nodiscard]] std::vector<std::size_t> fitting_sample(std::span<const std::optional<Score>>, Rng&);

}  // namespace evotune
