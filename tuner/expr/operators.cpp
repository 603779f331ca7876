#include "expr/operators.h"

#include <cmath>
#include <compare>
#include <iterator>

namespace evotune {
namespace {

constexpr double two_to_63 = 9223372036854775808.0;

Scalar number(double value) {
  if (std::isnan(value)) return no_value(Fault::not_a_number);
  return value;
}

Scalar whole(double value) {
  if (std::isnan(value)) return no_value(Fault::not_a_number);
  if (!(value >= -two_to_63 && value < two_to_63)) return no_value(Fault::overflow);
  return static_cast<std::int64_t>(value);
}

std::uint64_t magnitude(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}

int bit_width(std::uint64_t value) { return value == 0 ? 0 : 64 - __builtin_clzll(value); }

// Correctly rounded, as Python's: beyond 2^53 the quotient of the rounded operands is not. The
// quotient is taken with at least 56 bits, the last of which says whether anything was left over.
double true_quotient(std::int64_t a, std::int64_t b) {
  constexpr std::uint64_t exact = std::uint64_t{1} << 53;
  if (magnitude(a) <= exact && magnitude(b) <= exact) {
    return static_cast<double>(a) / static_cast<double>(b);
  }
  __extension__ using Wide = unsigned __int128;
  const int shift = std::max(0, 56 + bit_width(magnitude(b)) - bit_width(magnitude(a)));
  const Wide dividend = static_cast<Wide>(magnitude(a)) << shift;
  const Wide divisor = magnitude(b);
  const auto quotient = static_cast<std::uint64_t>(dividend / divisor);
  const std::uint64_t sticky = dividend % divisor != 0 ? 1 : 0;
  const double result = std::ldexp(static_cast<double>(quotient | sticky), -shift);
  return (a < 0) != (b < 0) ? -result : result;
}

// The steps of CPython's float_divmod.
struct Division {
  double quotient = 0, remainder = 0;
};
Division floor_division(double a, double b) {
  Division result;
  result.remainder = std::fmod(a, b);
  double quotient = (a - result.remainder) / b;
  if (result.remainder == 0) {
    result.remainder = std::copysign(0.0, b);
  } else if ((b < 0) != (result.remainder < 0)) {
    result.remainder += b;
    quotient -= 1;
  }
  result.quotient = std::floor(quotient);
  if (quotient == 0) result.quotient = std::copysign(0.0, a / b);
  if (quotient - result.quotient > 0.5) result.quotient += 1;
  return result;
}

Scalar real_power(double base, double exponent) {
  if (base == 0 && exponent < 0) return no_value(Fault::division_by_zero);
  const bool finite = std::isfinite(base) && std::isfinite(exponent);
  if (finite && base < 0 && exponent != std::floor(exponent)) return no_value(Fault::domain);
  const double result = std::pow(base, exponent);
  if (finite && std::isinf(result)) return no_value(Fault::overflow);
  return number(result);
}

Scalar integer_power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) return real_power(static_cast<double>(base), static_cast<double>(exponent));
  std::int64_t result = 1;
  for (;; exponent >>= 1) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) break;
    if (exponent <= 1) return result;
    if (__builtin_mul_overflow(base, base, &base)) break;
  }
  return no_value(Fault::overflow);
}

Scalar negated(std::int64_t value) {
  if (value == std::numeric_limits<std::int64_t>::min()) return no_value(Fault::overflow);
  return -value;
}

bool divides(Operator op) {
  return op == Operator::divide || op == Operator::floor_divide || op == Operator::remainder ||
         op == Operator::ceil_div || op == Operator::round_up;
}

Scalar on_reals(Operator op, double a, double b) {
  if (divides(op) && b == 0) return no_value(Fault::division_by_zero);
  switch (op) {
    case Operator::add:
      return number(a + b);
    case Operator::subtract:
      return number(a - b);
    case Operator::multiply:
      return number(a * b);
    case Operator::divide:
      return number(a / b);
    case Operator::floor_divide:
      return number(floor_division(a, b).quotient);
    case Operator::remainder:
      return number(floor_division(a, b).remainder);
    case Operator::power:
      return real_power(a, b);
    case Operator::ceil_div:
      return number(-floor_division(-a, b).quotient);
    case Operator::round_up:
      return number(-floor_division(-a, b).quotient * b);
    case Operator::plus:
    case Operator::to_real:
      return number(a);
    case Operator::negate:
      return number(-a);
    case Operator::absolute:
      return number(std::fabs(a));
    case Operator::log2:
      return a <= 0 ? no_value(Fault::domain) : number(std::log2(a));
    case Operator::sqrt:
      return a < 0 ? no_value(Fault::domain) : number(std::sqrt(a));
    case Operator::to_integer:
      return whole(std::trunc(a));
    case Operator::floor:
      return whole(std::floor(a));
    case Operator::ceil:
      return whole(std::ceil(a));
    case Operator::round:
      return whole(std::nearbyint(a));  // halves to even, as Python's
    default:
      return no_value(op == Operator::in || op == Operator::not_in ? Fault::no_container
                                                                   : Fault::wrong_types);
  }
}

std::partial_ordering order(double a, double b) { return a <=> b; }

// Exact where the integer has more bits than a double keeps.
std::partial_ordering order(std::int64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b >= two_to_63) return std::partial_ordering::less;
  if (b < -two_to_63) return std::partial_ordering::greater;
  const double below = std::floor(b);
  const auto whole_b = static_cast<std::int64_t>(below);
  if (a != whole_b) return a <=> whole_b;
  return below < b ? std::partial_ordering::less : std::partial_ordering::equivalent;
}

std::partial_ordering order_of_numbers(const Scalar& a, const Scalar& b) {
  const bool a_real = a.is(Scalar::Kind::real);
  const bool b_real = b.is(Scalar::Kind::real);
  if (a_real && b_real) return order(a.real(), b.real());
  if (b_real) return order(a.integer(), b.real());
  if (a_real) return 0 <=> order(b.integer(), a.real());
  return a.integer() <=> b.integer();
}

bool is_string(const Scalar& scalar) { return scalar.is(Scalar::Kind::string); }

bool is_comparison(Operator op) { return op >= Operator::equal && op <= Operator::greater_equal; }

Scalar compared(Operator op, std::partial_ordering order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

Scalar on_strings(Operator op, std::string_view a, std::string_view b) {
  if (is_comparison(op)) return compared(op, a <=> b);
  if (op == Operator::in) return b.find(a) != std::string_view::npos;
  if (op == Operator::not_in) return b.find(a) == std::string_view::npos;
  return no_value(Fault::wrong_types);
}

Scalar on_mixed(Operator op, const Scalar& b) {
  if (op == Operator::equal) return false;
  if (op == Operator::not_equal) return true;
  const bool searches = (op == Operator::in || op == Operator::not_in) && !is_string(b);
  return no_value(searches ? Fault::no_container : Fault::wrong_types);
}

// Python's rule: the first of the equal ones, and the operand itself, not a converted one.
Scalar extreme(Operator op, const Scalar& a, const Scalar& b) {
  const Scalar better = apply(op == Operator::minimum ? Operator::less : Operator::greater, b, a);
  if (better.is(Scalar::Kind::absent)) return better;
  const Scalar& chosen = better.boolean() ? b : a;
  return chosen.is(Scalar::Kind::real) ? number(chosen.real()) : chosen;
}

double as_real(const Scalar& scalar) {
  if (scalar.is(Scalar::Kind::real)) return scalar.real();
  return static_cast<double>(scalar.integer());
}

Scalar on_numbers(Operator op, const Scalar& a, const Scalar& b) {
  if (is_comparison(op)) return compared(op, order_of_numbers(a, b));
  if (a.is(Scalar::Kind::real) || b.is(Scalar::Kind::real)) {
    return on_reals(op, as_real(a), as_real(b));
  }
  return on_integers(op, a.integer(), b.integer());
}

}  // namespace

bool equal(const Scalar& a, const Scalar& b) {
  if (is_string(a) != is_string(b)) return false;
  if (is_string(a)) return a.string() == b.string();
  return order_of_numbers(a, b) == 0;
}

Scalar apply_to_integers(Operator op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case Operator::divide:
      if (b == 0) return no_value(Fault::division_by_zero);
      return true_quotient(a, b);
    case Operator::power:
      return integer_power(a, b);
    case Operator::round_up: {
      if (b == -1) return a;  // also where the quotient overflows
      const Scalar multiples = ceil_divided(a, b);
      return multiples.is(Scalar::Kind::absent) ? multiples : multiplied(multiples.integer(), b);
    }
    case Operator::negate:
      return negated(a);
    case Operator::absolute:
      return a < 0 ? negated(a) : Scalar(a);
    case Operator::negation:
      return a == 0;
    case Operator::plus:
    case Operator::to_integer:
    case Operator::floor:
    case Operator::ceil:
    case Operator::round:
      return a;
    default:
      return on_reals(op, static_cast<double>(a), static_cast<double>(b));
  }
}

Scalar apply(Operator op, const Scalar& a, const Scalar& b) {
  if (a.is(Scalar::Kind::absent) || b.is(Scalar::Kind::absent)) {
    return no_value(Fault::unknown_name);
  }
  if (op == Operator::negation) return !truth(a);
  if (op == Operator::minimum || op == Operator::maximum) return extreme(op, a, b);
  if (is_string(a) && is_string(b)) return on_strings(op, a.string(), b.string());
  if (is_string(a) || is_string(b)) return on_mixed(op, b);
  return on_numbers(op, a, b);
}

std::string_view spelling(Operator op) {
  constexpr std::string_view spellings[] = {
      "+",  "-",   "*",   "/",    "//",     "%",   "**",    "==",       "!=",       "<",
      "<=", ">",   ">=",  "in",   "not in", "min", "max",   "ceil_div", "round_up", "+",
      "-",  "not", "abs", "log2", "sqrt",   "int", "float", "floor",    "ceil",     "round"};
  static_assert(std::size(spellings) == static_cast<std::size_t>(Operator::round) + 1);
  return spellings[static_cast<std::size_t>(op)];
}

}  // namespace evotune
