#include <optional>
#include <utility>

#include "expr/code.h"

namespace evotune {
namespace {

// Every function here gets the first temporary that is free, `free`, and leaves its value there or
// in no temporary at all.
class Lowering {
 public:
  Lowering(const Syntax& syntax, std::span<const Meaning> meanings, Code& code)
      : syntax_(syntax), code_(code) {
    for (std::size_t i = 0; i < meanings.size(); ++i) names_.push_back(operand_of(meanings[i], i));
  }

  void run() { code_.result = lower(syntax_.root, 0); }

 private:
  using Jumps = std::vector<std::size_t>;

  Operand operand_of(const Meaning&, std::size_t name);
  Operand constant(const Scalar&);
  Operand temporary(std::size_t index, std::size_t column) const;
  [[nodiscard]] std::optional<Scalar> value_of(Operand) const;  ///< if it is a constant

  void emit(const Instruction&, std::size_t column);
  void copy(Operand from, std::size_t to, std::size_t column);
  std::size_t branch(Step, Operand condition, std::size_t column);
  void land(std::size_t branch);
  Operand apply_now_or_later(Operator, Operand a, Operand b, std::size_t free, std::size_t column);
  Operand join(Operand, const Jumps&, std::size_t free, std::size_t column);

  Operand lower(std::uint32_t index, std::size_t free);
  Operand fold(const Node&, std::size_t free);
  Operand comparison(const Node&, std::size_t free);
  Operand compare(const Child&, Operand a, std::size_t free, Operand& b);
  Operand search(const Child&, Operand wanted, std::size_t free);
  Operand connective(const Node&, std::size_t free);
  Operand choice(const Node&, std::size_t free);

  const Syntax& syntax_;
  Code& code_;
  std::vector<Operand> names_;
};

Operand Lowering::operand_of(const Meaning& meaning, std::size_t name) {
  if (!meaning.constant) {
    code_.slots.push_back({meaning.slot, syntax_.names[name]});
    return {Operand::Place::slot, meaning.slot};
  }
  return constant(to_scalar(*meaning.constant));
}

Operand Lowering::constant(const Scalar& value) {
  if (code_.constants.size() >= Operand::max_index) throw ExpressionError{"too many constants", 1};
  if (value.is(Scalar::Kind::string)) {
    code_.constants.emplace_back(
        std::string_view(code_.strings.emplace_back(std::string(value.string()))));
  } else {
    code_.constants.push_back(value);
  }
  return {Operand::Place::constant, code_.constants.size() - 1};
}

Operand Lowering::temporary(std::size_t index, std::size_t column) const {
  if (index >= max_temporaries) throw ExpressionError{"nested too deep", column};
  return {Operand::Place::temporary, index};
}

std::optional<Scalar> Lowering::value_of(Operand operand) const {
  if (operand.place() != Operand::Place::constant) return std::nullopt;
  return code_.constants[operand.index()];
}

void Lowering::emit(const Instruction& instruction, std::size_t column) {
  code_.instructions.push_back(instruction);
  code_.columns.push_back(static_cast<std::uint16_t>(column));
}

void Lowering::copy(Operand from, std::size_t to, std::size_t column) {
  if (from == temporary(to, column)) return;
  emit({Step::copy, Operator::plus, static_cast<std::uint16_t>(to), from, from}, column);
}

std::size_t Lowering::branch(Step step, Operand condition, std::size_t column) {
  emit({step, Operator::plus, 0, condition, condition}, column);
  return code_.instructions.size() - 1;
}

void Lowering::land(std::size_t branch) {
  code_.instructions[branch].target = static_cast<std::uint16_t>(code_.instructions.size());
}

Operand Lowering::apply_now_or_later(Operator op, Operand a, Operand b, std::size_t free,
                                     std::size_t column) {
  const std::optional<Scalar> known_a = value_of(a);
  const std::optional<Scalar> known_b = value_of(b);
  if (known_a && known_b) {
    const Scalar result = apply(op, *known_a, *known_b);
    if (!result.is(Scalar::Kind::absent)) return constant(result);
  }
  const Operand result = temporary(free, column);
  emit({Step::apply, op, static_cast<std::uint16_t>(free), a, b}, column);
  return result;
}

// Where control comes together: if anything jumps here, it has left its value in `free`.
Operand Lowering::join(Operand last, const Jumps& jumps, std::size_t free, std::size_t column) {
  if (jumps.empty()) return last;
  copy(last, free, column);
  for (const std::size_t jump : jumps) land(jump);
  return temporary(free, column);
}

Operand Lowering::lower(std::uint32_t index, std::size_t free) {
  const Node& node = syntax_.nodes[index];
  switch (node.form) {
    case Form::constant:
      return constant(to_scalar(node.constant));
    case Form::name:
      return names_[node.name];
    case Form::fold:
      return fold(node, free);
    case Form::comparison:
      return comparison(node, free);
    case Form::all:
    case Form::any:
      return connective(node, free);
    case Form::choice:
      return choice(node, free);
    case Form::unary: {
      const Operand child = lower(node.children.front().node, free);
      return apply_now_or_later(node.op, child, child, free, node.column);
    }
    case Form::list:
      break;
  }
  throw ExpressionError{"a list may only stand after 'in'", node.column};
}

Operand Lowering::fold(const Node& node, std::size_t free) {
  Operand result = lower(node.children.front().node, free);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Child& child = node.children[i];
    const bool held = result.place() == Operand::Place::temporary;
    const Operand right = lower(child.node, held ? free + 1 : free);
    result = apply_now_or_later(child.joined_by, result, right, free, child.column);
  }
  return result;
}

// a < b < c is (a < b) and (b < c) with b evaluated once. The result of each pair goes to `free`,
// the left operand is kept in the next temporary, the right one is made in the one after that.
Operand Lowering::comparison(const Node& node, std::size_t free) {
  const std::size_t last = node.children.size() - 1;
  Operand left = lower(node.children.front().node, free + 1);
  Jumps jumps;
  Operand result;
  for (std::size_t i = 1; i <= last; ++i) {
    const Child& child = node.children[i];
    Operand right;
    result = compare(child, left, free, right);
    if (i == last) break;
    if (const std::optional<Scalar> known = value_of(result)) {
      if (!truth(*known)) break;
    } else {
      jumps.push_back(branch(Step::branch_if_false, result, child.column));
    }
    left = right;
    if (right.place() != Operand::Place::temporary) continue;
    copy(right, free + 1, child.column);
    left = temporary(free + 1, child.column);
  }
  return join(result, jumps, free, node.column);
}

Operand Lowering::compare(const Child& child, Operand a, std::size_t free, Operand& b) {
  if (syntax_.nodes[child.node].form == Form::list) return search(child, a, free);
  b = lower(child.node, a.place() == Operand::Place::temporary ? free + 2 : free + 1);
  return apply_now_or_later(child.joined_by, a, b, free, child.column);
}

// As Python does, every element is evaluated, also after one that is equal.
Operand Lowering::search(const Child& child, Operand wanted, std::size_t free) {
  const Node& list = syntax_.nodes[child.node];
  const std::optional<Scalar> known_wanted = value_of(wanted);
  const Operand result = temporary(free, child.column);
  bool found = false;
  bool emitted = false;
  // What is looked for in [] must have a value all the same.
  if (list.children.empty() && !known_wanted) copy(wanted, free, child.column);
  for (const Child& element : list.children) {
    const Operand candidate = lower(element.node, free + 3);
    const std::optional<Scalar> known = value_of(candidate);
    if (known && known_wanted) {
      found = found || equal(*known_wanted, *known);
      continue;
    }
    if (!std::exchange(emitted, true)) copy(constant(false), free, child.column);
    emit({Step::find, Operator::equal, static_cast<std::uint16_t>(free), wanted, candidate},
         child.column);
  }
  const bool negative = child.joined_by == Operator::not_in;
  if (found || !emitted) return constant(found != negative);
  if (!negative) return result;
  return apply_now_or_later(Operator::negation, result, result, free, child.column);
}

// `and` and `or` give the operand that decided.
Operand Lowering::connective(const Node& node, std::size_t free) {
  const bool decisive = node.form == Form::any;
  const Step leave = decisive ? Step::branch_if_true : Step::branch_if_false;
  Jumps jumps;
  Operand value;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Child& child = node.children[i];
    value = lower(child.node, free);
    if (i + 1 == node.children.size()) break;
    if (const std::optional<Scalar> known = value_of(value)) {
      if (truth(*known) == decisive) break;
      continue;
    }
    copy(value, free, child.column);
    jumps.push_back(branch(leave, temporary(free, child.column), child.column));
  }
  return join(value, jumps, free, node.column);
}

Operand Lowering::choice(const Node& node, std::size_t free) {
  const Operand condition = lower(node.children[0].node, free);
  if (const std::optional<Scalar> known = value_of(condition)) {
    return lower(node.children[truth(*known) ? 1 : 2].node, free);
  }
  const std::size_t otherwise = branch(Step::branch_if_false, condition, node.column);
  copy(lower(node.children[1].node, free), free, node.column);
  const std::size_t end = branch(Step::jump, Operand{}, node.column);
  land(otherwise);
  return join(lower(node.children[2].node, free), {end}, free, node.column);
}

}  // namespace

void lower(const Syntax& syntax, std::span<const Meaning> meanings, Code& into) {
  Lowering(syntax, meanings, into).run();
}

}  // namespace evotune
