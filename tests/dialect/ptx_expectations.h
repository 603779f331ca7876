#pragma once

// What the kernels of ptx.cu, and those of tensor.cu that are inline PTX, must leave in out[t].

namespace evotune::dialect_test {

[[nodiscard]] double ptx_shuffles(int t);
[[nodiscard]] double ptx_store_matrix(int t);
[[nodiscard]] double ptx_bits(int t);
[[nodiscard]] double ptx_conversions(int t);
[[nodiscard]] double ptx_comparisons(int t);
[[nodiscard]] double voting_barriers(int t);
[[nodiscard]] double ptx_integers(int t);
[[nodiscard]] double ptx_carries(int t);
[[nodiscard]] double ptx_arithmetic(int t);
[[nodiscard]] double ptx_words(int t);
[[nodiscard]] double ptx_roundings(int t);
[[nodiscard]] double old_habits(int t);  ///< of foreign.cu
[[nodiscard]] double ptx_pairs_of_halves(int t);
[[nodiscard]] double mma_of_eight_rows(int t);

}  // namespace evotune::dialect_test
