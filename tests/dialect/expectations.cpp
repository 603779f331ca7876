// What each kernel of the dialect suite must answer, worked out in plain C++.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "dialect_suite.h"
#include "ptx_expectations.h"

namespace evotune::dialect_test {

float input(int i) { return static_cast<float>(i * 37 % 101 - 50); }

namespace {

double x(int i) { return static_cast<double>(input(i)); }

template <typename F>
double sum_over(int begin, int count, F value) {
  double sum = 0;
  for (int i = begin; i < begin + count; ++i) sum += value(i);
  return sum;
}
template <typename F>
double most_over(int begin, int count, F value) {
  double most = value(begin);
  for (int i = begin; i < begin + count; ++i) most = std::max(most, value(i));
  return most;
}
double warp_reduce(int t) { return sum_over(t & ~31, 32, x) + 2 * sum_over(t & ~31, 5, x); }

double turned(int t) { return x(127 - t); }
double turned_twice(int t) { return 2 * x(127 - t); }
double sorted_by_bits(int t) {
  std::array<int, 128> order;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [](int a, int b) { return x(a) > x(b); });
  std::array<int, 128> bits;
  for (int i = 0; i < 128; ++i) bits[static_cast<std::size_t>(i)] = static_cast<int>(x(i)) & 3;
  std::sort(bits.begin(), bits.end());
  const int first = order[static_cast<std::size_t>(t)];
  return x(first) + 1000.0 * first + 0.125 * bits[static_cast<std::size_t>(t)];
}

/// Rounded to 11 bits of fraction or 8: half's and bfloat16's, away from their limits.
double rounded(double value, int bits) {
  if (value == 0) return 0;
  int exponent = 0;
  std::frexp(value, &exponent);
  const double unit = std::ldexp(1.0, exponent - bits);
  return std::nearbyint(value / unit) * unit;
}
double h(double value) { return rounded(value, 11); }
double b(double value) { return rounded(value, 8); }

double tiles_of_warps(int t) {
  const int first = t / 64 * 64, rank = t % 64;
  const double read = x(first + 63 - rank), sum = sum_over(first, 64, x);
  return read + sum + x(first + 40) + 1 + (first == 0 ? 2 : 0) + 2 + rank / 32 + rank;
}
double pipeline_of_two_roles(int t) {
  double v = x(t % 64);
  for (int i = 0; t < 64 && i < 4; ++i) v += x(64 * i + 63 - t);
  return v;
}
double ptx_votes(int t) {
  const int warp = t / 32 * 32;
  const auto positive = [](int i) { return x(i) > 0 ? 1.0 : 0.0; };
  const auto alike = [t](int i) { return i % 5 == t % 5 ? 1.0 : 0.0; };
  return sum_over(warp, 32, positive) + (warp == 64 ? 0 : 100) + 1000 * sum_over(warp, 32, alike);
}

double half_operators(int t) {
  const double a = h(x(t) * 0.25);
  double c = h(h(a * 1.5) + 1.5);
  c = h(c - 0.5);
  c = h(c * 1.5 - a);
  return std::max(c, h(a + 1.5)) + (a > 1.5 ? 1 : 0) + std::fabs(a) + (a < 1.5 ? 10 : 0) +
         h(std::sqrt(1.5));
}
double half_pairs(int t) {
  const double a[2] = {x(t), x(t + 1)};
  double c[2];
  for (int i = 0; i < 2; ++i) {
    const double made = h(h(a[i] * 0.5 + h(a[i] + 0.5)) * 0.5);
    c[i] = h(std::max(made, h(a[i] * 0.5)) - a[1 - i]);
  }
  return c[0] + 2 * c[1] + a[0] + a[1] + (a[0] > 0.5 && a[1] > 0.5 ? 50 : 0) + 1;
}
double half_conversions(int t) {
  const auto bits = [](int n) {  // of a half that is a whole number
    if (n == 0) return 0;
    int exponent = 0;
    while ((n >> (exponent + 1)) != 0) ++exponent;
    return (exponent + 15) * 1024 + ((n << (10 - exponent)) & 1023);
  };
  return t + (t ^ 1) + bits(t) % 7 + 1 + 1 + x(t);
}
double bfloat16_arithmetic(int t) {
  const double a = x(t);
  const double low = b(a * a + a), high = b(0.25 + 0.5);
  return b(a * 0.5) + low + high + b(a + 0.5) + std::min(a, 0.5) + (a > 0.5 ? 1 : 0) +
         b(std::sqrt(2.0));
}

double fast_mathematics(int t) {
  const double v = std::fabs(x(t)) * 0.1 + 0.5, pi = 3.14159265358979323846;
  return std::exp(-v) + std::log(v) + std::log2(v) + std::pow(v, 1.5) + std::sin(v) + std::cos(v) +
         1 / std::sqrt(v) + 1 / v + std::clamp(v - 1, 0.0, 1.0) + std::pow(10, 0.1 * v) +
         0.5 * std::erfc(-v / std::sqrt(2.0)) + std::exp(v * v) * std::erfc(v) + 1 / std::cbrt(v) +
         std::sin(pi * v) + std::hypot(v, 1) + v * v + v + std::tanh(v) + 1 / v + std::cbrt(v) +
         std::log1p(v) + std::exp2(v);
}

std::uint32_t scrambled(std::uint32_t t) { return t * 2654435761U; }

double bits_and_integers(int thread) {
  const auto t = static_cast<std::uint32_t>(thread);
  const std::uint32_t w = scrambled(t);
  const std::int64_t l = (static_cast<std::int64_t>(w) << 16) + t;
  const auto ul = static_cast<std::uint64_t>(l);
  const auto ones = [](std::uint64_t v) {
    return static_cast<std::uint32_t>(__builtin_popcountll(v));
  };
  const auto zeros = [](std::uint64_t v, std::uint32_t width) {
    std::uint32_t count = 0;
    while (count < width && ((v >> (width - 1 - count)) & 1U) == 0) ++count;
    return count;
  };
  const auto first = [](std::uint64_t v) {
    std::uint32_t at = 0;
    while (v != 0 && ((v >> at) & 1U) == 0) ++at;
    return v == 0 ? 0 : at + 1;
  };
  const auto turned_bits = [](std::uint64_t v, int width) {
    std::uint64_t result = 0;
    for (int i = 0; i < width; ++i) result |= ((v >> i) & 1U) << (width - 1 - i);
    return result;
  };
  __extension__ using wide = __int128;
  std::uint32_t mix = ones(w) + ones(ul) + zeros(w, 32) + zeros(ul, 64) + first(w) + first(ul);
  mix += static_cast<std::uint32_t>(turned_bits(w, 32) & 255U);
  mix += static_cast<std::uint32_t>(turned_bits(ul, 64) & 255U);
  mix += static_cast<std::uint32_t>(-3 * thread);
  mix += static_cast<std::uint32_t>((static_cast<std::uint64_t>(w) * w) >> 32) % 1000U;
  mix +=
      static_cast<std::uint32_t>(static_cast<std::int64_t>((static_cast<wide>(l) * l) >> 64) & 255);
  const std::uint8_t bytes[8] = {
      static_cast<std::uint8_t>(w),       static_cast<std::uint8_t>(w >> 8),
      static_cast<std::uint8_t>(w >> 16), static_cast<std::uint8_t>(w >> 24),
      static_cast<std::uint8_t>(t),       static_cast<std::uint8_t>(t >> 8),
      static_cast<std::uint8_t>(t >> 16), static_cast<std::uint8_t>(t >> 24)};
  mix += (bytes[0] | static_cast<std::uint32_t>(bytes[4]) << 8 |
          static_cast<std::uint32_t>(bytes[1]) << 16 | static_cast<std::uint32_t>(bytes[5]) << 24) %
         1000U;
  const std::uint64_t joined = (static_cast<std::uint64_t>(t) << 32) | w;
  mix += static_cast<std::uint32_t>((joined << (t & 31U)) >> 32) % 1000U;
  mix += t;
  mix += 1 + t + 3;
  mix += static_cast<std::uint32_t>((static_cast<std::uint64_t>(w) + t) >> 1) % 1000U;
  for (int pass = 0; pass < 2; ++pass) {
    std::uint32_t sum = 5;
    for (int i = 0; i < 4; ++i) {
      const auto one = static_cast<std::uint8_t>(w >> (8 * i));
      const std::uint32_t factor =
          pass == 0 ? static_cast<std::uint32_t>(static_cast<std::int8_t>(one)) : one;
      sum += factor * static_cast<std::uint32_t>(4 - i);
    }
    mix += sum;
  }
  return mix % 65536U;
}

/// Acts on the parts of two words.
template <typename T, typename F>
std::uint32_t parts(std::uint32_t a, std::uint32_t c, F act) {
  std::uint32_t result = 0;
  constexpr int bits = 8 * static_cast<int>(sizeof(T));
  for (int at = 0; at < 32; at += bits) {
    const auto part = static_cast<std::uint32_t>(
        act(static_cast<int>(static_cast<T>(a >> at)), static_cast<int>(static_cast<T>(c >> at))));
    result |= (part & ((1U << bits) - 1)) << at;
  }
  return result;
}
double simd_in_a_word(int thread) {
  const auto t = static_cast<std::uint32_t>(thread);
  const std::uint32_t a = t * 0x01020304U + 0x80ff7f01U, c = 0x017f8002U + t;
  using s16 = std::int16_t;
  using u16 = std::uint16_t;
  using s8 = std::int8_t;
  using u8 = std::uint8_t;
  std::uint32_t sad = 0;
  parts<u8>(a, c,
            [&](int p, int q) { return sad += static_cast<std::uint32_t>(std::abs(p - q)), 0; });
  const std::uint32_t mix =
      parts<u16>(a, c, [](int p, int q) { return p + q; }) ^
      parts<u8>(a, c, [](int p, int q) { return p - q; }) ^
      parts<s16>(a, c, [](int p, int q) { return std::clamp(p + q, -32768, 32767); }) ^
      parts<u8>(a, c, [](int p, int q) { return std::min(p + q, 255); }) ^
      parts<s8>(a, c, [](int p, int q) { return std::clamp(p - q, -128, 127); }) ^
      parts<s16>(a, c, [](int p, int q) { return std::max(p, q); }) ^
      parts<u8>(a, c, [](int p, int q) { return std::min(p, q); }) ^
      parts<s8>(a, c, [](int p, int q) { return std::abs(p - q); }) ^
      parts<s16>(a, c, [](int p, int q) { return p > q ? -1 : 0; }) ^
      parts<u8>(a, c, [](int p, int q) { return p <= q ? 1 : 0; }) ^
      parts<u8>(a, c, [](int p, int q) { return (p + q + 1) / 2; }) ^
      parts<s8>(a, c, [](int p, int) { return std::abs(p); }) ^
      parts<s16>(a, c, [](int p, int) { return -p; }) ^ sad ^
      parts<u8>(a, c, [](int p, int q) { return p == q ? -1 : 0; }) ^
      parts<u16>(a, c, [](int p, int q) { return (p + q) / 2; });
  return mix % 65521U;
}

double vector_types(int t) {
  if (t >= 8) return 0;
  const int size[8] = {1, 1, 2, 2, 4, 4, 4, 8};
  double sum = 0;
  for (int i = 0; i <= t; ++i) {
    const int s = size[i], two = s == 8 ? 16 : 2 * s, four = s == 8 ? 16 : 4 * s;
    sum += s * 100 + s + 1;
    sum += 3 * (2 * s * 100 + two + 2);
    sum += 5 * (3 * s * 100 + s + 3);
    sum += 7 * (4 * s * 100 + four + 4);
  }
  return sum;
}

double shuffles(int t) {
  const int warp = t & ~31, lane = t & 31;
  double v = sum_over(warp, 32, x);
  v += x((t & ~7) + 3) + x(lane < 2 ? t : t - 2) + x(t % 16 == 15 ? t : t + 1);
  return v + x(warp + 31) + warp + 7;
}
double votes_and_matches(int t) {
  const int warp = t & ~31;
  const double thirds = sum_over(warp, 32, [](int i) { return i % 3 == 0 ? 1.0 : 0.0; });
  const double alike = sum_over(warp, 32, [t](int i) { return i % 5 == t % 5 ? 1.0 : 0.0; });
  return thirds + (warp == 32 ? 100 : 0) + (warp < 64 ? 200 : 0) + 1000 + alike + 4000;
}
double warp_reductions(int t) {
  const int warp = t & ~31;
  unsigned x_or = 0, all = ~0U;
  for (int i = warp; i < warp + 32; ++i)
    x_or ^= static_cast<unsigned>(i), all &= static_cast<unsigned>(i) | 64U;
  return sum_over(warp, 32, [](int i) { return double(i); }) + (warp + 31 - 500) + warp + 15 +
         x_or + all;
}
double counting_barriers(int) {
  return sum_over(0, 128, [](int i) { return x(i) > 0 ? 1.0 : 0.0; }) + 3000;
}

double tiles_shuffle(int t) {
  const int tile = t & ~15, rank = t & 15;
  double v = sum_over(tile, 16, x);
  v += x(tile + 3) + x(rank < 1 ? t : t - 1) + x(rank > 13 ? t : t + 2);
  return v + 1 + 2 + tile / 16 + 8 + 3;
}
double tiles_reduce(int t) {
  const int warp = t & ~31, quad = t & ~3;
  return sum_over(warp, 32, x) + 2 * most_over(quad, 4, x) -
         most_over(warp, 32, [](int i) { return -x(i); });
}
double coalesced_lanes(int t) {
  if (t % 3 != 1) return -1;
  double sum = 0, first = 0;
  int count = 0;
  for (int i = t & ~31; i < (t & ~31) + 32; ++i)
    if (i % 3 == 1) {
      if (count++ == 0) first = x(i);
      sum += x(i);
    }
  return sum + count + first;
}

/// Element t of 2·(a·b + 1), the product in tensor.cu, of depth `depth`.
template <int depth>
double product(int t) {
  const auto small = [](int i) {
    return static_cast<double>(static_cast<int>(input(i % 128)) % 4);
  };
  const int row = t / 16, column = t % 16;
  double sum = 1;
  for (int k = 0; k < depth; ++k) sum += small(row * depth + k) * small(column * depth + k + 5);
  return 2 * sum;
}

const std::vector<Expectation> all = {
    {"shared_memory", "static_spellings", [](int t) { return 8 * x(127 - t); }},
    {"shared_memory", "structs_and_vectors", [](int t) { return 3 * x(127 - t); }},
    {"shared_memory", "in_a_member_function", turned},
    {"shared_memory", "at_the_files_scope", [](int t) { return 3 * x(127 - t); }},
    {"shared_memory", "dynamic_rows", turned},
    {"shared_memory", "dynamic_volatile", turned},
    {"shared_memory", "dynamic_bytes",
     [](int t) { return x((31 - t / 4) * 4 + 3) + 2 * x(127 - t); }},
    {"language", "template_arguments",
     [](int t) { return 2 * (x(t + 1) + 2 * x(t + 2) + 3 * x(t + 3)) + x(t + 1); }},
    {"language", "lambdas_and_packs", [](int t) { return 1 + 2 * x(t) + 3 * x(t) + 3; }},
    {"language", "std_is_there", [](int t) { return most_over(t, 4, x) + std::min(t, 7); }},
    {"language", "global_variables",
     [](int t) {
       const double table[] = {5, 7, 11};
       return 2 * (x(t) + 2 * x(t + 1) + 3 * x(t + 2) + 4 * x(t + 3)) + table[t % 3];
     }},
    {"language", "all_dimensions", [](int t) { return x(t) + 1 + 32; }},
    {"numbers", "vector_types", vector_types},
    {"numbers", "fast_mathematics", fast_mathematics},
    {"numbers", "directed_rounding", [](int) { return 1.0; }},
    {"numbers", "bessel_functions",
     [](int t) {
       const double size = std::fabs(x(t)), first = std::cyl_bessel_i(1.0, size / 8);
       return std::cyl_bessel_i(0.0, size) * std::exp(-size) + std::copysign(first, x(t)) +
              std::cyl_bessel_i(0.0, 1.0);
     }},
    {"numbers", "bits_and_integers", bits_and_integers},
    {"numbers", "casts_of_bits", [](int t) { return 2 * x(t) + 6 * x(t); }},
    {"numbers", "cache_hints", [](int t) { return x(t % 32 * 4) + 5 * x(t); }},
    {"numbers", "simd_in_a_word", simd_in_a_word},
    {"warps", "shuffles", shuffles},
    {"warps", "votes_and_matches", votes_and_matches},
    {"warps", "warp_reductions", warp_reductions},
    {"warps", "converged_lanes", [](int t) { return t % 4 == 1 ? 800.0 + (t & ~31) + 1 : 0.0; }},
    {"warps", "counting_barriers", counting_barriers},
    {"warps", "atomics_in_shared_memory",
     [](int) { return 128.0 * 127 / 2 + 127 + 3 + 255 + 28 + 64 + 128; }},
    {"warps", "a_lock_and_a_ticket", [](int) { return std::max(0.0, most_over(0, 128, x)); }},
    {"warps", "atomic_objects", [](int) { return 128.0 + 255; }},
    {"groups", "block_group", [](int t) { return sum_over(0, 128, x) + 128 + t; }},
    {"groups", "tiles_shuffle", tiles_shuffle},
    {"groups", "tiles_reduce", tiles_reduce},
    {"groups", "tiles_of_warps", tiles_of_warps},
    {"groups", "parts_of_tiles",
     [](int t) { return sum_over(t / 64 * 64, 64, x) + t / 64 * 10 + 2 + x(t / 64 * 64 + 3); }},
    {"groups", "tiles_scan",
     [](int t) { return sum_over(t & ~7, t % 8 + 1, x) + 2 * sum_over(t & ~7, t % 8, x); }},
    {"groups", "coalesced_lanes", coalesced_lanes},
    {"groups", "aggregated_counter", [](int t) { return t < 64 ? 1.0 : 64.0; }},
    {"groups", "whole_grid", [](int t) { return x(127 - t) + 1; }},
    {"halves", "half_operators", half_operators},
    {"halves", "half_pairs", half_pairs},
    {"halves", "half_conversions", half_conversions},
    {"halves", "half_memory", [](int t) { return 128 + 128 + 256 + x(t); }},
    {"halves", "bfloat16_arithmetic", bfloat16_arithmetic},
    {"block_primitives", "block_reduce",
     [](int) { return sum_over(0, 128, x) + most_over(0, 128, x); }},
    {"block_primitives", "block_scan",
     [](int t) { return sum_over(0, t, x) + 2 * sum_over(0, t + 1, x) + sum_over(0, 128, x); }},
    {"block_primitives", "block_radix_sort", sorted_by_bits},
    {"block_primitives", "block_load_and_store",
     [](int t) { return t % 2 == 0 ? x(t) + x(t + 1) : x(t); }},
    {"block_primitives", "warp_reduce", warp_reduce},
    {"tensor", "wmma_half", product<16>},
    {"tensor", "wmma_half_sums", product<16>},
    {"tensor", "wmma_bfloat16", product<16>},
    {"tensor", "wmma_tf32", product<8>},
    {"tensor", "wmma_bytes", product<16>},
    {"tensor", "mma_by_wrapper", product<16>},
    {"tensor", "mma_by_ptx", product<16>},
    {"tensor", "wmma_by_ptx", product<16>},
    {"tensor", "wmma_bfloat16_by_ptx", product<16>},
    {"tensor", "ldmatrix_transposes", [](int t) { return x(t % 32 / 4 * 8 + t % 4 * 2); }},
    {"tensor", "mma_of_eight_rows", mma_of_eight_rows},
    {"copies", "pipeline_primitives", turned_twice},
    {"copies", "copies_by_wrapper", turned_twice},
    {"copies", "copies_by_ptx", [](int t) { return t == 122 ? x(5) : 2 * x(127 - t); }},
    {"copies", "block_pipeline", [](int t) { return x(63 - t % 64) + x(127 - t % 64); }},
    {"copies", "pipeline_of_two_roles", pipeline_of_two_roles},
    {"copies", "thread_pipeline", turned},
    {"copies", "split_barrier", [](int t) { return x(127 - t) + 1; }},
    {"copies", "barriers_in_memory",
     [](int t) {
       const int k = t % 64;
       return x(k) + (t < 64 ? x(63 - k) + x(127 - k) + x(191 - k) + 1 : 0);
     }},
    {"ptx", "ptx_registers", [](int t) { return t % 32 * 2 + 100.0 * (t / 32); }},
    {"ptx", "ptx_arithmetic", ptx_arithmetic},
    {"ptx", "ptx_bits", ptx_bits},
    {"ptx", "ptx_memory", [](int t) { return sum_over(t / 4 * 4 + 1, 4, x); }},
    {"ptx", "named_barriers", [](int t) { return x(t / 64 * 64 + 63 - t % 64); }},
    {"ptx", "ptx_shuffles", ptx_shuffles},
    {"ptx", "ptx_votes", ptx_votes},
    {"ptx", "ptx_atomics", [](int) { return 128 * 127 / 2 + 127.0 + 7 + 77; }},
    {"ptx", "ptx_store_matrix", ptx_store_matrix},
    {"ptx", "ptx_conversions", ptx_conversions},
    {"ptx", "ptx_comparisons", ptx_comparisons},
    {"ptx", "voting_barriers", voting_barriers},
    {"ptx", "ptx_integers", ptx_integers},
    {"ptx", "ptx_carries", ptx_carries},
    {"ptx", "ptx_pairs_of_halves", ptx_pairs_of_halves, 2e-3},
    {"ptx", "ptx_words", ptx_words},
    {"ptx", "ptx_roundings", ptx_roundings},
    {"ptx", "ptx_signs", [](int t) { return x(t) + 1.5; }},
    {"ptx", "ptx_hints", [](int t) { return 3 * x(t) + 12; }},
    {"old_habits", "old_habits", old_habits},
    {"foreign", "nearest", [](int t) { return std::hypot(x(t) - x(127 - t), 1.0); }}};

}  // namespace

std::vector<Expectation> general_expectations() { return all; }

}  // namespace evotune::dialect_test
