#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "expr/scalar.h"

namespace evotune {

/// What can be done to values; the meaning is Python's. The unary ones are applied to (a, a).
enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  floor_divide,
  remainder,
  power,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  minimum,
  maximum,
  ceil_div,
  round_up,
  plus,
  negate,
  negation,
  absolute,
  log2,
  sqrt,
  to_integer,
  to_real,
  floor,
  ceil,
  round,
};

/// Why an operation has no result.
enum class Fault : std::uint8_t {
  unknown_name,  ///< an operand was absent
  overflow,
  division_by_zero,
  not_a_number,
  wrong_types,
  no_container,  ///< `in` something that holds nothing
  domain,        ///< log2(-1)
};

[[nodiscard]] constexpr Scalar no_value(Fault fault) {
  return Scalar::absent(static_cast<std::uint32_t>(fault));
}
[[nodiscard]] constexpr Fault fault_of(const Scalar& absent) {
  return static_cast<Fault>(absent.reason());
}

/// As it is written: "+", "in", "ceil_div".
[[nodiscard]] std::string_view spelling(Operator);

/// Any operator on any values, absent ones too.
[[nodiscard]] Scalar apply(Operator, const Scalar& a, const Scalar& b);

/// Python's ==, which knows no errors: 1 == 1.0, 1 == True, 1 != "1".
[[nodiscard]] bool equal(const Scalar& a, const Scalar& b);

/// The operators whose integer case is too long or too rare to stand in the evaluator's loop.
[[nodiscard]] Scalar apply_to_integers(Operator, std::int64_t a, std::int64_t b);

// What follows is inlined into the evaluator's loop.

[[nodiscard]] inline Scalar multiplied(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return no_value(Fault::overflow);
  return result;
}

/// Calls `round(quotient, remainder)` unless a / b cannot be had.
template <typename Round>
[[nodiscard]] Scalar divided(std::int64_t a, std::int64_t b, Round round) {
  if (b == 0) return no_value(Fault::division_by_zero);
  // Most sizes fit 32 bits, whose division takes a fraction of the time.
  if (((a | b) >> 31) == 0) {
    const auto small_a = static_cast<std::uint32_t>(a);
    const auto small_b = static_cast<std::uint32_t>(b);
    return round(std::int64_t{small_a / small_b}, std::int64_t{small_a % small_b});
  }
  if (b == -1 && a == std::numeric_limits<std::int64_t>::min()) return no_value(Fault::overflow);
  return round(a / b, a % b);
}

[[nodiscard]] inline Scalar floor_divided(std::int64_t a, std::int64_t b) {
  return divided(a, b, [b](std::int64_t quotient, std::int64_t remainder) {
    return Scalar(quotient - (remainder != 0 && (remainder < 0) != (b < 0) ? 1 : 0));
  });
}

[[nodiscard]] inline Scalar remainder_of(std::int64_t a, std::int64_t b) {
  if (b == -1) return 0;  // also where the quotient overflows
  return divided(a, b, [b](std::int64_t, std::int64_t remainder) {
    return Scalar(remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder);
  });
}

[[nodiscard]] inline Scalar ceil_divided(std::int64_t a, std::int64_t b) {
  return divided(a, b, [b](std::int64_t quotient, std::int64_t remainder) {
    return Scalar(quotient + (remainder != 0 && (remainder < 0) == (b < 0) ? 1 : 0));
  });
}

[[nodiscard]] inline Scalar on_integers(Operator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Operator::add:
      if (__builtin_add_overflow(a, b, &result)) return no_value(Fault::overflow);
      return result;
    case Operator::subtract:
      if (__builtin_sub_overflow(a, b, &result)) return no_value(Fault::overflow);
      return result;
    case Operator::multiply:
      return multiplied(a, b);
    case Operator::floor_divide:
      return floor_divided(a, b);
    case Operator::remainder:
      return remainder_of(a, b);
    case Operator::ceil_div:
      return ceil_divided(a, b);
    case Operator::equal:
      return a == b;
    case Operator::not_equal:
      return a != b;
    case Operator::less:
      return a < b;
    case Operator::less_equal:
      return a <= b;
    case Operator::greater:
      return a > b;
    case Operator::greater_equal:
      return a >= b;
    case Operator::minimum:
      return std::min(a, b);
    case Operator::maximum:
      return std::max(a, b);
    default:
      return apply_to_integers(op, a, b);
  }
}

}  // namespace evotune
