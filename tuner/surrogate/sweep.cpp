#include "surrogate/sweep.h"

namespace evotune {
namespace {

// Four rows at a time, so that the sums are loaded and stored a quarter as often.
__attribute__((always_inline)) inline void add_rows_inline(float* __restrict sum,
                                                           const float* __restrict rows,
                                                           const float* factors,
                                                           std::size_t count) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const float* __restrict r = rows + i * sweep_width;
    const float a = factors[i];
    const float b = factors[i + 1];
    const float c = factors[i + 2];
    const float d = factors[i + 3];
    for (std::size_t x = 0; x < sweep_width; ++x)
      sum[x] += (a * r[x] + b * r[x + sweep_width]) +
                (c * r[x + 2 * sweep_width] + d * r[x + 3 * sweep_width]);
  }
  for (; i < count; ++i) {
    const float a = factors[i];
    const float* __restrict r = rows + i * sweep_width;
    for (std::size_t x = 0; x < sweep_width; ++x) sum[x] += a * r[x];
  }
}

#if defined(__x86_64__)
// Wider vectors change no result: each lane does what it did before, and nothing is fused.
__attribute__((target("avx2"))) void add_rows_avx2(float* sum, const float* rows,
                                                   const float* factors, std::size_t count) {
  add_rows_inline(sum, rows, factors, count);
}

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2");
  return has;
}
#endif

}  // namespace

void add_rows(float* sum, const float* rows, std::span<const float> factors) {
#if defined(__x86_64__)
  if (has_avx2()) return add_rows_avx2(sum, rows, factors.data(), factors.size());
#endif
  add_rows_inline(sum, rows, factors.data(), factors.size());
}

}  // namespace evotune
