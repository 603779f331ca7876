#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "expr/compiled_expression.h"
#include "kernel/elements.h"
#include "kernel/resolve.h"

namespace evotune {

Result<Buffer> formula_bytes(const ArgumentSpec& spec, const Argument& argument,
                             const Bindings& bound) {
  const Expression& formula = *spec.values.formula;
  const std::array<std::string, 1> slots = {"i"};
  const auto compiled = CompiledExpression::compile(formula, slots, bound);
  if (!compiled)
    return refusal(spec, fmt::format("{}: {}", formula.text(), compiled.error().message));

  std::optional<Failure> failure;  // of the first element that has no value
  const auto refuse = [&](std::size_t i, const std::string& what) {
    failure = refusal(spec, fmt::format("{} at i = {}: {}", formula.text(), i, what));
    return 0;
  };
  const auto value_at = [&](std::size_t i) -> Expected<Value, ExpressionError> {
    const std::array<Scalar, 1> number = {static_cast<std::int64_t>(i)};
    const auto scalar = compiled->evaluate(number);
    return scalar ? Expected<Value, ExpressionError>(to_value(*scalar)) : scalar.error();
  };
  const auto does_not_fit = [&](std::size_t i, auto number) {
    return refuse(i, fmt::format("{} does not fit {}", number, to_text(argument.type)));
  };
  const auto real_at = [&](std::size_t i, auto element) -> double {
    if (failure) return 0;
    const auto value = value_at(i);
    const auto real = value ? as_number(*value) : value.error();
    if (!real) return refuse(i, real.error().message);
    const double rounded = number_from(element_from<decltype(element)>(*real));
    return std::isfinite(*real) && !std::isfinite(rounded) ? does_not_fit(i, *real) : *real;
  };
  const auto whole_at = [&](std::size_t i) -> std::int64_t {
    if (failure) return 0;
    const auto value = value_at(i);
    const auto whole = value ? as_integer(*value) : value.error();
    if (!whole) return refuse(i, whole.error().message);
    if (fits(argument.type, *whole, *whole)) return *whole;
    return does_not_fit(i, *whole);
  };

  Buffer buffer(argument.bytes());
  with_element(argument.type, [&](auto element) {
    using Element = decltype(element);
    if (!is_floating(argument.type)) return fill<Element>(buffer, whole_at);
    fill<Element>(buffer, [&](std::size_t i) { return real_at(i, Element{}); });
  });
  if (failure) return *std::move(failure);
  return buffer;
}

}  // namespace evotune
