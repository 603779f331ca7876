#pragma once

#include <cmath>
#include <cstdint>

#include "dialect_suite.h"

// What kernels of ptx.cu and foreign.cu must answer.

namespace evotune::dialect_test {

inline double ptx_carries(int thread) {
  const auto t = static_cast<std::uint64_t>(thread), large = (std::uint64_t{1} << 32) - t;
  const std::uint64_t word = large & 0xffffffffU, product = 2 * word + t;
  const double carried = t == 0 ? 0 : 1, shifted = ((t >> 6) & 1U) != 0 ? 1 : 0;
  return 7 + carried + 2 + shifted + 5 + static_cast<double>(product >> 32) +
         static_cast<double>((2 * word + 1) >> 32) + 100 +
         ((product & 0xffffffffU) == word ? 1000 : 0);
}
inline double ptx_store_matrix(int t) {
  const int row = t % 32 % 16, column = t % 32 / 16 * 4 + 1;
  const int lane = row % 8 * 4 + column / 2, thread = t / 32 * 32 + lane;
  return 2 * thread + column % 2 + (row >= 8 ? 0x0100 : 0);
}
inline double ptx_roundings(int t) {
  const float scaled = input(t) * 0.3F;
  return 1000.0 + std::floor(scaled) + 2 * std::ceil(scaled);
}
inline double old_habits(int t) {
  const double x = input(t), low = 15, high = 0.5;
  if (t % 3 == 2) return x + low + high;
  return (t % 3 == 0 ? 2 * x : x) + 2 + 8 + low + high;
}

}  // namespace evotune::dialect_test
