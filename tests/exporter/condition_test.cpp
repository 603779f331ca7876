#include "exporter/condition.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

const Macros known = {{"BM", {Macro::Kind::object, "64"}},
                      {"TM", {Macro::Kind::object, "4"}},
                      {"THREADS", {Macro::Kind::object, "BM / TM"}},
                      {"SELF", {Macro::Kind::object, "SELF + 2"}},
                      {"LAYOUT_row", {Macro::Kind::object, "1"}},
                      {"EMPTY", {Macro::Kind::object, ""}},
                      {"WIDE", {Macro::Kind::object, "WIDE_HEADER"}},
                      {"CALL", {Macro::Kind::function, ""}},
                      {"GONE", {Macro::Kind::undefined, ""}}};

using Answer = std::optional<bool>;

TEST(Condition, ComputesWithKnownMacrosAsAPreprocessorDoes) {
  EXPECT_EQ(evaluate_condition("BM == 64", known), Answer(true));
  EXPECT_EQ(evaluate_condition("BM * 2 + 1 > 129", known), Answer(false));
  EXPECT_EQ(evaluate_condition("(BM % 3 == 1) ? 0 : 1", known), Answer(false));
  EXPECT_EQ(evaluate_condition("!LAYOUT_row", known), Answer(false));
  EXPECT_EQ(evaluate_condition("GONE", known), Answer(false));
  EXPECT_EQ(evaluate_condition("0x40 == BM and 1'0 == 012 + 0b0uL", known), Answer(true));
  EXPECT_EQ(evaluate_condition("true && !false", known), Answer(true));
}

TEST(Condition, ExpandsMacrosByTheirTextNotTheirValue) {
  EXPECT_EQ(evaluate_condition("THREADS * 4 == 64", known), Answer(true));  // 64 / 4 * 4
  EXPECT_EQ(evaluate_condition("64 / THREADS == 0", known), Answer(true));  // 64 / 64 / 4
  EXPECT_EQ(evaluate_condition("SELF == 2", known), Answer(true));
}

TEST(Condition, FollowsTheRulesOfUnsignedNumbers) {
  EXPECT_EQ(evaluate_condition("-1 < 0", known), Answer(true));
  EXPECT_EQ(evaluate_condition("-1 < 0u", known), Answer(false));
  EXPECT_EQ(evaluate_condition("(1 ? -1 : 0u) > 0", known), Answer(true));
  EXPECT_EQ(evaluate_condition("18446744073709551615 == -1", known), Answer(true));
}

TEST(Condition, SaysNothingOfMacrosThatItDoesNotKnow) {
  EXPECT_EQ(evaluate_condition("__CUDA_ARCH__ >= 800", known), std::nullopt);
  EXPECT_EQ(evaluate_condition("SOMEBODYS", known), std::nullopt);
  EXPECT_EQ(evaluate_condition("defined(SOMEBODYS)", known), std::nullopt);
  EXPECT_EQ(evaluate_condition("WIDE > 4", known), std::nullopt);
  EXPECT_EQ(evaluate_condition("CALL(3)", known), std::nullopt);
  EXPECT_EQ(evaluate_condition("__has_include(<mma.h>)", known), std::nullopt);
}

TEST(Condition, DecidesWhereTheUnknownCannotMatter) {
  EXPECT_EQ(evaluate_condition("defined(GONE) && defined(SOMEBODYS)", known), Answer(false));
  EXPECT_EQ(evaluate_condition("__CUDA_ARCH__ < 800 || BM == 64", known), Answer(true));
  EXPECT_EQ(evaluate_condition("__CUDA_ARCH__ < 800 && BM == 64", known), std::nullopt);
  // An ordinary name may expand to "0 || 1", which changes what && binds.
  EXPECT_EQ(evaluate_condition("0 && SOMEBODYS", known), std::nullopt);
}

TEST(Condition, LeavesMistakesToTheCompiler) {
  for (const char* text :
       {"", "BM ==", "(BM", "BM 64", "1 / 0", "1.5 > 1", "\"a\"", "EMPTY", "99999999999999999999",
        "9223372036854775807 + 1", "1 << 64", "08", "defined", "defined(", "1 ? 2"})
    EXPECT_EQ(evaluate_condition(text, known), std::nullopt) << text;
}

TEST(Condition, DoesNotDrownInNestedBracketsOrMacros) {
  EXPECT_EQ(evaluate_condition(std::string(100000, '('), known), std::nullopt);
  Macros doubling = {{"A0", {Macro::Kind::object, "1 +"}}};
  for (int i = 1; i < 60; ++i) {
    const std::string before = "A" + std::to_string(i - 1);
    doubling["A" + std::to_string(i)] = {Macro::Kind::object, before + " " + before};
  }
  EXPECT_EQ(evaluate_condition("A59 1", doubling), std::nullopt);
}

}  // namespace
}  // namespace evotune
