#include "expr/compiled_expression.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "random_expression.h"

namespace evotune {
namespace {

using Integer = std::int64_t;

const std::vector<std::string> slots = {"BM", "BN", "LAYOUT"};

CompiledExpression compile(const std::string& text, const Bindings& constants = {}) {
  const auto compiled = CompiledExpression::compile(*Expression::parse(text), slots, constants);
  if (!compiled) throw std::runtime_error(explain(compiled.error(), text));
  return *compiled;
}

// "value" or "column: message"
template <typename Result>
std::string told(const Result& result) {
  if (!result) return std::to_string(result.error().column) + ": " + result.error().message;
  if constexpr (std::is_same_v<std::decay_t<decltype(*result)>, Scalar>) {
    return std::to_string(static_cast<int>(result->kind())) + " " + to_text(to_value(*result));
  } else {
    return told(Expected<Scalar, ExpressionError>(to_scalar(*result)));
  }
}

TEST(CompiledExpressions, TakeTheirNamesFromSlots) {
  const CompiledExpression fits = compile("BM * BN <= 1024 and LAYOUT == 'row'");
  EXPECT_TRUE(*fits.holds(std::vector<Scalar>{32, 32, "row"}));
  EXPECT_FALSE(*fits.holds(std::vector<Scalar>{32, 64, "row"}));
  EXPECT_FALSE(*fits.holds(std::vector<Scalar>{32, 32, "col"}));
}

TEST(CompiledExpressions, GiveTheOperandThatDecided) {
  EXPECT_EQ(compile("BM and LAYOUT").evaluate(std::vector<Scalar>{1, 2, "row"})->string(), "row");
}

TEST(CompiledExpressions, TakeOtherNamesFromConstants) {
  const Bindings constants = {{"limit", Integer{64}}, {"BM", Integer{-1}}};
  const CompiledExpression fits = compile("BM <= limit", constants);
  EXPECT_TRUE(*fits.holds(std::vector<Scalar>{64, 0, ""})) << "a slot goes before a constant";
  EXPECT_FALSE(*fits.holds(std::vector<Scalar>{65, 0, ""}));
}

TEST(CompiledExpressions, ThatNeedNoSlotAreConstant) {
  const Bindings constants = {{"device.sms", Integer{132}}, {"layout", std::string("row")}};
  EXPECT_EQ(compile("2 * device.sms", constants).constant()->integer(), 264);
  EXPECT_EQ(compile("layout if 1 else BM", constants).constant()->string(), "row");
  EXPECT_TRUE(compile("layout in ['col', 'row']", constants).constant()->boolean());
  EXPECT_FALSE(compile("BM * 0", constants).constant());
  EXPECT_FALSE(compile("BM in []", constants).constant()) << "BM may have no value";
}

TEST(CompiledExpressions, SayWhichSlotsTheyUse) {
  const CompiledExpression uses = compile("LAYOUT == 'row' or BM + BM > 2");
  const auto used = uses.used_slots();
  EXPECT_EQ(std::vector<std::size_t>(used.begin(), used.end()), (std::vector<std::size_t>{0, 2}));
}

TEST(CompiledExpressions, RefuseNamesThatNobodyKnows) {
  const auto compiled = CompiledExpression::compile(*Expression::parse("1 + BMM"), slots);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().column, 5U);
  EXPECT_EQ(compiled.error().message, "unknown name 'BMM'; did you mean 'BM'?");
}

TEST(CompiledExpressions, SayWhichSlotHasNoValue) {
  const auto value = compile("BM + BN").evaluate(std::vector<Scalar>{1, Scalar{}, Scalar{}});
  EXPECT_EQ(told(value), "6: 'BN' has no value");
}

TEST(CompiledExpressions, RefuseFewerValuesThanSlots) {
  EXPECT_THROW((void)compile("BM").holds(std::vector<Scalar>{1, 2}), std::invalid_argument);
}

TEST(CompiledExpressions, KeepErrorsWhereTheyAre) {
  const Bindings constants = {{"zero", Integer{0}}};
  const CompiledExpression guarded = compile("BM == 0 or 1 // zero", constants);
  EXPECT_TRUE(*guarded.holds(std::vector<Scalar>{0, 0, ""}));
  EXPECT_EQ(told(guarded.holds(std::vector<Scalar>{1, 0, ""})), "14: 1 // 0 divides by zero");
}

TEST(CompiledExpressions, OutliveWhatTheyWereMadeOf) {
  const auto compiled = [] {
    const Bindings constants = {{"text", std::string("a string too long to be stored in place")}};
    return compile("text if BM else LAYOUT", constants);
  }();
  const auto value = compiled.evaluate(std::vector<Scalar>{1, 2, ""});
  EXPECT_EQ(value->string(), "a string too long to be stored in place");
}

// Each name is a slot or a constant by the toss of a coin, and it must not matter.
TEST(CompiledExpressions, MeanWhatTheExpressionMeansWhateverIsFolded) {
  for (std::uint64_t index = 0; index < 3000; ++index) {
    Rng rng(7, 1, index);
    const std::string text = random_expression(rng, 4);
    const auto expression = Expression::parse(text);
    if (!expression) continue;
    std::vector<std::string> names;
    std::vector<Scalar> values;
    Bindings constants;
    for (const auto& [name, value] : random_bindings()) {
      if (rng.below(2) == 0) {
        constants[name] = value;
      } else {
        names.push_back(name);
        values.push_back(to_scalar(value));
      }
    }
    const auto compiled = CompiledExpression::compile(*expression, names, constants);
    ASSERT_TRUE(compiled) << text;
    EXPECT_EQ(told(compiled->evaluate(values)), told(expression->evaluate(random_bindings())))
        << text;
  }
}

}  // namespace
}  // namespace evotune
