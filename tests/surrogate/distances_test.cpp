#include <gtest/gtest.h>

#include <cmath>

#include "surrogate/expected_improvement.h"
#include "surrogate/normal.h"
#include "surrogate/value_distances.h"

namespace evotune {
namespace {

Parameter parameter(std::vector<Value> values) {
  return {"P", ParameterKind::value, std::move(values), {}};
}
Parameter integers(const std::vector<std::int64_t>& values) {
  Parameter result = parameter({});
  for (const std::int64_t value : values) result.values.emplace_back(value);
  return result;
}

TEST(ValueDistances, NamesBooleansAndPairsAreTheSameOrNot) {
  for (const Parameter& one :
       {parameter({std::string("row"), std::string("col"), std::string("tile")}),
        parameter({true, false}), integers({1, 1000})}) {
    const ValueDistances distances(one);
    ASSERT_EQ(distances.features(), 1u);
    EXPECT_EQ(distances.distance(0, 0, 0), 0);
    EXPECT_EQ(distances.distance(0, 0, 1), 1);
    EXPECT_EQ(distances.distance(0, 1, 0), 1);
  }
}

TEST(ValueDistances, APowerOfTwoIsFarFromItsOddNeighbour) {
  const ValueDistances distances(integers({1, 2, 3, 4, 8}));
  ASSERT_EQ(distances.features(), 3u);
  // Half by order, half by logarithm.
  EXPECT_NEAR(distances.distance(0, 0, 1), 0.5 / 4 + 0.5 * std::log(2) / std::log(8), 1e-12);
  EXPECT_NEAR(distances.distance(0, 0, 4), 1, 1e-12);
  // 4 is halved twice and 3 never, of at most three times.
  EXPECT_NEAR(distances.distance(1, 2, 3), 2.0 / 3, 1e-12);
  EXPECT_EQ(distances.distance(2, 2, 3), 1);
  EXPECT_EQ(distances.distance(2, 3, 4), 0);
}

TEST(ValueDistances, NumbersAreOrderedBySizeAndZeroHasNoLogarithm) {
  const ValueDistances distances(integers({8, 0, 2}));
  ASSERT_EQ(distances.features(), 1u);
  EXPECT_EQ(distances.distance(0, 0, 1), 1);    // 8 and 0 are the ends
  EXPECT_EQ(distances.distance(0, 1, 2), 0.5);  // 0 and 2 are next to each other
}

TEST(ValueDistances, OneValueHasNoFeatures) {
  EXPECT_EQ(ValueDistances(integers({4})).features(), 0u);
}

TEST(PlainValues, ArePowersOfTwoAndZeroWhereThereIsAChoice) {
  EXPECT_EQ(plain_values(integers({0, 1, 2, 3, 48, 64})),
            (std::vector<bool>{true, true, true, false, false, true}));
  EXPECT_EQ(plain_values(integers({3, 5})), (std::vector<bool>{true, true}));
  EXPECT_EQ(plain_values(parameter({0.5, 1.5, 2.5})), (std::vector<bool>(3, true)));
}

TEST(Normal, TheQuantileInvertsTheProbability) {
  for (const double p : {1e-9, 0.001, 0.02, 0.3, 0.5, 0.77, 0.99, 0.999999})
    EXPECT_NEAR(normal_below(normal_quantile(p)) / p, 1, 1e-7) << p;
}

TEST(ExpectedImprovement, IsWhatNumericalIntegrationSays) {
  const double mean = 0.3, sd = 0.7, best = -0.4;
  double sum = 0;
  constexpr double step = 1e-4;
  for (double x = mean - 9 * sd; x < best; x += step)
    sum += (best - x) * normal_density((x - mean) / sd) / sd * step;
  EXPECT_NEAR(std::exp(log_expected_improvement(mean, sd, best)) / sum, 1, 1e-3);
}

TEST(ExpectedImprovement, OrdersCandidatesWhoseExpectationUnderflows) {
  double last = 0;
  for (const double mean : {10.0, 19.9, 20.1, 50.0, 100.0}) {
    const double now = log_expected_improvement(mean, 1, 0);
    EXPECT_TRUE(std::isfinite(now));
    EXPECT_LT(now, last);
    last = now;
  }
  // Both formulas agree where one takes over.
  EXPECT_NEAR(log_expected_improvement(20 - 1e-9, 1, 0), log_expected_improvement(20 + 1e-9, 1, 0),
              1e-5);
}

TEST(MostPromising, IsTheFirstOfTheBestThatAreOpen) {
  const std::vector<float> mean{0.5F, -1.0F, 0.2F, -1.0F, -2.0F};
  const std::vector<float> explained{0.5F, 0.5F, 0.1F, 0.5F, 0.5F};
  const Beliefs beliefs{mean, explained, 1.0};
  const std::vector<char> open{1, 1, 1, 1, 0};
  constexpr double lowest = -1e300;
  const auto choice = most_promising(beliefs, open, 0, lowest);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->candidate, 1u);
  EXPECT_NEAR(choice->merit, log_expected_improvement(-1, std::sqrt(0.5), 0), 1e-6);
  EXPECT_FALSE(most_promising(beliefs, open, 0, choice->merit));
  EXPECT_FALSE(most_promising(beliefs, std::vector<char>(5, 0), 0, lowest));
}

}  // namespace
}  // namespace evotune
