#include "expr/code.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

namespace evotune {
namespace {

bool absent(const Scalar& scalar) { return scalar.is(Scalar::Kind::absent); }

Scalar stop(const Code& code, const Instruction* at, const Scalar& a, const Scalar& b, Fault fault,
            Trap& trap) {
  trap = {static_cast<std::size_t>(at - code.instructions.data()), a, b, fault};
  return no_value(fault);
}

std::string quoted(const Scalar& scalar) {
  const std::string text = to_text(to_value(scalar));
  return scalar.is(Scalar::Kind::string) ? "'" + text + "'" : text;
}

bool is_unary(Operator op) { return op >= Operator::plus; }

// "2 ** 64", "log2(-1)", "not in"
std::string application(const Instruction& instruction, const Trap& trap) {
  const std::string_view sign = spelling(instruction.op);
  const bool word = std::isalpha(static_cast<unsigned char>(sign.front())) != 0 &&
                    instruction.op != Operator::in && instruction.op != Operator::not_in;
  if (is_unary(instruction.op)) {
    return word ? fmt::format("{}({})", sign, quoted(trap.a))
                : fmt::format("{}{}", sign, quoted(trap.a));
  }
  return word ? fmt::format("{}({}, {})", sign, quoted(trap.a), quoted(trap.b))
              : fmt::format("{} {} {}", quoted(trap.a), sign, quoted(trap.b));
}

std::string reason(Fault fault, const std::string& what) {
  switch (fault) {
    case Fault::overflow:
      return what + " overflows";
    case Fault::division_by_zero:
      return what + " divides by zero";
    case Fault::not_a_number:
      return what + " is not a number";
    case Fault::no_container:
      return what + ": 'in' needs a list or a string on its right";
    case Fault::domain:
      return what + " has no real value";
    case Fault::wrong_types:
    case Fault::unknown_name:
      break;
  }
  return what + ": these types do not go together; strings can only be compared with strings";
}

}  // namespace

Scalar run(const Code& code, const Scalar* slots, Trap& trap) {
  std::array<Scalar, max_temporaries> temporaries;  // left as they are: each is written, then read
  const std::array<const Scalar*, 3> places = {temporaries.data(), code.constants.data(), slots};
  const auto at = [&places](Operand operand) -> const Scalar& {
    return places[static_cast<std::size_t>(operand.place())][operand.index()];
  };
  const Instruction* const first = code.instructions.data();
  const Instruction* const end = first + code.instructions.size();
  for (const Instruction* now = first; now != end; ++now) {
    if (now->step == Step::apply) {
      const Scalar& a = at(now->a);
      const Scalar& b = at(now->b);
      const bool integers = a.is(Scalar::Kind::integer) && b.is(Scalar::Kind::integer);
      const Scalar result =
          integers ? on_integers(now->op, a.integer(), b.integer()) : apply(now->op, a, b);
      if (absent(result)) return stop(code, now, a, b, fault_of(result), trap);
      temporaries[now->target] = result;
      continue;
    }
    if (now->step == Step::jump) {
      now = first + now->target - 1;
      continue;
    }
    const Scalar& a = at(now->a);
    const Scalar& b = at(now->b);
    if (absent(a) || absent(b)) return stop(code, now, a, b, Fault::unknown_name, trap);
    if (now->step == Step::copy) {
      temporaries[now->target] = a;
    } else if (now->step == Step::find) {
      if (equal(a, b)) temporaries[now->target] = true;
    } else if (truth(a) == (now->step == Step::branch_if_true)) {
      now = first + now->target - 1;
    }
  }
  const Scalar& result = at(code.result);
  return absent(result) ? stop(code, end, result, result, Fault::unknown_name, trap) : result;
}

const Name* unknown_name(const Code& code, const Scalar* slots, const Trap& trap) {
  if (trap.fault != Fault::unknown_name) return nullptr;
  std::array<Operand, 2> operands = {code.result, code.result};
  if (trap.at < code.instructions.size()) {
    operands = {code.instructions[trap.at].a, code.instructions[trap.at].b};
  }
  for (const Operand operand : operands) {
    if (operand.place() != Operand::Place::slot || !absent(slots[operand.index()])) continue;
    for (const Code::Slot& slot : code.slots) {
      if (slot.index == operand.index()) return &slot.name;
    }
  }
  return nullptr;
}

ExpressionError describe(const Code& code, const Scalar* slots, const Trap& trap) {
  if (const Name* name = unknown_name(code, slots, trap)) {
    return {fmt::format("'{}' has no value", name->text), name->column};
  }
  const Instruction& instruction = code.instructions[trap.at];
  return {reason(trap.fault, application(instruction, trap)), code.columns[trap.at]};
}

}  // namespace evotune
