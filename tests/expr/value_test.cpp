#include "expr/value.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/rng.h"
#include "expr/expression.h"

namespace evotune {
namespace {

using Integer = std::int64_t;

TEST(Values, ReadAsTheyDoInASource) {
  EXPECT_EQ(to_text(Value(Integer{64})), "64");
  EXPECT_EQ(to_text(Value(Integer{-7})), "-7");
  EXPECT_EQ(to_text(Value(0.5)), "0.5");
  EXPECT_EQ(to_text(Value(true)), "true");
  EXPECT_EQ(to_text(Value(false)), "false");
  EXPECT_EQ(to_text(Value(std::string("row"))), "row");
}

TEST(Values, ThatAreDoublesNeverReadAsIntegers) {
  EXPECT_EQ(to_text(Value(2.0)), "2.0");
  EXPECT_EQ(to_text(Value(-0.0)), "-0.0");
  EXPECT_EQ(to_text(Value(1e20)), "1e+20");
  EXPECT_EQ(to_text(Value(std::numeric_limits<double>::infinity())), "inf");
}

TEST(Values, OfEqualBindingsHaveEqualTextSortedByName) {
  const Bindings bindings = {{"BN", Integer{128}}, {"BM", Integer{64}}, {"FAST", true}};
  EXPECT_EQ(to_text(bindings), "BM=64,BN=128,FAST=true");
  EXPECT_EQ(to_text(Bindings{}), "");
}

TEST(Values, AreTrueAsInPython) {
  for (const Value& no : {Value(Integer{0}), Value(0.0), Value(false), Value(std::string())}) {
    EXPECT_FALSE(truth(no));
  }
  for (const Value& yes : {Value(Integer{-1}), Value(0.1), Value(true), Value(std::string("0")),
                           Value(std::nan(""))}) {
    EXPECT_TRUE(truth(yes));
  }
}

// What the expression language makes of the value's own text.
Value read_back(const Value& value) {
  const auto expression = Expression::parse(to_text(value));
  return expression ? *expression->evaluate({}) : Value(expression.error().message);
}

TEST(Values, ThatAreNumbersAreExpressionsOfThemselves) {
  Rng rng(1);
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t bits = rng.next();
    const auto integer = static_cast<Integer>(bits >> rng.below(64));
    EXPECT_EQ(read_back(integer), Value(integer));
    const auto real = std::bit_cast<double>(bits);
    if (!std::isfinite(real)) continue;
    EXPECT_EQ(read_back(real), Value(real));
    EXPECT_EQ(std::strtod(to_text(Value(real)).c_str(), nullptr), real);
  }
  for (const Integer edge :
       {std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max()}) {
    EXPECT_EQ(read_back(edge), Value(edge));
  }
  for (const double edge : {5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -0.0}) {
    EXPECT_EQ(read_back(edge), Value(edge));
  }
}

}  // namespace
}  // namespace evotune
