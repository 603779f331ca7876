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

/// Two sums over the same rows, which are then read once: first[c] and second[c] by the first
/// `count` of their factors, to the last bit what add_rows() makes of them where `count` is a
/// multiple of sweep_group.
constexpr std::size_t sweep_group = 4;
void add_rows(float* first, float* second, const float* rows, const float* first_factors,
              const float* second_factors, std::size_t count);

}  // namespace evotune
