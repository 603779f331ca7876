#include "exporter/cpp_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "exporter/to_cpp.h"

namespace evotune {
namespace {

// Keywords that are likely names, the functions of the generated header, and its own variables.
constexpr std::array<std::string_view, 70> taken = {
    "and",       "asm",       "auto",     "bool",      "break",     "case",      "catch",
    "char",      "class",     "const",    "constexpr", "continue",  "default",   "delete",
    "do",        "double",    "else",     "enum",      "explicit",  "export",    "extern",
    "false",     "float",     "for",      "friend",    "goto",      "if",        "inline",
    "int",       "long",      "mutable",  "namespace", "new",       "operator",  "or",
    "private",   "protected", "public",   "register",  "return",    "short",     "signed",
    "sizeof",    "static",    "struct",   "switch",    "template",  "this",      "throw",
    "true",      "typename",  "union",    "unsigned",  "using",     "virtual",   "void",
    "volatile",  "while",     "std",      "sizes",     "divide",    "power",     "extent",
    "arguments", "addresses", "launched", "stream",    "floor_div", "floor_mod", "to_integer"};
constexpr std::array<std::string_view, 11> functions = {
    "min", "max", "abs", "ceil_div", "round_up", "log2", "sqrt", "floor", "ceil", "round", "not"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const NamedExpression* find_let(const Winner& winner, const std::string& name) {
  for (const NamedExpression& let : winner.file.lets)
    if (let.name == name) return &let;
  return nullptr;
}

}  // namespace

std::string cpp_name(const std::string& name) {
  std::string out = name;
  std::replace(out.begin(), out.end(), '.', '_');
  if (among(taken, out) || among(functions, out)) out += '_';
  return out;
}

std::string cpp_type(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return "std::int64_t";
  if (std::holds_alternative<double>(value)) return "double";
  if (std::holds_alternative<bool>(value)) return "bool";
  return "std::string_view";
}

std::string cpp_literal(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("\"{}\"", *text);
  if (value == Value{INT64_MIN}) return "INT64_MIN";
  return to_text(value);
}

std::optional<std::string> CppNames::use(const Expression& expression) {
  for (const std::string& name : expression.names())
    if (!declare(name)) return std::nullopt;
  return to_cpp(expression, cpp_name);
}

bool CppNames::declare(const std::string& name) {
  if (declared_.count(name) > 0) return true;
  const auto value = winner_.bound.find(name);
  if (value == winner_.bound.end()) return false;
  const auto& sizes = winner_.file.problem.front().sizes;
  if (const NamedExpression* let = find_let(winner_, name)) {
    const std::optional<std::string> computed = use(let->expression);
    if (!computed) return false;
    declarations_ += fmt::format("  const auto {} = {};\n", cpp_name(name), *computed);
  } else if (sizes.count(name) > 0) {
    declarations_ += fmt::format("  const auto {0} = sizes.{0};\n", cpp_name(name));
  } else {
    declarations_ += fmt::format("  constexpr {} {} = {};\n", cpp_type(value->second),
                                 cpp_name(name), cpp_literal(value->second));
  }
  declared_.insert(name);
  return true;
}

}  // namespace evotune
