#include "kernel/elements.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace evotune {
namespace {

/// A 16-bit IEEE-like format: one sign bit, then exponent and mantissa.
struct Format {
  int exponent_bits;
  int mantissa_bits;
  [[nodiscard]] int bias() const { return (1 << (exponent_bits - 1)) - 1; }
  [[nodiscard]] std::int64_t infinity() const {
    return ((std::int64_t{1} << exponent_bits) - 1) << mantissa_bits;
  }
};

constexpr Format half{5, 10};
constexpr Format bfloat16{8, 7};

// Rounds once, from the double's own bits: going through float would round twice.
std::uint16_t rounded(double value, const Format& format) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 63) << 15);
  const auto with_sign = [sign](std::int64_t magnitude) {
    return static_cast<std::uint16_t>(sign | magnitude);
  };
  const std::int64_t quiet_bit = std::int64_t{1} << (format.mantissa_bits - 1);
  if (std::isnan(value)) return with_sign(format.infinity() | quiet_bit);
  if (std::isinf(value)) return with_sign(format.infinity());

  const int exponent = static_cast<int>((bits >> 52) & 0x7ff) - 1023;
  const std::uint64_t mantissa = (bits & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1} << 52;
  const int below_normal = std::max(0, 1 - format.bias() - exponent);
  const int shift = 52 - format.mantissa_bits + below_normal;
  if (shift > 53) return with_sign(0);  // less than half of the smallest

  std::uint64_t kept = mantissa >> shift;
  const std::uint64_t rest = mantissa & ((std::uint64_t{1} << shift) - 1);
  const std::uint64_t middle = std::uint64_t{1} << (shift - 1);
  if (rest > middle || (rest == middle && (kept & 1) != 0)) ++kept;

  // The leading bit of a normal number counts as one in the exponent; so does a carry.
  auto magnitude = static_cast<std::int64_t>(kept);
  if (below_normal == 0)
    magnitude += static_cast<std::int64_t>(exponent + format.bias() - 1) << format.mantissa_bits;
  return with_sign(std::min(magnitude, format.infinity()));
}

double widened(std::uint16_t bits, const Format& format) {
  const int mantissa = bits & ((1 << format.mantissa_bits) - 1);
  const int exponent = (bits & 0x7fff) >> format.mantissa_bits;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == (1 << format.exponent_bits) - 1)
    return mantissa != 0 ? std::copysign(std::numeric_limits<double>::quiet_NaN(), sign)
                         : sign * std::numeric_limits<double>::infinity();
  const int significand = exponent == 0 ? mantissa : mantissa | 1 << format.mantissa_bits;
  const int scale = std::max(exponent, 1) - format.bias() - format.mantissa_bits;
  return sign * std::ldexp(significand, scale);
}

}  // namespace

std::uint16_t to_half(double value) { return rounded(value, half); }
double from_half(std::uint16_t bits) { return widened(bits, half); }
std::uint16_t to_bfloat16(double value) { return rounded(value, bfloat16); }
double from_bfloat16(std::uint16_t bits) { return widened(bits, bfloat16); }

std::vector<double> as_doubles(const Buffer& buffer, ElementType type) {
  std::vector<double> numbers(buffer.size() / size_of(type));
  with_element(type, [&](auto element) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      std::memcpy(&element, buffer.data() + i * sizeof element, sizeof element);
      numbers[i] = number_from(element);
    }
  });
  return numbers;
}

}  // namespace evotune
