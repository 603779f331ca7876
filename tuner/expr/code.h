#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/expression.h"
#include "expr/operators.h"
#include "expr/syntax.h"

namespace evotune {

/// Where an instruction finds a value: a temporary, a constant or a slot of the caller's array.
class Operand {
 public:
  enum class Place : std::uint8_t { temporary, constant, slot };
  static constexpr std::size_t max_index = (1U << 14) - 1;

  constexpr Operand() = default;
  constexpr Operand(Place place, std::size_t index)
      : bits_(static_cast<std::uint16_t>((static_cast<std::size_t>(place) << 14) | index)) {}
  [[nodiscard]] constexpr Place place() const { return static_cast<Place>(bits_ >> 14); }
  [[nodiscard]] constexpr std::size_t index() const { return bits_ & max_index; }
  bool operator==(const Operand&) const = default;

 private:
  std::uint16_t bits_ = 0;
};

enum class Step : std::uint8_t {
  apply,            ///< temporary[target] = op(a, b)
  copy,             ///< temporary[target] = a
  find,             ///< if a == b: temporary[target] = true
  jump,             ///< go on at target
  branch_if_false,  ///< go on at target unless a
  branch_if_true,
};

struct Instruction {
  Step step = Step::apply;
  Operator op = Operator::plus;
  std::uint16_t target = 0;
  Operand a, b;
};

inline constexpr std::size_t max_temporaries = 512;

/// An expression as instructions. Not to be moved once it has constants: they look into `strings`.
struct Code {
  std::vector<Instruction> instructions;
  std::vector<std::uint16_t> columns;  ///< of each instruction
  std::vector<Scalar> constants;
  std::deque<std::string> strings;
  Operand result;

  struct Slot {
    std::uint32_t index = 0;
    Name name;
  };
  std::vector<Slot> slots;  ///< those it names, in the order of first use
};

/// What a name of the syntax stands for: a constant, else a slot.
struct Meaning {
  std::optional<Value> constant;
  std::uint32_t slot = 0;
};

/// One meaning per name. What is constant is computed now, unless it has no value: then it is left
/// to be found out when (and if) it is evaluated. Throws ExpressionError.
void lower(const Syntax&, std::span<const Meaning>, Code& into);

/// Where and on what an evaluation ended without a value.
struct Trap {
  std::size_t at = 0;  ///< instruction; their number means the result itself
  Scalar a, b;
  Fault fault = Fault::unknown_name;
};

/// The value, or an absent one and the trap filled. `slots` holds every slot the code names.
[[nodiscard]] Scalar run(const Code&, const Scalar* slots, Trap& trap);

/// The name that had no value, if that was the fault.
[[nodiscard]] const Name* unknown_name(const Code&, const Scalar* slots, const Trap&);
[[nodiscard]] ExpressionError describe(const Code&, const Scalar* slots, const Trap&);

}  // namespace evotune
