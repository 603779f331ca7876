#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "expr/compiled_expression.h"
#include "space/definition.h"

namespace evotune {

enum class Verdict : std::uint8_t { holds, fails, errs };

/// The values that constraints look at while a configuration is being put together.
struct Assignment {
  std::vector<std::vector<Scalar>> values;    ///< per tuning shape: parameters, then lets
  std::vector<std::vector<char>> let_failed;  ///< per tuning shape and let
};

/// The constraints of a Space and the lets they need, compiled. A let that cannot be worked out
/// makes every constraint that names it err.
class Constraints {
 public:
  /// One let or constraint at one shape.
  struct Step {
    bool is_let = false;
    bool is_part = false;   ///< a let that may go without a value until it is asked for
    std::size_t index = 0;  ///< of the let or constraint
    std::size_t shape = 0;
    const CompiledExpression* code = nullptr;
    std::span<const std::size_t> lets;  ///< that it names
  };
  using Plan = std::vector<std::vector<Step>>;  ///< per depth of the binding order

  /// Throws UserError for a constraint that names what this device does not have, or that no
  /// parameter can make true. The Definition must outlive this.
  explicit Constraints(const Definition&);

  /// Parameters that constraints connect, ascending; a parameter that no constraint names is a
  /// group of its own. By their first parameters, ascending.
  [[nodiscard]] std::vector<std::vector<std::size_t>> groups() const;
  /// An order of binding a group that lets constraints be checked early.
  [[nodiscard]] std::vector<std::size_t> binding_order(const std::vector<std::size_t>& group) const;
  /// What can be evaluated as soon as the parameter at each depth of `order` has its value.
  [[nodiscard]] Plan plan(const std::vector<std::size_t>& order) const;

  /// The constraints of the group that is bound in this order, with what they have in common and
  /// what is known before their last parameter is bound as lets of their own ("parts").
  [[nodiscard]] Definition in_stages(const std::vector<std::size_t>& order) const;

  [[nodiscard]] Assignment blank() const;
  void set(Assignment&, std::size_t parameter, std::size_t choice) const;
  [[nodiscard]] static Verdict run(const Step&, Assignment&, std::size_t first_let);
  [[nodiscard]] Verdict run(const Step& step, Assignment& assignment) const {
    return run(step, assignment, definition_.parameters.size());
  }
  /// The first verdict of a plan that is not `holds`; `guilty` is its step.
  [[nodiscard]] Verdict run(const Plan&, Assignment&, const Step*& guilty) const;

  /// "A % B == 0 cannot be evaluated at A = 4, B = 0: division by zero", for a step that errs.
  [[nodiscard]] std::string explain_error(const Step&, Assignment&) const;

 private:
  struct Rule {
    const Expression* expression = nullptr;
    std::vector<std::size_t> parameters;   ///< directly or through lets, ascending
    std::vector<std::size_t> lets;         ///< named directly
    std::vector<std::size_t> all_lets;     ///< directly or through lets, ascending
    bool uses_sizes = false;               ///< directly or through lets
    std::vector<CompiledExpression> code;  ///< per shape; one entry if no size matters
  };

  [[nodiscard]] Rule analyse(const Expression&) const;
  void compile(Rule&, const Location&, const std::vector<std::string>& slots) const;
  void check_constant(const Rule&, const PlacedExpression&) const;
  void add_steps(const Rule&, bool is_let, std::size_t index, std::size_t shapes,
                 std::vector<Step>&) const;

  const Definition& definition_;
  std::vector<std::vector<Scalar>> scalars_;  ///< per parameter and choice
  std::vector<Rule> lets_;
  std::vector<Rule> constraints_;
};

}  // namespace evotune
