#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/expected.h"
#include "expr/expression.h"
#include "expr/scalar.h"

namespace evotune {

struct Code;

/// An Expression whose names are places in an array, for evaluating it millions of times: no
/// allocation, no lookup. Its meaning is the Expression's, by the same evaluator. Immutable; cheap
/// to copy; may be used by any number of threads.
class CompiledExpression {
 public:
  /// The name `slots[i]` will be found at index i. Names that are not there are taken from
  /// `constants` and worked out now; one that is in neither is an error, wherever it stands.
  [[nodiscard]] static Expected<CompiledExpression, ExpressionError> compile(
      const Expression&, std::span<const std::string> slots, const Bindings& constants = {});

  /// Takes as many values as there were slots (std::invalid_argument if fewer). A string that comes
  /// out is the caller's, where it came in, or this expression's.
  [[nodiscard]] Expected<Scalar, ExpressionError> evaluate(std::span<const Scalar> values) const;
  /// The same as a truth value.
  [[nodiscard]] Expected<bool, ExpressionError> holds(std::span<const Scalar> values) const;

  /// The value, if no slot is needed to know it.
  [[nodiscard]] std::optional<Scalar> constant() const;
  /// The slots that it names, ascending, once each.
  [[nodiscard]] std::span<const std::size_t> used_slots() const { return used_; }

 private:
  CompiledExpression(std::shared_ptr<const Code>, std::size_t slots);

  std::shared_ptr<const Code> code_;
  std::size_t slots_;
  std::vector<std::size_t> used_;
};

}  // namespace evotune
