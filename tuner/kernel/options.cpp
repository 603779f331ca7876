#include "kernel/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

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

bool is_one_of(std::span<const std::string_view> all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// `int requires = 2;` and `int requires(int);` are C++17's.
bool is_word_of_cxx20(const std::vector<CodeToken>& code, std::size_t i) {
  static constexpr std::array<std::string_view, 4> words = {"concept", "consteval", "constinit",
                                                            "requires"};
  static constexpr std::array<std::string_view, 10> types = {
      "auto", "bool", "char", "double", "float", "int", "long", "short", "unsigned", "void"};
  if (!is_one_of(words, code[i].text) || i + 1 == code.size()) return false;
  const CodeToken& next = code[i + 1];
  const bool named_so = i > 0 && is_one_of(types, code[i - 1].text);
  const bool goes_on = next.is("(") || next.is("{") || next.is(":") || next.is("!");
  return next.kind == CodeTokenKind::identifier || (goes_on && !named_so);
}

bool is_of_cxx20(std::string_view text) {
  static constexpr std::array<std::string_view, 6> headers = {"bit",     "compare", "concepts",
                                                              "numbers", "ranges",  "span"};
  std::vector<CodeToken> tokens = code_tokens(text);
  for (const Directive& one : directives_of(tokens))
    if (is_one_of(headers, included_header(one))) return true;
  std::erase_if(tokens, [](const CodeToken& one) { return !one.significant(); });
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (is_word_of_cxx20(tokens, i)) return true;
  return false;
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
  if (is_of_cxx20(text)) options.emplace_back("--std=c++20");
}

}  // namespace evotune
