#include "kernel/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "kernel/directives.h"

namespace evotune {
namespace {

struct Spelling {
  std::string_view option;   ///< the space file's word
  std::string_view written;  ///< nvcc's, with {} for the value
};

// Sorted: the order in which options reach the compiler is part of the source's hash.
constexpr std::array<Spelling, 7> spellings{{{"fast_math", "--use_fast_math"},
                                             {"fmad", "--fmad={}"},
                                             {"ftz", "--ftz={}"},
                                             {"max_registers", "--maxrregcount={}"},
                                             {"opt_level", "--ptxas-options=-O{}"},
                                             {"prec_div", "--prec-div={}"},
                                             {"prec_sqrt", "--prec-sqrt={}"}}};

// Values that stand for "as the compiler would anyway", and have no spelling.
bool is_left_out(std::string_view option, const Value& value) {
  if (option == "fast_math") return value == Value{false};
  if (option == "max_registers") return value == Value{std::int64_t{0}};
  return option == "opt_level" && value == Value{std::int64_t{3}};
}

const Value* value_of(std::string_view option, const SpaceFile& file, const Bindings& bound) {
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind != ParameterKind::option || parameter.name != option) continue;
    const auto tuned = bound.find(option);
    return tuned != bound.end() ? &tuned->second : nullptr;
  }
  const auto fixed = file.fixed_options.find(option);
  return fixed != file.fixed_options.end() ? &fixed->second : nullptr;
}

bool is_known(std::string_view option) {
  for (const Spelling& one : spellings)
    if (one.option == option) return true;
  return false;
}

std::optional<Failure> unknown_option(const SpaceFile& file) {
  const auto refusal = [](std::string_view name) {
    return Failure{Stage::render, fmt::format("'{}' is no compiler option", name)};
  };
  for (const auto& [name, value] : file.fixed_options)
    if (!is_known(name)) return refusal(name);
  for (const ParameterDeclaration& parameter : file.parameters)
    if (parameter.kind == ParameterKind::option && !is_known(parameter.name))
      return refusal(parameter.name);
  return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>> options_of(const SpaceFile& file, const Bindings& bound) {
  if (auto failure = unknown_option(file)) return *failure;
  std::vector<std::string> options;
  for (const Spelling& one : spellings) {
    const Value* value = value_of(one.option, file, bound);
    if (value == nullptr || is_left_out(one.option, *value)) continue;
    // Text could smuggle in a second option.
    if (std::holds_alternative<std::string>(*value))
      return Failure{Stage::render, fmt::format("{}: '{}' is neither a number nor a bool",
                                                one.option, to_text(*value))};
    options.push_back(fmt::format(fmt::runtime(one.written), to_text(*value)));
  }
  return options;
}

void add_standard(std::string_view text, std::vector<std::string>& options) {
  static const std::set<std::string_view> words = {"concept", "consteval", "constinit", "requires"};
  static const std::set<std::string_view> headers = {"bit",     "compare", "concepts",
                                                     "numbers", "ranges",  "span"};
  const std::vector<CodeToken> tokens = code_tokens(text);
  const std::vector<Directive> directives = directives_of(tokens);
  const bool newer =
      std::any_of(tokens.begin(), tokens.end(),
                  [](const CodeToken& one) {
                    return one.kind == CodeTokenKind::identifier && words.count(one.text) != 0;
                  }) ||
      std::any_of(directives.begin(), directives.end(),
                  [](const Directive& one) { return headers.count(included_header(one)) != 0; });
  if (newer) options.emplace_back("--std=c++20");
}

}  // namespace evotune
