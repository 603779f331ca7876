#include "expr/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "expr/parsed.h"

namespace evotune {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

ExpressionError with_suggestion(const Name& name, const Bindings& bindings) {
  std::vector<std::string> known;
  for (const auto& [text, value] : bindings) known.push_back(text);
  const std::string hint = suggestion(name.text, known);
  return {fmt::format("unknown name '{}'{}{}", name.text, hint.empty() ? "" : "; ", hint),
          name.column};
}

// Where a whole value is at fault, the error points at its beginning.
ExpressionError not_wanted(const Value& value, std::string_view wanted) {
  return {fmt::format("the value must be {}, not {}", wanted, to_text(value)), 1};
}

}  // namespace

std::string explain(const ExpressionError& error, std::string_view text) {
  std::string shown(text);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  const std::size_t before = std::min(error.column == 0 ? 0 : error.column - 1, shown.size());
  const auto end = shown.begin() + static_cast<std::ptrdiff_t>(before);
  const auto hidden = std::count_if(shown.begin(), end, continues_character);
  const std::string indent(before - static_cast<std::size_t>(hidden), ' ');
  return fmt::format("{}\n  {}\n  {}^", error.message, shown, indent);
}

Expression::Expression(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}

Expected<Expression, ExpressionError> Expression::parse(std::string_view text) {
  try {
    return from(std::string(text), parse_syntax(text));
  } catch (const ExpressionError& error) {  // thrown by these two only, and no further than here
    return error;
  }
}

Expression Expression::from(std::string text, Syntax syntax) {
  auto parsed = std::make_shared<Parsed>();
  parsed->text = std::move(text);
  parsed->syntax = std::move(syntax);
  std::vector<Meaning> meanings;
  for (const Name& name : parsed->syntax.names) {
    meanings.push_back({std::nullopt, static_cast<std::uint32_t>(meanings.size())});
    parsed->names.push_back(name.text);
  }
  lower(parsed->syntax, meanings, parsed->code);
  return Expression(std::move(parsed));
}

const std::string& Expression::text() const { return parsed_->text; }

std::span<const std::string> Expression::names() const { return parsed_->names; }

std::size_t Expression::column_of(std::string_view name) const {
  for (const Name& used : parsed_->syntax.names) {
    if (used.text == name) return used.column;
  }
  return 0;
}

Expected<Value, ExpressionError> Expression::evaluate(const Bindings& bindings) const {
  std::vector<Scalar> slots;
  slots.reserve(parsed_->names.size());
  for (const std::string& name : parsed_->names) {
    const auto found = bindings.find(name);
    slots.push_back(found == bindings.end() ? Scalar{} : to_scalar(found->second));
  }
  Trap trap;
  const Scalar result = run(parsed_->code, slots.data(), trap);
  if (!result.is(Scalar::Kind::absent)) return to_value(result);
  if (const Name* name = unknown_name(parsed_->code, slots.data(), trap)) {
    return with_suggestion(*name, bindings);
  }
  return describe(parsed_->code, slots.data(), trap);
}

Expected<std::int64_t, ExpressionError> as_integer(const Value& value) {
  const Scalar scalar = to_scalar(value);
  if (scalar.is(Scalar::Kind::real) && scalar.real() != std::floor(scalar.real())) {
    return not_wanted(value, "a whole number");
  }
  const Scalar whole = apply(Operator::to_integer, scalar, scalar);
  if (whole.is(Scalar::Kind::absent)) return not_wanted(value, "a whole number");
  return whole.integer();
}

Expected<double, ExpressionError> as_number(const Value& value) {
  const Scalar scalar = to_scalar(value);
  const Scalar number = apply(Operator::to_real, scalar, scalar);
  if (number.is(Scalar::Kind::absent)) return not_wanted(value, "a number");
  return number.real();
}

Expected<std::int64_t, ExpressionError> evaluate_integer(const Expression& expression,
                                                         const Bindings& bindings) {
  const Expected<Value, ExpressionError> value = expression.evaluate(bindings);
  return value ? as_integer(*value) : value.error();
}

Expected<double, ExpressionError> evaluate_number(const Expression& expression,
                                                  const Bindings& bindings) {
  const Expected<Value, ExpressionError> value = expression.evaluate(bindings);
  return value ? as_number(*value) : value.error();
}

bool truth(const Value& value) { return truth(to_scalar(value)); }

}  // namespace evotune
