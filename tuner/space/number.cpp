#include "space/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <variant>

namespace evotune {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// How far digits reach from `at`.
std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

enum class Form { whole, real, none };

// JSON's grammar: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
Form form_of(std::string_view text) {
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  std::size_t at = skip_digits(text, begin);
  if (at == begin || (text[begin] == '0' && at > begin + 1)) return Form::none;
  if (at == text.size()) return Form::whole;
  if (text[at] == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return Form::none;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = at;
    at = skip_digits(text, exponent);
    if (at == exponent) return Form::none;
  }
  return at == text.size() ? Form::real : Form::none;
}

std::string complaint(std::string_view text) {
  const std::string shown = "'" + std::string(text) + "' ";
  const std::string_view digits = text.substr(text.find_first_not_of("+-") == 1 ? 1 : 0);
  if (text.starts_with('+')) return shown + "has a plus sign";
  if (digits.starts_with("0x") || digits.starts_with("0X")) return shown + "is not decimal";
  if (text.find('_') != std::string_view::npos) return shown + "has an underscore";
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]))
    return shown + "has a leading zero";
  if (digits.starts_with(".n") || digits.starts_with(".N") || digits.starts_with(".i") ||
      digits.starts_with(".I"))
    return shown + "is not a finite number";
  return shown + "is not a number";
}

std::optional<double> as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  return std::nullopt;
}

}  // namespace

Expected<Value, std::string> read_number(std::string_view text) {
  const Form form = form_of(text);
  const char* const end = text.data() + text.size();
  if (form == Form::whole) {
    std::int64_t whole = 0;
    if (std::from_chars(text.data(), end, whole).ec == std::errc{}) return Value(whole);
    return "'" + std::string(text) + "' does not fit into 64 bits";
  }
  if (form == Form::none) return complaint(text);
  double real = 0;
  const auto read = std::from_chars(text.data(), end, real);
  if (read.ec != std::errc{} || !std::isfinite(real))
    return "'" + std::string(text) + "' does not fit into a double";
  return Value(real);
}

bool looks_like_number(std::string_view text) {
  const std::string_view body =
      text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  if (body.empty() || !(is_digit(body[0]) || body[0] == '.')) return false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const bool exponent_sign =
        i > 0 && (body[i] == '-' || body[i] == '+') && (body[i - 1] == 'e' || body[i - 1] == 'E');
    if (!is_word(body[i]) && body[i] != '.' && !exponent_sign) return false;
  }
  return true;
}

Value value_from(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  auto number = read_number(text);
  return number ? *std::move(number) : Value(std::string(text));
}

bool same_value(const Value& a, const Value& b) {
  if (a.index() == b.index()) return a == b;
  const auto one = as_number(a);
  const auto other = as_number(b);
  return one && other && *one == *other;
}

}  // namespace evotune
