#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "space/number.h"
#include "space/sections.h"

namespace evotune {
namespace {

const ParameterDeclaration* find_parameter(const std::vector<ParameterDeclaration>& parameters,
                                           std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& one) { return one.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

/// As `read_value` reads the values of a parameter, but an expression stays its own text.
Value value_of(const YamlNode& node, const ParameterDeclaration& parameter) {
  const bool words = parameter.kind == ParameterKind::file || parameter.kind == ParameterKind::type;
  return node.quoted || words ? Value(node.text) : value_from(node.text);
}

// A value that is an expression is known only on a device; until then it goes by its text.
bool offers(const ParameterDeclaration& parameter, const Value& value) {
  return std::any_of(parameter.values.begin(), parameter.values.end(), [&](const auto& declared) {
    if (const auto* literal = std::get_if<Value>(&declared)) return same_value(*literal, value);
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ||
           trim(std::get<PlacedExpression>(declared).expression.text()) == trim(*text);
  });
}

std::string offered(const ParameterDeclaration& parameter) {
  constexpr std::size_t most_shown = 12;
  std::vector<std::string> texts;
  for (const auto& declared : parameter.values) {
    if (texts.size() == most_shown) {
      texts.emplace_back("…");
      break;
    }
    const auto* literal = std::get_if<Value>(&declared);
    texts.push_back(literal != nullptr ? to_text(*literal)
                                       : std::get<PlacedExpression>(declared).expression.text());
  }
  return "it offers " + join(texts, ", ");
}

}  // namespace

void read_config(Reader& reader, const YamlNode& node,
                 const std::vector<ParameterDeclaration>& parameters, NamedConfig& config) {
  config.where = reader.place(node);
  if (!reader.is_map(node, config.name, "a map of parameters and values, such as {BM: 16}")) return;
  std::vector<std::string> known;
  for (const ParameterDeclaration& one : parameters) known.push_back(one.name);
  for (const auto& [key, node_value] : node.entries) {
    const ParameterDeclaration* parameter = find_parameter(parameters, key.text);
    if (parameter == nullptr) {
      reader.refuse(key, fmt::format("{}: there is no parameter '{}'", config.name, key.text),
                    suggestion(key.text, known));
      continue;
    }
    if (!reader.text(node_value, key.text, "one of the parameter's values")) continue;
    Value value = value_of(node_value, *parameter);
    if (!parameter->values.empty() && !offers(*parameter, value))
      reader.refuse(node_value, fmt::format("{} has no value {}", key.text, describe(node_value)),
                    offered(*parameter));
    config.values[key.text] = std::move(value);
  }
}

void read_baseline(Reader& reader, const YamlNode& node, SpaceFile& file) {
  reader.fields(node, "baseline",
                {{"config",
                  [&](const YamlNode& value, std::string_view) {
                    NamedConfig& config = file.baseline.emplace();
                    config.name = "baseline";
                    read_config(reader, value, file.parameters, config);
                  },
                  true}});
}

void read_presets(Reader& reader, const YamlNode& node, SpaceFile& file) {
  if (!reader.is_map(node, "presets", "a map of names and configurations")) return;
  if (node.entries.size() > most_named_expressions)
    return reader.refuse(node, fmt::format("more than {} presets", most_named_expressions));
  for (const auto& [key, value] : node.entries) {
    constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (key.text.empty() || key.text.find_first_not_of(allowed) != std::string::npos)
      reader.refuse(key, fmt::format("'{}' is not the name of a preset", key.text),
                    "letters, digits, '_', '-' and '.'");
    NamedConfig config;
    config.name = key.text;
    read_config(reader, value, file.parameters, config);
    file.presets.push_back(std::move(config));
  }
}

}  // namespace evotune
