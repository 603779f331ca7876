// Any text is refused with a column inside it, or evaluates to the same by both evaluators' ways
// in, whichever names are constants.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "expr/compiled_expression.h"

namespace evotune {
namespace {

using Integer = std::int64_t;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_error(const ExpressionError& error, std::string_view text) {
  require(!error.message.empty() && error.column >= 1 && error.column <= text.size() + 1);
  require(!explain(error, text).empty());
}

// Equal, or both NaN (which only a name's own value can be).
bool same(const Value& a, const Value& b) { return a == b || (a != a && b != b); }

void check_compiled(const Expression& expression, const Bindings& bindings, std::size_t slots) {
  std::vector<std::string> names;
  std::vector<Scalar> values;
  Bindings constants;
  for (const auto& [name, value] : bindings) {
    if (names.size() < slots) {
      names.push_back(name);
      values.push_back(to_scalar(value));
    } else {
      constants[name] = value;
    }
  }
  const auto compiled = CompiledExpression::compile(expression, names, constants);
  if (!compiled) return check_error(compiled.error(), expression.text());
  const auto value = compiled->evaluate(values);
  const auto expected = expression.evaluate(bindings);
  require(static_cast<bool>(value) == static_cast<bool>(expected));
  if (value) return require(same(to_value(*value), *expected));
  require(value.error().column == expected.error().column);
  require(value.error().message == expected.error().message);
}

void check(std::string_view text) {
  const auto expression = Expression::parse(text);
  if (!expression) return check_error(expression.error(), text);
  const Bindings bindings = {
      {"a", Integer{3}}, {"b", Integer{-7}}, {"c", Integer{0}},           {"d", 2.5},
      {"e", -0.75},      {"p", true},        {"s.t", std::string("row")}, {"z", 0.0}};
  const auto value = expression->evaluate(bindings);
  if (!value) check_error(value.error(), text);
  for (const std::size_t slots : {0U, 4U, 8U}) check_compiled(*expression, bindings, slots);
}

}  // namespace
}  // namespace evotune

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  evotune::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
