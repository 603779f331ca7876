#pragma once

#include <cstddef>
#include <span>

namespace evotune {

/// Candidates that are worked on together: few enough for a few hundred points' rows of them to
/// stay in a core's cache.
constexpr std::size_t sweep_width = 256;

/// sum[c] += Σ_i factors[i] · rows[i · sweep_width + c], for every c below sweep_width. In this
/// order of additions on every machine, whatever vectors it has.
void add_rows(float* sum, const float* rows, std::span<const float> factors);

}  // namespace evotune
