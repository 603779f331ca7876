#include "base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace evotune {
namespace {

/// Σ (observed − expected)² / expected for equally likely cells.
double chi_squared(const std::vector<int>& counts, double draws) {
  const double expected = draws / static_cast<double>(counts.size());
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

/// Five standard deviations above the mean of a χ² with this many cells.
double chi_squared_limit(std::size_t cells) {
  const auto freedom = static_cast<double>(cells - 1);
  return freedom + 5 * std::sqrt(2 * freedom);
}

// Recorded runs are replayed by these numbers: a change here breaks every resume.
TEST(Rng, NumbersDoNotChange) {
  Rng rng(1, 2, 3);
  EXPECT_EQ(rng.next(), 3487128831401534792u);
  EXPECT_EQ(rng.next(), 11733750967641101063u);
  EXPECT_EQ(rng.below(1000), 550u);
  EXPECT_DOUBLE_EQ(rng.uniform(), 0.62089280876963693);
  EXPECT_NEAR(rng.normal(), -0.8659910497733212, 1e-12);
}

TEST(Rng, EqualKeysGiveEqualNumbers) {
  Rng a(7, 8, 9), b(7, 8, 9);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Rng, SeedStreamAndIndexEachLeadElsewhere) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (std::uint64_t stream = 0; stream < 10; ++stream)
      for (std::uint64_t index = 0; index < 10; ++index)
        firsts.insert(Rng(seed, stream, index).next());
  EXPECT_EQ(firsts.size(), 1000u);
}

TEST(Rng, BelowIsUniform) {
  for (const std::size_t bound : {2u, 3u, 7u, 10u, 100u}) {
    Rng rng(bound);
    std::vector<int> counts(bound);
    constexpr int draws = 100000;
    for (int i = 0; i < draws; ++i) ++counts.at(rng.below(bound));
    EXPECT_LT(chi_squared(counts, draws), chi_squared_limit(bound)) << bound;
  }
}

// The first number of neighbouring keys is what strategies use most.
TEST(Rng, FirstNumbersOfNeighbouringKeysAreUniform) {
  std::vector<int> counts(16);
  constexpr std::uint64_t draws = 100000;
  for (std::uint64_t index = 0; index < draws; ++index)
    ++counts.at(Rng(1, index / 24, index % 24).below(16));
  EXPECT_LT(chi_squared(counts, draws), chi_squared_limit(16));
}

// With bound = 3·2^62 a plain product or remainder would favour a third of the results two to one.
TEST(Rng, BelowIsUnbiasedForABoundNearTheWholeRange) {
  const std::uint64_t bound = std::uint64_t{3} << 62;
  Rng rng(5);
  std::vector<int> by_quarter(3), by_remainder(3);
  constexpr int draws = 30000;
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t drawn = rng.below(bound);
    ASSERT_LT(drawn, bound);
    ++by_quarter.at(drawn >> 62);
    ++by_remainder.at(drawn % 3);
  }
  EXPECT_LT(chi_squared(by_quarter, draws), chi_squared_limit(3));
  EXPECT_LT(chi_squared(by_remainder, draws), chi_squared_limit(3));
}

TEST(Rng, BelowOneIsZero) {
  Rng rng(1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rng.below(1), 0u);
}

TEST(Rng, UniformFillsItsRangeAndStaysInside) {
  Rng rng(3);
  std::vector<int> counts(50);
  constexpr int draws = 100000;
  for (int i = 0; i < draws; ++i) {
    const double drawn = rng.uniform();
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 1);
    ++counts.at(static_cast<std::size_t>(drawn * 50));
  }
  EXPECT_LT(chi_squared(counts, draws), chi_squared_limit(50));
}

// Sixteen equally likely cells between the normal distribution's quantiles.
TEST(Rng, NormalIsNormal) {
  Rng rng(4);
  std::vector<int> counts(16);
  double sum = 0, squares = 0;
  constexpr int draws = 100000;
  for (int i = 0; i < draws; ++i) {
    const double drawn = rng.normal();
    ASSERT_TRUE(std::isfinite(drawn));
    const double quantile = std::erfc(-drawn / std::sqrt(2.0)) / 2;
    ++counts.at(std::min<std::size_t>(15, static_cast<std::size_t>(quantile * 16)));
    sum += drawn;
    squares += drawn * drawn;
  }
  EXPECT_LT(chi_squared(counts, draws), chi_squared_limit(16));
  EXPECT_NEAR(sum / draws, 0, 0.02);
  EXPECT_NEAR(squares / draws, 1, 0.03);
}

TEST(Rng, SuccessiveNumbersDoNotDependOnEachOther) {
  Rng rng(6);
  std::vector<int> counts(64);
  std::uint64_t before = rng.below(8);
  constexpr int draws = 100000;
  for (int i = 0; i < draws; ++i) {
    const std::uint64_t now = rng.below(8);
    ++counts.at(8 * before + now);
    before = now;
  }
  EXPECT_LT(chi_squared(counts, draws), chi_squared_limit(64));
}

}  // namespace
}  // namespace evotune
