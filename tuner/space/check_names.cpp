#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"
#include "space/sections.h"

namespace evotune {
namespace {

using Kinds = std::map<std::string, std::string, std::less<>>;  // name → "a parameter"

void declare(Reader& reader, const YamlNode* map, std::string_view kind, Kinds& declared) {
  if (map == nullptr) return;
  for (const auto& [key, value] : map->entries) {
    if (!is_identifier(key.text))
      reader.refuse(key, fmt::format("'{}' cannot name {}", key.text, kind),
                    "a C identifier: letters, digits and _, not beginning with a digit");
    else if (const std::string why = why_reserved(key.text); !why.empty())
      reader.refuse(key, fmt::format("'{}' cannot name {}", key.text, kind), why);
    const auto [earlier, fresh] = declared.emplace(key.text, kind);
    if (!fresh && earlier->second != kind)
      reader.refuse(key, fmt::format("'{}' is {} and {}", key.text, earlier->second, kind),
                    "one of the two needs another name");
  }
}

// The identifier value `row` of LAYOUT also defines the macro LAYOUT_row.
void check_value_macros(Reader& reader, const SpaceFile& file, const Kinds& declared) {
  for (const ParameterDeclaration& parameter : file.parameters) {
    if (parameter.kind != ParameterKind::value) continue;
    for (const auto& declared_value : parameter.values) {
      const auto* value = std::get_if<Value>(&declared_value);
      if (value == nullptr || !std::holds_alternative<std::string>(*value)) continue;
      const std::string macro = parameter.name + "_" + std::get<std::string>(*value);
      if (const auto other = declared.find(macro); other != declared.end())
        reader.refuse(parameter.where,
                      fmt::format("the value {} of {} defines {}, which is also {}",
                                  to_text(*value), parameter.name, macro, other->second));
    }
  }
}

using Used = std::set<std::string, std::less<>>;

void use(const Expression& expression, Used& used) {
  used.insert(expression.names().begin(), expression.names().end());
}

void use(const LaunchDeclaration& launch, Used& used) {
  for (const auto* extents : {&launch.grid, &launch.block})
    for (const PlacedExpression& one : *extents) use(one.expression, used);
  if (launch.shared_bytes) use(launch.shared_bytes->expression, used);
}

void use_words(std::string_view text, Used& used) {  // of a C++ name expression
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() &&
        (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_'))
      continue;
    if (i > begin) used.emplace(text.substr(begin, i - begin));
    begin = i + 1;
  }
}

}  // namespace

void check_declared_names(Reader& reader, const YamlNode& root, const SpaceFile& file) {
  Kinds declared;
  declare(reader, root.find("parameters"), "a parameter", declared);
  if (const YamlNode* problem = root.find("problem")) {
    declare(reader, problem, "a problem size", declared);
    if (!problem->items.empty())
      declare(reader, &problem->items.front(), "a problem size", declared);
  }
  declare(reader, root.find("let"), "a let", declared);
  declare(reader, root.find("metrics"), "a metric", declared);
  if (const YamlNode* options = root.find("options"))
    for (const auto& [key, value] : options->entries)
      if (const auto other = declared.find(key.text); other != declared.end())
        reader.refuse(key, fmt::format("'{}' is {} and a compiler option", key.text, other->second),
                      "one of the two needs another name");
  check_value_macros(reader, file, declared);
}

std::vector<std::string> names_used(const SpaceFile& file) {
  Used used;
  for (const auto* list : {&file.lets, &file.gates, &file.metrics})
    for (const NamedExpression& one : *list) use(one.expression, used);
  for (const PlacedExpression& one : file.constraints) use(one.expression, used);
  if (file.fitness) use(file.fitness->expression, used);
  if (file.verify.reduction) use(file.verify.reduction->expression, used);
  use(file.launch, used);
  if (file.reference.launch) use(*file.reference.launch, used);
  use_words(file.kernel.entry, used);
  use_words(file.reference.entry, used);
  for (const ArgumentSpec& argument : file.arguments)
    for (std::string& name : names_in(argument)) used.insert(std::move(name));
  for (const ParameterDeclaration& parameter : file.parameters)
    if (parameter.kind == ParameterKind::option) used.insert(parameter.name);
  return {used.begin(), used.end()};
}

}  // namespace evotune
