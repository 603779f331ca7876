#include "engine/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace evotune {
namespace {

struct Format {
  int digits;        ///< of the significand, the hidden bit included
  int min_exponent;  ///< of the smallest normal number
  double largest;
};

Format format_of(ElementType type) {
  switch (type) {
    case ElementType::f16:
      return {11, -14, 65504.0};
    case ElementType::bf16:
      return {8, -126, 0x1.fep127};
    case ElementType::f32:
      return {24, -126, std::numeric_limits<float>::max()};
    default:
      return {53, -1022, std::numeric_limits<double>::max()};
  }
}

enum class Verdict { right, wrong, not_a_number };

// `error <= tolerance` and not its negation: a NaN must not pass.
Verdict judge(double expected, double actual, double tolerance, ElementType type) {
  if (std::isnan(expected)) return std::isnan(actual) ? Verdict::right : Verdict::wrong;
  if (std::isinf(actual)) {
    const bool same_sign = std::signbit(actual) == std::signbit(expected);
    const bool out_of_range = std::abs(expected) > format_of(type).largest;
    return same_sign && out_of_range ? Verdict::right : Verdict::not_a_number;
  }
  if (std::isnan(actual)) return Verdict::not_a_number;
  if (std::isinf(expected)) return Verdict::wrong;
  return std::abs(actual - expected) <= tolerance ? Verdict::right : Verdict::wrong;
}

/// True also where there are no bits to compare.
bool same_bits(const Buffer& expected, const Buffer& actual, std::size_t at, ElementType type) {
  const std::size_t size = size_of(type), begin = at * size;
  return begin + size > expected.size() || std::memcmp(&expected[begin], &actual[begin], size) == 0;
}

/// What was found in one output.
struct Tally {
  std::size_t wrong = 0, not_numbers = 0;
  std::size_t first = 0, worst = 0;  ///< wrong element
};

/// With as many digits as it takes to see that they differ.
std::string instead_of(double actual, double right) {
  std::string text;
  for (const int digits : {6, 9, 17}) {
    const std::string is = fmt::format("{:.{}g}", actual, digits);
    const std::string should_be = fmt::format("{:.{}g}", right, digits);
    text = fmt::format("{} instead of {}", is, should_be);
    if (is != should_be) break;
  }
  return text;
}

std::string explain(const Tally& tally, const ExpectedOutput& expected,
                    const std::vector<double>& values, const std::string& name) {
  std::string text =
      fmt::format("{} of {} elements of {} are wrong", tally.wrong, values.size(), name);
  if (tally.not_numbers > 0)
    text += fmt::format(", {} of them NaN or infinite (never written?)", tally.not_numbers);
  const auto told = [&](std::size_t at) { return instead_of(values[at], expected.values[at]); };
  text += fmt::format("; the first is {}[{}] = {} (allowed: {:.3g})", name, tally.first,
                      told(tally.first), expected.tolerance[tally.first]);
  if (tally.not_numbers == 0 && tally.worst != tally.first)
    text += fmt::format("; the worst is [{}] = {}", tally.worst, told(tally.worst));
  return text;
}

}  // namespace

Comparison compare(const ExpectedOutput& expected, const Buffer& actual, const Argument& argument) {
  const std::vector<double> values = as_doubles(actual, argument.type);
  Comparison result;
  Accuracy& accuracy = result.accuracy;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (values.size() != expected.values.size()) {
    accuracy = {infinity, infinity, true};
    result.wrong = fmt::format("{} has {} elements instead of {}", argument.name, values.size(),
                               expected.values.size());
    return result;
  }
  Tally tally;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double right = expected.values[i], tolerance = expected.tolerance[i];
    Verdict verdict = judge(right, values[i], tolerance, argument.type);
    if (!same_bits(expected.bits, actual, i, argument.type)) verdict = Verdict::wrong;
    const double error = std::abs(values[i] - right);
    if (verdict != Verdict::right && tally.wrong++ == 0) tally.first = i;
    if (verdict == Verdict::not_a_number) ++tally.not_numbers;
    if (std::isfinite(error) && error > accuracy.max_error) {
      accuracy.max_error = error;
      tally.worst = i;
    }
    if (std::isfinite(error) && error > 0)
      accuracy.worst_of_allowed =
          std::max(accuracy.worst_of_allowed, tolerance > 0 ? error / tolerance : infinity);
  }
  if (tally.not_numbers > 0) accuracy = {infinity, infinity, true};
  if (tally.wrong == 0) return result;
  accuracy.worst_of_allowed = std::max(accuracy.worst_of_allowed, std::nextafter(1.0, 2.0));
  result.wrong = explain(tally, expected, values, argument.name);
  return result;
}

Accuracy worst_of(const Accuracy& a, const Accuracy& b) {
  return {std::max(a.max_error, b.max_error), std::max(a.worst_of_allowed, b.worst_of_allowed),
          a.has_nan || b.has_nan};
}

double spacing(double value, ElementType type) {
  if (!is_floating(type) || !std::isfinite(value)) return 0;
  const Format format = format_of(type);
  const int exponent = value == 0 ? format.min_exponent : std::ilogb(value);
  return std::ldexp(1.0, std::max(exponent, format.min_exponent) - format.digits + 1);
}

double smallest_normal(ElementType type) {
  return is_floating(type) ? std::ldexp(1.0, format_of(type).min_exponent) : 0;
}

double accumulation_roundoff(ElementType type) {
  return type == ElementType::f64 ? 0x1p-53 : 0x1p-24;
}

}  // namespace evotune
