#include "outcome/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.h"

namespace evotune {
namespace {

std::vector<Pair> noisy_pairs(std::size_t count, double speedup, double noise, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < count; ++i)
    pairs.push_back({std::exp(noise * rng.normal()), std::exp(noise * rng.normal()) / speedup});
  return pairs;
}

Measurement measurement_of(std::vector<std::vector<Pair>> shapes) {
  Measurement measurement;
  for (std::vector<Pair>& pairs : shapes) measurement.shapes.push_back({"", std::move(pairs)});
  return measurement;
}

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoMiddleValues) {
  EXPECT_EQ(median(std::vector<double>{3, 1, 2}), 2);
  EXPECT_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median(std::vector<double>{7}), 7);
}

TEST(Median, OfNothingIsNaN) { EXPECT_TRUE(std::isnan(median({}))); }

TEST(Median, LeavesItsArgumentAsItWas) {
  const std::vector<double> values{3, 1, 2};
  EXPECT_EQ(median(values), 2);
  EXPECT_EQ(values, (std::vector<double>{3, 1, 2}));
}

TEST(Speedup, OfPairsThatAllAgreeIsThatRatioWithoutSpread) {
  const Speedup speedup = speedup_of(std::vector<Pair>(7, Pair{6e-3, 2e-3}));
  EXPECT_DOUBLE_EQ(speedup.median, 3);
  EXPECT_DOUBLE_EQ(speedup.low, 3);
  EXPECT_DOUBLE_EQ(speedup.high, 3);
}

TEST(Speedup, OfNothingIsZero) {
  EXPECT_EQ(speedup_of(std::vector<Pair>{}), Speedup{});
  EXPECT_EQ(speedup_of(Measurement{}), Speedup{});
  EXPECT_EQ(speedup_of(measurement_of({{{2, 1}, {2, 1}}, {}})), Speedup{});
}

TEST(Speedup, OfOnePairIsNotPreferredToAnything) {
  const Speedup speedup = speedup_of(std::vector<Pair>{{2, 1}});
  EXPECT_DOUBLE_EQ(speedup.median, 2);
  EXPECT_EQ(speedup.low, 0);
  EXPECT_DOUBLE_EQ(speedup.high, 2);
}

TEST(Speedup, APairWithoutTwoPositiveTimesIsLeftOut) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Pair> broken{{0, 1}, {1, 0}, {-2, -1}, {nan, 1}, {1, nan}, {infinity, 1}};
  EXPECT_EQ(speedup_of(broken), Speedup{});
  std::vector<Pair> mixed = broken;
  mixed.insert(mixed.end(), 3, Pair{4, 1});
  EXPECT_DOUBLE_EQ(speedup_of(mixed).median, 4);
  EXPECT_DOUBLE_EQ(speedup_of(mixed).low, 4);
}

TEST(Speedup, OneWildPairDoesNotMoveTheMedian) {
  std::vector<Pair> pairs(8, Pair{2, 1});
  pairs.push_back({1000, 1});
  EXPECT_DOUBLE_EQ(speedup_of(pairs).median, 2);
}

TEST(Speedup, IsTheSameEveryTime) {
  const std::vector<Pair> pairs = noisy_pairs(31, 1.5, 0.05, 1);
  EXPECT_EQ(speedup_of(pairs), speedup_of(pairs));
  EXPECT_EQ(speedup_of(measurement_of({pairs})), speedup_of(pairs));
}

TEST(Speedup, TheIntervalNarrowsWithPairsAndHoldsTheMedian) {
  const Speedup few = speedup_of(noisy_pairs(7, 1.5, 0.05, 2));
  const Speedup many = speedup_of(noisy_pairs(300, 1.5, 0.05, 2));
  EXPECT_LE(few.low, few.median);
  EXPECT_GE(few.high, few.median);
  EXPECT_LT(many.high - many.low, (few.high - few.low) / 2);
}

// Of a median's bootstrap interval at 31 pairs about 94 % hold the truth; 900 of 1,000 is more than
// five standard deviations below that.
TEST(Speedup, TheIntervalHoldsTheTruthAboutAsOftenAsItSays) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Speedup speedup = speedup_of(noisy_pairs(31, 1.04, 0.02, 100 + seed));
    if (speedup.low <= 1.04 && 1.04 <= speedup.high) ++held;
  }
  EXPECT_GE(held, 900);
  EXPECT_LE(held, 990);
}

TEST(Speedup, OverShapesIsTheGeometricMean) {
  const Speedup speedup = speedup_of(measurement_of({{{2, 1}, {2, 1}}, {{8, 1}, {8, 1}}}));
  EXPECT_DOUBLE_EQ(speedup.median, 4);
  EXPECT_DOUBLE_EQ(speedup.low, 4);
  EXPECT_DOUBLE_EQ(speedup.high, 4);
}

TEST(Speedup, SeveralShapesResampledTogetherAreMoreCertainThanOne) {
  const std::vector<Pair> a = noisy_pairs(15, 2, 0.05, 3), b = noisy_pairs(15, 2, 0.05, 4),
                          c = noisy_pairs(15, 2, 0.05, 5), d = noisy_pairs(15, 2, 0.05, 6);
  const auto width = [](const Speedup& speedup) { return speedup.high - speedup.low; };
  const double one =
      (width(speedup_of(a)) + width(speedup_of(b)) + width(speedup_of(c)) + width(speedup_of(d))) /
      4;
  EXPECT_LT(width(speedup_of(measurement_of({a, b, c, d}))), 0.75 * one);
}

TEST(Latency, IsTheCandidatesMedianAndTheGeometricMeanOverShapes) {
  EXPECT_DOUBLE_EQ(latency_of(measurement_of({{{9, 1}, {9, 4}, {9, 2}}})), 2);
  EXPECT_DOUBLE_EQ(latency_of(measurement_of({{{9, 2}}, {{9, 8}}})), 4);
}

TEST(Latency, OfNothingIsNeverTheSmallest) {
  EXPECT_EQ(latency_of({}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(latency_of(measurement_of({{{9, 2}}, {}})), std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace evotune
