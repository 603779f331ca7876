#include <gtest/gtest.h>

#include <string>

#include "expr/expression.h"

namespace evotune {
namespace {

using Integer = std::int64_t;

const Bindings bindings = {{"BM", Integer{64}},
                           {"BN", Integer{128}},
                           {"TM", Integer{4}},
                           {"LAYOUT", std::string("row")},
                           {"device.sms", Integer{132}},
                           {"fast", true},
                           {"scale", 0.5}};

// The value as text; what went wrong, if there is none.
std::string value_of(const std::string& text) {
  const auto expression = Expression::parse(text);
  if (!expression) return "parse: " + explain(expression.error(), text);
  const auto value = expression->evaluate(bindings);
  return value ? to_text(*value) : "evaluate: " + explain(value.error(), text);
}

struct Meant {
  const char* text;
  const char* value;
};

class Evaluation : public testing::TestWithParam<Meant> {};

TEST_P(Evaluation, HasPythonsMeaning) { EXPECT_EQ(value_of(GetParam().text), GetParam().value); }

INSTANTIATE_TEST_SUITE_P(
    OfArithmetic, Evaluation,
    testing::Values(Meant{"1 + 2 * 3", "7"}, Meant{"(1 + 2) * 3", "9"}, Meant{"7 - 2 - 1", "4"},
                    Meant{"7 / 2", "3.5"}, Meant{"6 / 2", "3.0"}, Meant{"7 // 2", "3"},
                    Meant{"-7 // 2", "-4"}, Meant{"7 // -2", "-4"}, Meant{"-7 % 3", "2"},
                    Meant{"7 % -3", "-2"}, Meant{"-7.5 // 2", "-4.0"}, Meant{"-7.5 % 2", "0.5"},
                    Meant{"2 ** 10", "1024"}, Meant{"2 ** 3 ** 2", "512"}, Meant{"-2 ** 2", "-4"},
                    Meant{"2 ** -1", "0.5"}, Meant{"2.0 ** 0.5 ** 0", "2.0"},
                    Meant{"(-2) ** 63", "-9223372036854775808"},
                    Meant{"-9223372036854775808", "-9223372036854775808"},
                    Meant{"-9223372036854775808 % -1", "0"}, Meant{"- - 3", "3"},
                    Meant{"3--3", "6"}, Meant{"+True", "1"}, Meant{"True + True", "2"},
                    Meant{"fast * BM", "64"}, Meant{"0x1F", "31"}, Meant{"1e3", "1000.0"},
                    Meant{".5 + 1.", "1.5"}, Meant{"9007199254740993 / 3", "3002399751580331.0"}));

INSTANTIATE_TEST_SUITE_P(
    OfComparisons, Evaluation,
    testing::Values(Meant{"1 < 2 < 3", "true"}, Meant{"3 > 2 > 2", "false"},
                    Meant{"1 < 2 == 2 != 3", "true"}, Meant{"1 == 1.0 == True", "true"},
                    Meant{"BM * 1 <= BM * 2 != BM * 3 - (BM + BM * 0)", "false"},
                    Meant{"BM < BN < BM * 3 < BN * (BM - 60) - (TM + BM * 0)", "true"},
                    Meant{"9007199254740993 == 9007199254740992.0", "false"},
                    Meant{"9223372036854775807 < 9223372036854775808.0", "true"},
                    Meant{"'row' < 'rows'", "true"}, Meant{"'1' == 1", "false"},
                    Meant{"LAYOUT == 'row'", "true"}, Meant{"LAYOUT != \"col\"", "true"}));

INSTANTIATE_TEST_SUITE_P(
    OfMembership, Evaluation,
    testing::Values(Meant{"BM in [32, 64]", "true"}, Meant{"BM in (32,)", "false"},
                    Meant{"BM not in [32, 64]", "false"}, Meant{"BM in []", "false"},
                    Meant{"BM not in ()", "true"}, Meant{"BM in [BN // 2,]", "true"},
                    Meant{"LAYOUT in ['row', 'col']", "true"}, Meant{"1 in ['1', True]", "true"},
                    Meant{"'o' in LAYOUT", "true"}, Meant{"'x' not in LAYOUT", "true"},
                    Meant{"1 < BM in [64]", "true"}, Meant{"not BM in [1]", "true"},
                    Meant{"(BM) in [64] and True", "true"}));

INSTANTIATE_TEST_SUITE_P(
    OfLogic, Evaluation,
    testing::Values(Meant{"BM and BN", "128"}, Meant{"0 or BN", "128"}, Meant{"0 and 1 // 0", "0"},
                    Meant{"BM or 1 // 0", "64"}, Meant{"False or 0.0", "0.0"},
                    Meant{"not ''", "true"}, Meant{"not 1 == 2", "true"},
                    Meant{"1 or 0 and 0", "1"}, Meant{"True and true and not false", "true"},
                    Meant{"1 if BM > 2 else 1 // 0", "1"}, Meant{"1 // 0 if BM < 2 else 2", "2"},
                    Meant{"1 if 0 else 2 if 0 else 3", "3"}, Meant{"missing if 0 else 5", "5"},
                    Meant{"1 > 2 < 1 // 0", "false"}, Meant{"BM > 99 < 1 // 0", "false"},
                    Meant{"True and BM > 99 < missing", "false"}));

INSTANTIATE_TEST_SUITE_P(
    OfFunctions, Evaluation,
    testing::Values(Meant{"min(3, 1, 2)", "1"}, Meant{"max(BM, BN)", "128"},
                    Meant{"max([1, 2, BM])", "64"}, Meant{"min(1, 1.0)", "1"},
                    Meant{"min(1.0, 1)", "1.0"}, Meant{"max('a', 'b')", "b"}, Meant{"abs(-3)", "3"},
                    Meant{"abs(-3.5)", "3.5"}, Meant{"ceil_div(7, 2)", "4"},
                    Meant{"ceil_div(-7, 2)", "-3"}, Meant{"ceil_div(8, 2)", "4"},
                    Meant{"ceil_div(7.0, 2)", "4.0"}, Meant{"round_up(100, 64)", "128"},
                    Meant{"round_up(128, 64)", "128"}, Meant{"log2(8)", "3.0"},
                    Meant{"sqrt(16)", "4.0"}, Meant{"int(-2.7)", "-2"}, Meant{"float(2)", "2.0"},
                    Meant{"floor(-2.5)", "-3"}, Meant{"ceil(2.1)", "3"}, Meant{"round(2.5)", "2"},
                    Meant{"round(3.5)", "4"}, Meant{"max (1, 2)", "2"}));

TEST(Names, MayHaveDots) { EXPECT_EQ(value_of("2 * device.sms"), "264"); }

TEST(Names, AreListedOnceInTheOrderOfTheirFirstUse) {
  const auto expression = Expression::parse("BN * BM + BN - device.sms");
  ASSERT_TRUE(expression);
  const auto names = expression->names();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            (std::vector<std::string>{"BN", "BM", "device.sms"}));
  EXPECT_EQ(expression->column_of("BM"), 6U);
  EXPECT_EQ(expression->column_of("nobody"), 0U);
}

TEST(Expressions, KeepTheirText) { EXPECT_EQ(Expression::parse(" BM *2 ")->text(), " BM *2 "); }

TEST(Expressions, OfKernelTunerReadUnchanged) {
  const char* const restriction =
      "32 <= BM*TM <= 1024 and (BM % TM == 0 or (not fast and TM in [1, 2, 4])) and LAYOUT != "
      "'col'";
  EXPECT_EQ(value_of(restriction), "true");
}

TEST(Integers, AreWholeNumbersOfEitherKind) {
  const auto integer = [](const char* text) {
    return evaluate_integer(*Expression::parse(text), bindings);
  };
  EXPECT_EQ(*integer("BM * 2"), 128);
  EXPECT_EQ(*integer("BM / 2"), 32);
  EXPECT_EQ(*integer("fast"), 1);
  for (const char* text : {"BM / 3", "LAYOUT", "1e19", "1e308 * 10", "1 // 0"}) {
    EXPECT_FALSE(integer(text)) << text;
  }
}

TEST(Numbers, AreIntegersToo) {
  EXPECT_EQ(*evaluate_number(*Expression::parse("BM"), bindings), 64.0);
  EXPECT_EQ(*evaluate_number(*Expression::parse("BM / 128"), bindings), 0.5);
  EXPECT_FALSE(evaluate_number(*Expression::parse("LAYOUT"), bindings));
}

}  // namespace
}  // namespace evotune
