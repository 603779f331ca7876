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

__attribute__((always_inline)) inline void add_rows_inline(float* __restrict first,
                                                           float* __restrict second,
                                                           const float* __restrict rows,
                                                           const float* p, const float* q,
                                                           std::size_t count) {
  for (std::size_t i = 0; i + sweep_group <= count; i += sweep_group) {
    const float* __restrict r = rows + i * sweep_width;
    const float a = p[i], b = p[i + 1], c = p[i + 2], d = p[i + 3];
    const float e = q[i], f = q[i + 1], g = q[i + 2], h = q[i + 3];
    for (std::size_t x = 0; x < sweep_width; ++x) {
      const float r0 = r[x], r1 = r[x + sweep_width];
      const float r2 = r[x + 2 * sweep_width], r3 = r[x + 3 * sweep_width];
      first[x] += (a * r0 + b * r1) + (c * r2 + d * r3);
      second[x] += (e * r0 + f * r1) + (g * r2 + h * r3);
    }
  }
}

#if defined(__x86_64__)
// Wider vectors change no result: each lane does what it did before, and nothing is fused.
__attribute__((target("avx2"))) void add_rows_avx2(float* sum, const float* rows,
                                                   const float* factors, std::size_t count) {
  add_rows_inline(sum, rows, factors, count);
}

__attribute__((target("avx2"))) void add_rows_avx2(float* first, float* second, const float* rows,
                                                   const float* p, const float* q,
                                                   std::size_t count) {
  add_rows_inline(first, second, rows, p, q, count);
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

void add_rows(float* first, float* second, const float* rows, const float* first_factors,
              const float* second_factors, std::size_t count) {
#if defined(__x86_64__)
  if (has_avx2()) return add_rows_avx2(first, second, rows, first_factors, second_factors, count);
#endif
  add_rows_inline(first, second, rows, first_factors, second_factors, count);
}

}  // namespace evotune
