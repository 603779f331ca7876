#include <gtest/gtest.h>

#include "kernel/reference_launch.h"
#include "kernel/source.h"

namespace evotune {
namespace {

std::vector<PlacedExpression> expressions(std::initializer_list<const char*> texts) {
  std::vector<PlacedExpression> all;
  for (const char* text : texts) all.push_back({*Expression::parse(text), {}});
  return all;
}

Result<Launch> launch(std::initializer_list<const char*> grid,
                      std::initializer_list<const char*> block, const char* shared = nullptr) {
  LaunchDeclaration declaration{expressions(grid), expressions(block), std::nullopt, {}};
  if (shared != nullptr) declaration.shared_bytes = expressions({shared}).front();
  return launch_of(declaration, {{"M", std::int64_t{65}}, {"BM", std::int64_t{16}}});
}

std::string refusal(const Result<Launch>& result) {
  if (result) return "accepted";
  EXPECT_EQ(result.error().stage, Stage::launch);
  return result.error().message;
}

TEST(Launch, ExpressionsBecomeExtents) {
  const Result<Launch> result = launch({"ceil_div(M, BM)", "2"}, {"BM * 2"}, "4 * BM");
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, (Launch{{5, 2, 1}, {32, 1, 1}, 64}));
}

TEST(Launch, AnIntegralDoubleIsAnExtent) {
  const Result<Launch> result = launch({"M / 65"}, {"BM"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->grid[0], 1U);
}

TEST(Launch, TheLimitsThemselvesAreAllowed) {
  EXPECT_TRUE(launch({"2147483647", "65535", "65535"}, {"1024"}));
  EXPECT_TRUE(launch({"1"}, {"1", "16", "64"}));
}

TEST(Launch, WhatNoDeviceCanLaunchIsRefusedWithItsNumbers) {
  EXPECT_EQ(refusal(launch({"M - 65"}, {"32"})), "grid.x = M - 65 is 0, not in 1..2147483647");
  EXPECT_EQ(refusal(launch({"2147483648"}, {"32"})),
            "grid.x = 2147483648 is 2147483648, not in 1..2147483647");
  EXPECT_EQ(refusal(launch({"1", "65536"}, {"32"})), "grid.y = 65536 is 65536, not in 1..65535");
  EXPECT_EQ(refusal(launch({"1"}, {"1", "1", "65"})), "block.z = 65 is 65, not in 1..64");
  EXPECT_EQ(refusal(launch({"1"}, {"64", "32"})),
            "a block of 64 x 32 x 1 = 2048 threads; at most 1024 are possible");
  EXPECT_EQ(refusal(launch({"1"}, {"32"}, "-BM")), "shared_bytes = -BM is -16");
}

TEST(Launch, AnExpressionThatCannotBeWorkedOutIsAFailureOfTheCandidate) {
  EXPECT_NE(refusal(launch({"M // 0"}, {"32"})).find("grid = M // 0: "), std::string::npos);
  EXPECT_NE(refusal(launch({"M / 2"}, {"32"})).find("grid = M / 2: "), std::string::npos);
  EXPECT_NE(refusal(launch({"M"}, {"NOBODY"})).find("block = NOBODY: "), std::string::npos);
}

TEST(Launch, ABarrierOfTheGridIsCodeAndNoComment) {
  EXPECT_TRUE(may_wait_for_grid("auto grid = cg::this_grid();"));
  EXPECT_FALSE(may_wait_for_grid("// unlike this_grid()\nprintf(\"this_grid\"); int this_grids;"));
}

TEST(ReferenceLaunch, OneThreadForEachElementOfTheLargestOutput) {
  Workload workload;
  workload.arguments = {{"x", Role::in, ElementType::f32, 5000, {}},
                        {"y", Role::out, ElementType::f32, 129, {}},
                        {"z", Role::inout, ElementType::f32, 7, {}}};
  const Result<Launch> result = reference_launch({}, workload, {});
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, (Launch{{2, 1, 1}, {128, 1, 1}, 0}));
}

}  // namespace
}  // namespace evotune
