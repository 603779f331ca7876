#include "kernel/inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace evotune {
namespace {

using Kind = Recipe::Kind;

std::vector<double> made(const Recipe& recipe, ElementType type, std::uint64_t count,
                         std::uint64_t seed = 1) {
  return as_doubles(make_elements(recipe, type, count, Rng(seed)), type);
}

TEST(Inputs, NormalHasMeanZeroVarianceOneAndBothSigns) {
  const std::vector<double> values = made({}, ElementType::f32, 100'000);
  double sum = 0, squares = 0;
  for (const double x : values) {
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 100'000, 0, 0.02);
  EXPECT_NEAR(squares / 100'000, 1, 0.02);
  EXPECT_LT(*std::min_element(values.begin(), values.end()), -2.5);
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 2.5);
}

TEST(Inputs, ValuesDependOnTheSeedAndOnNothingElse) {
  EXPECT_EQ(made({}, ElementType::f32, 100, 7), made({}, ElementType::f32, 100, 7));
  EXPECT_NE(made({}, ElementType::f32, 100, 7), made({}, ElementType::f32, 100, 8));
}

TEST(Inputs, UniformStaysInItsInterval) {
  Recipe recipe;
  recipe.kind = Kind::uniform;
  for (const double x : made(recipe, ElementType::f64, 10'000)) {
    EXPECT_GE(x, 0);
    EXPECT_LT(x, 1);
  }
}

TEST(Inputs, IntegersReachBothEndsOfTheirRange) {
  const std::vector<double> values = made({Kind::integers, 1, -2, 1, 1}, ElementType::i8, 1000);
  EXPECT_EQ(std::set<double>(values.begin(), values.end()), (std::set<double>{-2, -1, 0, 1}));
}

TEST(Inputs, TheWidestRangeOfIntegersDoesNotOverflow) {
  const Recipe recipe{Kind::integers, 1, INT64_MIN, INT64_MAX, 1};
  EXPECT_EQ(made(recipe, ElementType::i64, 10).size(), 10U);
}

TEST(Inputs, OneHotHasOneOneInEveryRow) {
  Recipe recipe;
  recipe.kind = Kind::one_hot;
  recipe.row = 5;
  const std::vector<double> values = made(recipe, ElementType::f16, 40);
  for (std::size_t row = 0; row < 8; ++row) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * 5);
    EXPECT_EQ(std::accumulate(begin, begin + 5, 0.0), 1);
    EXPECT_EQ(std::count(begin, begin + 5, 0.0), 4);
  }
}

TEST(Flavours, ChangeWhatVariesAndNothingThatIsFixed) {
  const Recipe index{Kind::integers, 1, 0, 9, 1};
  for (const auto flavour : {InputFlavour::one_hot, InputFlavour::small_integers,
                             InputFlavour::large, InputFlavour::zeros}) {
    const Recipe recipe = recipe_for(index, ElementType::i32, flavour, true);
    EXPECT_EQ(recipe.kind, Kind::integers);
    EXPECT_EQ(recipe.high, 9);
    EXPECT_NE(recipe_for({}, ElementType::f32, flavour, true).kind, Kind::uniform);
  }
}

TEST(Flavours, OnlyTheLeaderIsOneHotSoThatProductsDoNotVanish) {
  EXPECT_EQ(recipe_for({}, ElementType::f32, InputFlavour::one_hot, true).kind, Kind::one_hot);
  EXPECT_EQ(recipe_for({}, ElementType::f32, InputFlavour::one_hot, false).kind, Kind::integers);
}

TEST(Flavours, LargeValuesAreLargeAndTheirProductsFinite) {
  for (const auto type :
       {ElementType::f16, ElementType::bf16, ElementType::f32, ElementType::f64}) {
    double largest = 0;
    for (const double x : made(recipe_for({}, type, InputFlavour::large, true), type, 10'000))
      largest = std::max(largest, std::abs(x));
    EXPECT_GT(largest, 40);
    EXPECT_LT(largest * largest, type == ElementType::f16 ? 65504 : 1e70);
  }
}

TEST(Flavours, AnUnsignedTypeGetsNoNegativeNumbers) {
  for (const auto flavour :
       {InputFlavour::declared, InputFlavour::small_integers, InputFlavour::large}) {
    const Recipe recipe = recipe_for({}, ElementType::u8, flavour, true);
    EXPECT_EQ(recipe.low, 0);
    EXPECT_TRUE(fits(ElementType::u8, recipe.low, recipe.high));
  }
}

TEST(Fits, TheEndsOfEveryIntegerType) {
  EXPECT_TRUE(fits(ElementType::i8, -128, 127));
  EXPECT_FALSE(fits(ElementType::i8, -129, 0));
  EXPECT_FALSE(fits(ElementType::u8, 0, 256));
  EXPECT_FALSE(fits(ElementType::u64, -1, 1));
  EXPECT_TRUE(fits(ElementType::u32, 0, 4294967295));
  EXPECT_TRUE(fits(ElementType::i64, INT64_MIN, INT64_MAX));
}

}  // namespace
}  // namespace evotune
