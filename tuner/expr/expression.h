#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "expr/value.h"

namespace evotune {

struct Syntax;

/// What is wrong with an expression, and where in its text (columns count from 1).
struct ExpressionError {
  std::string message;
  std::size_t column = 0;
};

/// "message", the text and a caret under the column, for people.
[[nodiscard]] std::string explain(const ExpressionError&, std::string_view text);

/// An expression in Python's syntax and meaning, parsed once. Immutable; cheap to copy.
class Expression {
 public:
  [[nodiscard]] static Expected<Expression, ExpressionError> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::span<const std::string> names() const;  ///< every name it uses, once each
  [[nodiscard]] std::size_t column_of(std::string_view name) const;  ///< of its first use

  [[nodiscard]] Expected<Value, ExpressionError> evaluate(const Bindings&) const;

 private:
  struct Parsed;
  friend class CompiledExpression;
  friend class Parts;
  /// Throws ExpressionError.
  static Expression from(std::string text, Syntax);
  explicit Expression(std::shared_ptr<const Parsed>);
  std::shared_ptr<const Parsed> parsed_;
};

/// A value that must be a whole number: integers and integral doubles pass.
[[nodiscard]] Expected<std::int64_t, ExpressionError> as_integer(const Value&);
/// Any number as double.
[[nodiscard]] Expected<double, ExpressionError> as_number(const Value&);

/// The same of a result.
[[nodiscard]] Expected<std::int64_t, ExpressionError> evaluate_integer(const Expression&,
                                                                       const Bindings&);
[[nodiscard]] Expected<double, ExpressionError> evaluate_number(const Expression&, const Bindings&);

/// Python's truth: 0, 0.0, False and "" are false.
[[nodiscard]] bool truth(const Value&);

}  // namespace evotune
