#include "expr/value.h"

#include <fmt/format.h>

namespace evotune {
namespace {

// Shortest text that reads back as the same double, and as a double: 2.0, 1e+20, 0.1.
std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string to_text(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return real_text(*real);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::to_string(std::get<std::int64_t>(value));
}

std::string to_text(const Bindings& bindings) {
  std::string out;
  for (const auto& [name, value] : bindings) {
    if (!out.empty()) out += ',';
    out += name + '=' + to_text(value);
  }
  return out;
}

}  // namespace evotune
