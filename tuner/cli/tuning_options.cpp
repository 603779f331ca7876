#include "cli/tuning_options.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>

#include "base/errors.h"
#include "cli/space_argument.h"

namespace evotune {
namespace {

template <typename T>
bool parses(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end;
}

Value parse_value(const std::string& text) {
  if (std::int64_t whole = 0; parses(text, whole)) return whole;
  if (double real = 0; parses(text, real) && std::isfinite(real)) return real;  // "nan" is a name
  if (text == "true") return true;
  if (text == "false") return false;
  return text;
}

}  // namespace

void add_tuning_options(CLI::App& command, TuningOptions& options) {
  command.add_option("space", options.space, "The space file (.yaml)")
      ->required()
      ->type_name("FILE")
      ->each(demand_space_file);
  command.add_option("--device", options.device, "auto, cpu, cuda:N")->capture_default_str();
  command.add_option("--problem", options.problem,
                     "Replace sizes of the problem: --problem M=4096 N=4096");
}

Bindings parse_assignments(const std::vector<std::string>& assignments) {
  Bindings bindings;
  for (const std::string& one : assignments) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == one.size())
      throw UserError("'" + one + "' is not of the form NAME=VALUE", "for example: BM=64");
    if (!bindings.emplace(one.substr(0, equals), parse_value(one.substr(equals + 1))).second)
      throw UserError("'" + one.substr(0, equals) + "' is given twice");
  }
  return bindings;
}

}  // namespace evotune
