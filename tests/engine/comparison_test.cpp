#include "engine/comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace evotune {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Buffer floats(const std::vector<float>& values) {
  Buffer bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

Argument output(ElementType type, std::uint64_t count) { return {"C", Role::out, type, count, ""}; }

Comparison compare_one(double expected, float actual, double tolerance) {
  return compare({{expected}, {tolerance}}, floats({actual}), output(ElementType::f32, 1));
}

TEST(Comparison, AnErrorJustInsideTheToleranceIsRight) {
  EXPECT_FALSE(compare_one(0, 0.99f, 1).wrong);
  EXPECT_FALSE(compare_one(0, -0.99f, 1).wrong);
}

TEST(Comparison, AnErrorJustOutsideTheToleranceIsWrong) {
  EXPECT_TRUE(compare_one(0, 1.01f, 1).wrong);
  EXPECT_TRUE(compare_one(0, -1.01f, 1).wrong);
}

TEST(Comparison, LargeIntegersThatAreTheSameDoubleAreStillToldApart) {
  const std::int64_t right = (std::int64_t{1} << 60) + 1, wrong = std::int64_t{1} << 60;
  const auto bytes = [](const std::int64_t& value) {
    Buffer buffer(sizeof value);
    std::memcpy(buffer.data(), &value, sizeof value);
    return buffer;
  };
  const ExpectedOutput expected{{static_cast<double>(right)}, {0}, bytes(right)};
  const Argument argument = output(ElementType::i64, 1);
  EXPECT_FALSE(compare(expected, bytes(right), argument).wrong);
  EXPECT_TRUE(compare(expected, bytes(wrong), argument).wrong);
}

TEST(Comparison, AnErrorOfExactlyTheToleranceIsRight) { EXPECT_FALSE(compare_one(1, 2, 1).wrong); }

TEST(Comparison, NaNNeverPassesWhereANumberIsExpected) {
  const Comparison verdict = compare_one(1, std::nanf(""), infinity);
  EXPECT_TRUE(verdict.wrong);
  EXPECT_TRUE(verdict.accuracy.has_nan);
  EXPECT_EQ(verdict.accuracy.max_error, infinity);
}

TEST(Comparison, NaNInTheToleranceLetsNothingPass) { EXPECT_TRUE(compare_one(1, 1.5f, nan).wrong); }

TEST(Comparison, NaNPassesOnlyWhereTheReferenceIsNaN) {
  EXPECT_FALSE(compare_one(nan, std::nanf(""), 0).wrong);
  EXPECT_TRUE(compare_one(nan, 1, infinity).wrong);
}

TEST(Comparison, InfinityPassesOnlyWithTheRightSignAndOutOfTheTypesRange) {
  const float inf = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(compare_one(infinity, inf, 0).wrong);
  EXPECT_FALSE(compare_one(1e60, inf, 0).wrong);
  EXPECT_TRUE(compare_one(-infinity, inf, 0).wrong);
  EXPECT_TRUE(compare_one(1e30, inf, infinity).wrong);
  EXPECT_TRUE(compare_one(infinity, 1, infinity).wrong);
}

TEST(Comparison, EveryElementCountsTheLastOneToo) {
  std::vector<float> values(1000, 1.0f);
  values.back() = 2.0f;
  const ExpectedOutput expected{std::vector<double>(1000, 1.0), std::vector<double>(1000, 0.5)};
  const Comparison verdict = compare(expected, floats(values), output(ElementType::f32, 1000));
  ASSERT_TRUE(verdict.wrong);
  EXPECT_NE(verdict.wrong->find("1 of 1000 elements of C are wrong"), std::string::npos);
  EXPECT_NE(verdict.wrong->find("C[999] = 2 instead of 1"), std::string::npos);
}

TEST(Comparison, IsToldWithAsManyDigitsAsItTakes) {
  const ExpectedOutput expected{{77.93481234}, {1e-9}};
  const Comparison verdict = compare(expected, floats({77.934815f}), output(ElementType::f32, 1));
  ASSERT_TRUE(verdict.wrong);
  EXPECT_NE(verdict.wrong->find("C[0] = 77.9348145 instead of 77.9348123"), std::string::npos)
      << *verdict.wrong;
}

TEST(Comparison, TheLargestErrorIsKeptWhereAllAreRight) {
  const ExpectedOutput expected{{1, 1, 1}, {1, 1, 4}};
  const Comparison verdict =
      compare(expected, floats({1.25f, 0.5f, 3.0f}), output(ElementType::f32, 3));
  EXPECT_FALSE(verdict.wrong);
  EXPECT_EQ(verdict.accuracy.max_error, 2);
  EXPECT_EQ(verdict.accuracy.worst_of_allowed, 0.5);
  EXPECT_FALSE(verdict.accuracy.has_nan);
}

TEST(Comparison, AShortOutputIsWrong) {
  EXPECT_TRUE(compare({{1, 2}, {9, 9}}, floats({1}), output(ElementType::f32, 2)).wrong);
}

TEST(Comparison, IntegersMustBeEqual) {
  const std::int32_t value = 7;
  Buffer bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  EXPECT_FALSE(compare({{7}, {0}}, bytes, output(ElementType::i32, 1)).wrong);
  EXPECT_TRUE(compare({{8}, {0}}, bytes, output(ElementType::i32, 1)).wrong);
}

TEST(Comparison, SpacingIsTheDistanceToTheNextNumberOfTheType) {
  EXPECT_EQ(spacing(1.0, ElementType::f32), 0x1p-23);
  EXPECT_EQ(spacing(-3.0, ElementType::f32), 0x1p-22);
  EXPECT_EQ(spacing(0.0, ElementType::f32), 0x1p-149);
  EXPECT_EQ(spacing(1.0, ElementType::f16), 0x1p-10);
  EXPECT_EQ(spacing(1e-7, ElementType::f16), 0x1p-24);
  EXPECT_EQ(spacing(1.0, ElementType::bf16), 0x1p-7);
  EXPECT_EQ(spacing(1.0, ElementType::f64), 0x1p-52);
  EXPECT_EQ(spacing(100, ElementType::i32), 0);
}

TEST(Comparison, TheWorseOfTwoAccuraciesIsTheWorseOfEachPart) {
  const Accuracy both = worst_of({1, 0.2, false}, {0.5, 0.9, true});
  EXPECT_EQ(both, (Accuracy{1, 0.9, true}));
}

}  // namespace
}  // namespace evotune
