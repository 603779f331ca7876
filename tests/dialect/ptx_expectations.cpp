#include "ptx_expectations.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "dialect_suite.h"

namespace evotune::dialect_test {
namespace {

double x(int i) { return static_cast<double>(input(i)); }

int small_input(int i) { return static_cast<int>(input(i % 128)) % 4; }

/// One of an 8×8 product; row and column are functions of k.
template <typename A, typename B>
double product_of(int depth, A row, B column) {
  double sum = 0;
  for (int k = 0; k < depth; ++k) sum += small_input(row(k)) * small_input(column(k));
  return sum;
}

}  // namespace

double ptx_shuffles(int t) {
  const int lane = t % 32, warp = t - lane, part = t / 8 * 8;
  const double down = lane + 3 < 32 ? x(t + 3) : x(t), up = t > part ? x(t - 1) : x(t);
  return down + 2 * x(warp + (lane ^ 5)) + 4 * up + 8 * x(part + 2) + (lane + 3 < 32 ? 1000 : 0);
}

double ptx_store_matrix(int t) {
  const int row = t % 32 % 16, column = t % 32 / 16 * 4 + 1;
  const int lane = row % 8 * 4 + column / 2, thread = t / 32 * 32 + lane;
  return 2 * thread + column % 2 + (row >= 8 ? 0x0100 : 0);
}

double ptx_bits(int thread) {
  const auto t = static_cast<std::uint32_t>(thread);
  const std::uint32_t w = t * 2654435761U;
  const std::uint32_t p = (w >> 4) & 127U, q = w ^ t ^ 5U, r = (w & 0xffffU) | (t << 16),
                      s = 3 * t + 1;
  return (p ^ q ^ r ^ s) % 65521U;
}

double ptx_conversions(int t) {
  const float x = 5 * input(t);
  const double v = static_cast<double>(x);
  const double byte = std::clamp(std::nearbyint(v + 0.5), -128.0, 127.0);
  const double limited = std::clamp(4 * v, 0.0, 255.0);
  const double narrow = static_cast<std::int8_t>(t + 200);
  return byte + limited + 3 * std::floor(v / 4) + 5 * std::ceil(v / 4) + 7 * narrow +
         std::clamp(v + 0.5, 0.0, 1.0) + static_cast<double>(std::nearbyint(x * 0.3F));
}

double ptx_comparisons(int t) {
  const float x = input(t);
  const int inside = x > -20 && x < 20 ? 1 : 0, outside = x >= 20 ? 1 : 0;
  return inside + 2 * outside + (x <= 0 ? 8 : 0) + 16 * (x >= 0 ? 3 : 4);
}

double voting_barriers(int t) {
  int count = 0;
  for (int i = 0; i < threads; ++i) count += input(i) > 0 ? 1 : 0;
  const double of_all = count + (t >= 64 ? 3000 : 0);
  return t >= 96 ? of_all : of_all + 95 * 10000 + (t % 2 == 0 ? 0 : 0.5);
}

double ptx_integers(int thread) {
  const auto t = static_cast<std::uint32_t>(thread);
  const std::uint32_t w = t * 2654435761U;
  const auto number = static_cast<std::int32_t>(w);
  const auto unsigned_of = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  const std::uint32_t high = unsigned_of(std::int64_t(std::uint64_t{w} * w >> 32)) + t;
  const std::uint32_t wide =
      unsigned_of((std::int64_t{number} * -3 + (std::int64_t{1} << 40)) >> 32);
  std::uint32_t top = 0xffffffffU, bytes = 5;
  for (std::uint32_t i = 0, bits = number < 0 ? ~w : w; i < 32; ++i)
    if (((bits >> i) & 1U) != 0) top = i;
  for (int i = 0; i < 32; i += 8)
    bytes += unsigned_of(std::abs(int(w >> i & 255U) - int(0x10203040U >> i & 255U)));
  const std::int64_t low = static_cast<std::int32_t>(w << 8) >> 8;
  const std::int64_t twice =
      std::clamp<std::int64_t>(2 * std::int64_t{number}, INT32_MIN, INT32_MAX);
  std::uint32_t dot = t, forward = 0, backward = 0;
  const std::uint64_t both = std::uint64_t{0x10203040U} << 32 | w;
  for (std::uint32_t i = 0; i < 4; ++i) {
    dot += unsigned_of(int(w >> (8 * i) & 255U) * int(std::int8_t(0x10f02080U >> (8 * i) & 255U)));
    forward |= unsigned_of(std::int64_t(both >> (8 * (t % 4 + i)) & 255U)) << (8 * i);
    backward |= unsigned_of(std::int64_t(both >> (8 * ((t % 4 - i) % 8)) & 255U)) << (8 * i);
  }
  const std::uint32_t over = w >> 16 | (w >> 16 << 16);
  const std::uint32_t mix = dot ^ forward * 3 ^ backward * 5 ^ over * 7 ^ high ^ wide ^ top ^
                            unsigned_of(std::abs(thread - 100) + 7) ^ bytes ^
                            unsigned_of(low * thread) ^ unsigned_of(twice);
  return mix % 65521U + std::copysign(0.25, static_cast<double>(input(thread))) + 0.5;
}

double ptx_carries(int thread) {
  const auto t = static_cast<std::uint32_t>(thread);
  const std::uint64_t w = t * 2654435761U, other = ~static_cast<std::uint32_t>(w);
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  const std::uint64_t s0 = w + 0xfffffff0U, s1 = other + 0xfffffff0U + (s0 >> 32);
  const std::uint64_t s2 = t + (s1 >> 32);
  const std::uint32_t d0 = low(w - t), d1 = low(t - w - (w < t ? 1 : 0));
  const std::uint64_t p0 = low(w * other) + std::uint64_t{0xf0000000U};
  const std::uint64_t p1 = (w * other >> 32) + 0xf0000000U + (p0 >> 32);
  return (low(s0) ^ low(s1) ^ low(s2) ^ d0 ^ d1 ^ low(p0) ^ low(p1) ^ low(p1 >> 32 << 5)) % 65521U;
}

double ptx_pairs_of_halves(int t) {
  const double x = static_cast<double>(input(t)) / 8;
  return -1.5 - std::fabs(x) + std::exp2(x / 16);
}

double ptx_arithmetic(int t) {
  const double v = static_cast<double>(input(t));
  return std::exp2(v * 0.01) + v * v + 1 + 2 / (v + 1000);
}

double ptx_words(int thread) {
  const auto t = static_cast<std::uint64_t>(thread), large = (std::uint64_t{1} << 32) - t;
  const std::uint64_t word = large & 0xffffffffU, product = 2 * word + t;
  const double carried = t == 0 ? 0 : 1, shifted = ((t >> 6) & 1U) != 0 ? 1 : 0;
  return 7 + carried + 2 + shifted + 5 + static_cast<double>(product >> 32) +
         static_cast<double>((2 * word + 1) >> 32) + 100 +
         ((product & 0xffffffffU) == word ? 1000 : 0);
}

double ptx_roundings(int t) {
  const float scaled = input(t) * 0.3F;
  return 1000.0 + static_cast<double>(std::floor(scaled) + 2 * std::ceil(scaled));
}

double old_habits(int t) {
  const double v = static_cast<double>(input(t)), low = 15, high = 0.5;
  if (t % 3 == 2) return v + low + high;
  return (t % 3 == 0 ? 2 * v : v) + 2 + 8 + low + high;
}

double mma_of_eight_rows(int t) {
  const int g = t % 32 / 4, c = t % 4;
  const auto two = [c](auto one) { return one(2 * c) + 3 * one(2 * c + 1); };
  if (t < 32)
    return 7 + two([g](int n) {
             return product_of(
                 16, [g](int k) { return g * 32 + k / 4 * 8 + k % 4; },
                 [n](int k) { return n * 32 + k / 4 * 8 + k % 4 + 64; });
           });
  if (t < 64)
    return 15 + two([g](int n) {
             return product_of(
                 32, [g](int k) { return g * 32 + k; }, [n](int k) { return n * 32 + k + 64; });
           });
  if (t < 96)
    return 1.25 + 0.5 * two([g](int n) {
                    return product_of(
                        4, [g](int k) { return g * 4 + k; }, [n](int k) { return n * 4 + k + 9; });
                  });
  return 16 * c + g + 100 * (16 * c + 8 + g);
}

}  // namespace evotune::dialect_test
