#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "expr/expression.h"

namespace evotune {
namespace {

using Integer = std::int64_t;

const Bindings bindings = {
    {"BM", Integer{64}}, {"LAYOUT", std::string("row")}, {"huge", 1e308}, {"nan", std::nan("")}};

// Of parsing, else of evaluating; column 0 when all went well.
ExpressionError error_of(const std::string& text) {
  const auto expression = Expression::parse(text);
  if (!expression) return expression.error();
  const auto value = expression->evaluate(bindings);
  return value ? ExpressionError{"value " + to_text(*value), 0} : value.error();
}

struct Wrong {
  const char* text;
  std::size_t column;
  const char* says;  ///< a part of the message
};

class Mistakes : public testing::TestWithParam<Wrong> {};

TEST_P(Mistakes, AreToldWithTheirColumn) {
  const ExpressionError error = error_of(GetParam().text);
  EXPECT_EQ(error.column, GetParam().column) << GetParam().text << "\n" << error.message;
  EXPECT_NE(error.message.find(GetParam().says), std::string::npos) << error.message;
}

INSTANTIATE_TEST_SUITE_P(
    OfArithmetic, Mistakes,
    testing::Values(Wrong{"1 // 0", 3, "divides by zero"}, Wrong{"BM % (1 - 1)", 4, "by zero"},
                    Wrong{"BM / 0.0", 4, "by zero"}, Wrong{"ceil_div(BM, 0)", 1, "by zero"},
                    Wrong{"0 ** -1", 3, "by zero"}, Wrong{"2 ** 63", 3, "2 ** 63 overflows"},
                    Wrong{"9223372036854775807 + 1", 21, "overflows"},
                    Wrong{"-9223372036854775808 - 1", 22, "overflows"},
                    Wrong{"-9223372036854775808 // -1", 22, "overflows"},
                    Wrong{"-(-9223372036854775808)", 1, "overflows"},
                    Wrong{"abs(-9223372036854775808)", 1, "overflows"},
                    Wrong{"4294967296 * 4294967296", 12, "overflows"},
                    Wrong{"int(1e19)", 1, "overflows"}, Wrong{"huge ** 2", 6, "overflows"},
                    Wrong{"huge * 10 - huge * 10", 11, "not a number"},
                    Wrong{"1 + nan", 3, "not a number"}, Wrong{"max(nan, 1)", 1, "not a number"},
                    Wrong{"log2(0)", 1, "no real value"}, Wrong{"sqrt(-1)", 1, "no real value"},
                    Wrong{"(-8) ** 0.5", 6, "no real value"}));

INSTANTIATE_TEST_SUITE_P(
    OfTypes, Mistakes,
    testing::Values(Wrong{"LAYOUT + 1", 8, "types"}, Wrong{"LAYOUT * 2", 8, "types"},
                    Wrong{"LAYOUT + LAYOUT", 8, "types"}, Wrong{"LAYOUT < 1", 8, "types"},
                    Wrong{"-LAYOUT", 1, "types"}, Wrong{"1 in BM", 3, "needs a list"},
                    Wrong{"1 in LAYOUT", 3, "types"}, Wrong{"max(1, LAYOUT)", 1, "types"}));

INSTANTIATE_TEST_SUITE_P(OfNames, Mistakes,
                         testing::Values(Wrong{"2 * BN", 5, "did you mean 'BM'?"},
                                         Wrong{"1 in [2, layuot]", 10, "did you mean 'LAYOUT'?"},
                                         Wrong{"missing in []", 1, "unknown name 'missing'"},
                                         Wrong{"missing", 1, "unknown name"},
                                         Wrong{"BM and missing", 8, "unknown"},
                                         Wrong{"1 if missing else 2", 6, "unknown"},
                                         Wrong{"sqrtt(2)", 1, "did you mean 'sqrt'?"}));

INSTANTIATE_TEST_SUITE_P(
    OfOtherLanguages, Mistakes,
    testing::Values(Wrong{"BM && 1", 4, "'and'"}, Wrong{"BM || 1", 4, "'or'"},
                    Wrong{"!BM", 1, "'not'"}, Wrong{"BM ? 1 : 2", 4, "'a if c else b'"},
                    Wrong{"BM = 64", 4, "'=='"}, Wrong{"BM === 64", 4, "'=='"},
                    Wrong{"BM <> 64", 4, "'!='"}, Wrong{"BM ^ 2", 4, "'**'"},
                    Wrong{"BM << 2", 4, "power of two"}, Wrong{"BM & 1", 4, "no bit operations"},
                    Wrong{"BM is 2", 4, "'=='"}, Wrong{"lambda", 1, "no meaning"}));

INSTANTIATE_TEST_SUITE_P(
    OfGrammar, Mistakes,
    testing::Values(Wrong{"", 1, "missing"}, Wrong{"  ", 1, "missing"},
                    Wrong{"1 +", 4, "ends too early"}, Wrong{"1 2", 3, "unexpected '2'"},
                    Wrong{"* 2", 1, "unexpected '*'"}, Wrong{"1 if 2", 3, "has no 'else'"},
                    Wrong{"if 2", 1, "unexpected 'if'"}, Wrong{"BM not 2", 8, "unexpected '2'"},
                    Wrong{"2 == not 1", 6, "unexpected 'not'"}, Wrong{"[1, 2]", 1, "after 'in'"},
                    Wrong{"1 in [[1], 2]", 7, "after 'in'"},
                    Wrong{"1 in [1] == 1", 6, "after 'in'"}, Wrong{"1 + (1, 2)", 5, "after 'in'"},
                    Wrong{"max([])", 1, "two or more"}, Wrong{"min(1)", 1, "two or more"},
                    Wrong{"log2(1, 2)", 1, "takes 1"}, Wrong{"ceil_div(1)", 1, "takes 2"},
                    Wrong{"1 in [,]", 7, "unexpected ','"}, Wrong{"a. + 1", 1, "dot"},
                    Wrong{"BM @ 2", 4, "'@'"}));

INSTANTIATE_TEST_SUITE_P(
    OfLiterals, Mistakes,
    testing::Values(Wrong{"1 + 010", 5, "begin with 0"}, Wrong{"1e999", 1, "no double"},
                    Wrong{"1e-999", 1, "no double"}, Wrong{"0x", 1, "hexadecimal"},
                    Wrong{"0xG", 1, "hexadecimal"}, Wrong{"0x1G", 1, "not a number"},
                    Wrong{"12ab", 1, "not a number"}, Wrong{"1.2.3", 1, "not a number"},
                    Wrong{"1_000", 1, "not a number"}, Wrong{"1e", 1, "not a number"},
                    Wrong{"9223372036854775808", 1, "64 bits"},
                    Wrong{"-9223372036854775808 ** 2", 2, "64 bits"},
                    Wrong{"0x8000000000000000", 1, "64 bits"}, Wrong{"'row", 1, "never closed"},
                    Wrong{"1 == 'a\\n'", 6, "no escapes"}, Wrong{"'a\nb'", 1, "control"}));

INSTANTIATE_TEST_SUITE_P(OfYaml, Mistakes,
                         testing::Values(Wrong{"ceil_div(N", 9, "must stand in quotes"},
                                         Wrong{"BN)", 3, "must stand in quotes"},
                                         Wrong{"1 in [1", 6, "in quotes"},
                                         Wrong{"1 in [1,", 6, "in quotes"},
                                         Wrong{"(1", 1, "in quotes"}, Wrong{"(1]", 3, "in quotes"},
                                         Wrong{"1, 2", 2, "in quotes"}));

TEST(Errors, InABranchThatIsNotTakenAreNone) {
  for (const char* text : {"1 if True else 1 // 0", "0 and 1 // 0", "1 or nobody + 'a'",
                           "2 if BM else nobody", "BM == 1 and 1 // 0", "1 > 2 > 1 // 0"}) {
    EXPECT_EQ(error_of(text).column, 0U) << text;
  }
}

TEST(Errors, AreExplainedWithACaretUnderTheColumn) {
  EXPECT_EQ(explain({"unknown name 'BN'", 6}, "BM * BN"), "unknown name 'BN'\n  BM * BN\n       ^");
}

TEST(Errors, AreExplainedOnOneLineWhateverTheText) {
  EXPECT_EQ(explain({"wrong", 4}, "a\nb\tc"), "wrong\n  a b c\n     ^");
  EXPECT_EQ(explain({"wrong", 8}, "'ü' == 1"), "wrong\n  'ü' == 1\n        ^");
  EXPECT_EQ(explain({"wrong", 99}, "ab"), "wrong\n  ab\n    ^");
  EXPECT_EQ(explain({"wrong", 0}, ""), "wrong\n  \n  ^");
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Limits, OnDepthStopAt64InEveryKindOfNesting) {
  const auto nested = [](std::size_t depth) {
    return std::vector<std::string>{repeated("(", depth) + "1" + repeated(")", depth),
                                    repeated("-", depth) + "1",
                                    repeated("not ", depth) + "1",
                                    "1" + repeated(" ** 1", depth),
                                    "1" + repeated(" if 0 else 1", depth),
                                    repeated("abs(", depth) + "1" + repeated(")", depth),
                                    repeated("1 in [", depth) + "1" + repeated("]", depth)};
  };
  for (const std::string& text : nested(64)) EXPECT_EQ(error_of(text).column, 0U) << text;
  for (const std::string& text : nested(65)) {
    EXPECT_NE(error_of(text).message.find("64 deep"), std::string::npos) << text;
  }
}

TEST(Limits, OnDepthLeaveRoomForEveryOperatorOnTheWay) {
  const std::string level = "BM == 1 or BM < BM + BM * BM in [BM, BM < BM + BM * (";
  const std::string text = repeated(level, 32) + "BM" + repeated(")]", 32);
  EXPECT_TRUE(Expression::parse(text)) << explain(Expression::parse(text).error(), text);
}

TEST(Limits, OnDepthDoNotCountTheLength) {
  EXPECT_EQ(error_of("BM" + repeated(" + BM", 800)).message, "value 51264");
  EXPECT_EQ(error_of("1" + repeated(" and 1", 600)).message, "value 1");
  EXPECT_EQ(error_of("1" + repeated(" < 2 > 1", 500)).message, "value true");
}

TEST(Limits, OnLengthAre4096Characters) {
  EXPECT_EQ(error_of(std::string(4095, ' ') + "1").column, 0U);
  EXPECT_EQ(error_of(std::string(4096, ' ') + "1").column, 4097U);
}

}  // namespace
}  // namespace evotune
