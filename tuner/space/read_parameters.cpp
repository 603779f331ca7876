#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"
#include "space/number.h"
#include "space/options.h"
#include "space/sections.h"

namespace evotune {
namespace {

constexpr std::size_t most_values = 65'536;
using DeclaredValue = std::variant<Value, PlacedExpression>;

bool is_cpp_type(std::string_view text) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:<>, *";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos &&
         is_identifier(text.substr(0, 1));
}

bool is_doubtful_boolean(std::string_view text) {
  constexpr std::array words = {"yes", "no", "on", "off", "Yes",  "No",    "On",   "Off",
                                "YES", "NO", "ON", "OFF", "True", "False", "TRUE", "FALSE"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

// A number, true, false, an identifier or an expression, in this order.
std::optional<DeclaredValue> read_value(Reader& reader, const YamlNode& node,
                                        std::string_view key) {
  const std::string accepted = "a number, true, false, an identifier or an expression";
  const auto text = reader.text(node, fmt::format("a value of {}", key), accepted);
  if (!text) return std::nullopt;
  const Names& names = reader.names();
  if (looks_like_number(*text)) {
    if (node.quoted) {
      reader.refuse(node, fmt::format("a value of {} is a number in quotes", key),
                    fmt::format("write {} without quotes", *text));
      return std::nullopt;
    }
    auto number = read_number(*text);
    if (number) return *std::move(number);
    reader.refuse(node, fmt::format("a value of {}: {}", key, number.error()),
                  "numbers are decimal and finite: 12, -3, 0.5, 1e-3");
    return std::nullopt;
  }
  if (!node.quoted && (*text == "true" || *text == "false")) return Value(*text == "true");
  if (!node.quoted && is_doubtful_boolean(*text)) {
    reader.refuse(node, fmt::format("a value of {}: {} could be read as a bool", key, *text),
                  "write true or false, or quote an identifier");
    return std::nullopt;
  }
  const bool is_size =
      !node.quoted && std::find(names.sizes.begin(), names.sizes.end(), *text) != names.sizes.end();
  if (is_identifier(*text) && !is_size) return Value(*text);
  auto expression = reader.expression(node, key, value_scope(names));
  if (expression) return *std::move(expression);
  return std::nullopt;
}

std::vector<DeclaredValue> read_listed(Reader& reader, const YamlNode& node, std::string_view key) {
  std::vector<DeclaredValue> values;
  for (const YamlNode& one : node.items)
    if (auto value = read_value(reader, one, key)) values.push_back(*std::move(value));
  return values;
}

std::vector<DeclaredValue> read_powers(Reader& reader, const YamlNode& node, std::string_view key) {
  std::vector<DeclaredValue> values;
  if (!reader.is_list(node, key, "[lowest, highest]", 2)) return values;
  std::vector<std::int64_t> bounds;
  for (const YamlNode& one : node.items) {
    const auto bound = reader.whole(one, key, {1, std::int64_t{1} << 62});
    if (!bound) return values;
    bounds.push_back(*bound);
  }
  const auto power = [](std::int64_t x) {
    return std::has_single_bit(static_cast<std::uint64_t>(x));
  };
  if (bounds.size() != 2 || !power(bounds[0]) || !power(bounds[1]) || bounds[0] > bounds[1]) {
    reader.refuse(node, fmt::format("{} must be [lowest, highest], both powers of two", key),
                  "powers_of_two: [1, 8] is 1, 2, 4, 8");
    return values;
  }
  for (std::int64_t x = bounds[0]; x <= bounds[1]; x *= 2) values.emplace_back(Value(x));
  return values;
}

std::vector<DeclaredValue> read_range(Reader& reader, const YamlNode& node, std::string_view key) {
  std::vector<DeclaredValue> values;
  if (!reader.is_list(node, key, "[first, last] or [first, last, step]", 3)) return values;
  std::vector<std::int64_t> numbers;
  constexpr std::int64_t far = std::int64_t{1} << 53;
  for (const YamlNode& one : node.items) {
    const auto number = reader.whole(one, key, {-far, far});
    if (!number) return values;
    numbers.push_back(*number);
  }
  const std::int64_t step = numbers.size() == 3 ? numbers[2] : 1;
  if (numbers.size() < 2 || step < 1 || numbers[0] > numbers[1]) {
    reader.refuse(node,
                  fmt::format("{} must be [first, last] or [first, last, step], upwards", key),
                  "range: [16, 64, 16] is 16, 32, 48, 64");
    return values;
  }
  if ((numbers[1] - numbers[0]) / step >= static_cast<std::int64_t>(most_values)) {
    reader.refuse(node, fmt::format("{} has more than {} values", key, most_values));
    return values;
  }
  for (std::int64_t x = numbers[0]; x <= numbers[1]; x += step) values.emplace_back(Value(x));
  return values;
}

std::vector<DeclaredValue> read_types(Reader& reader, const YamlNode& node, std::string_view key) {
  std::vector<DeclaredValue> values;
  if (!reader.is_list(node, key, "a list of C++ types")) return values;
  for (const YamlNode& one : node.items) {
    const auto type = reader.text(one, "a type", "a C++ type");
    if (!type) continue;
    if (is_cpp_type(*type))
      values.emplace_back(Value(*type));
    else
      reader.refuse(one, fmt::format("{} is not the name of a C++ type", describe(one)),
                    "float, half, \"unsigned int\", …");
  }
  return values;
}

std::vector<DeclaredValue> read_files(Reader& reader, const YamlNode& node, std::string_view key) {
  std::vector<DeclaredValue> values;
  if (!reader.is_list(node, key, "a list of file names")) return values;
  for (const YamlNode& one : node.items)
    if (auto path = reader.path(one, "a file")) values.emplace_back(Value(*std::move(path)));
  return values;
}

void read_generated(Reader& reader, const YamlNode& node, ParameterDeclaration& parameter) {
  using List = std::vector<DeclaredValue> (*)(Reader&, const YamlNode&, std::string_view);
  const auto as = [&](ParameterKind kind, List list) {
    return [&reader, &parameter, kind, list](const YamlNode& value, std::string_view key) {
      parameter.kind = kind;
      parameter.values = list(reader, value, key);
    };
  };
  if (node.entries.size() != 1)
    return reader.refuse(node, fmt::format("{} must have exactly one of powers_of_two, range, "
                                           "types, files",
                                           parameter.name));
  reader.fields(node, parameter.name,
                {{"powers_of_two", as(ParameterKind::value, read_powers)},
                 {"range", as(ParameterKind::value, read_range)},
                 {"types", as(ParameterKind::type, read_types)},
                 {"files", as(ParameterKind::file, read_files)}});
}

enum class Class { number, boolean, text };
Class class_of(const Value& value) {
  if (std::holds_alternative<bool>(value)) return Class::boolean;
  return std::holds_alternative<std::string>(value) ? Class::text : Class::number;
}

// Numbers, bools and identifiers do not mix: no kernel could tell what it was given.
void check_values(Reader& reader, const YamlNode& node, const ParameterDeclaration& parameter) {
  const Value* first = nullptr;
  for (auto one = parameter.values.begin(); one != parameter.values.end(); ++one) {
    const auto* value = std::get_if<Value>(&*one);
    if (value == nullptr) continue;
    if (first == nullptr) first = value;
    if (class_of(*first) != class_of(*value))
      return reader.refuse(
          node,
          fmt::format("{} mixes '{}' and '{}'", parameter.name, to_text(*first), to_text(*value)),
          "all numbers, all bools or all identifiers");
  }
  for (auto one = parameter.values.begin(); one != parameter.values.end(); ++one) {
    const auto* value = std::get_if<Value>(&*one);
    if (value == nullptr || parameter.values.size() > 1000) continue;  // generated lists are sets
    const bool twice = std::any_of(parameter.values.begin(), one, [&](const DeclaredValue& other) {
      const auto* earlier = std::get_if<Value>(&other);
      return earlier != nullptr && same_value(*earlier, *value);
    });
    if (twice)
      reader.refuse(node,
                    fmt::format("{} has the value {} twice", parameter.name, to_text(*value)));
  }
}

std::optional<Value> read_option_value(Reader& reader, const YamlNode& node,
                                       const CompilerOption& option) {
  if (std::holds_alternative<bool>(option.standard)) {
    if (const auto flag = reader.boolean(node, option.name)) return Value(*flag);
  } else if (const auto number = reader.whole(node, option.name, {0, option.highest})) {
    return Value(*number);
  }
  return std::nullopt;
}

void read_option_list(Reader& reader, const YamlNode& node, const CompilerOption& option,
                      ParameterDeclaration& parameter) {
  parameter.name = option.name;
  parameter.kind = ParameterKind::option;
  parameter.where = reader.place(node);
  if (!reader.is_list(node, option.name, "a value, or a list of values to try")) return;
  for (const YamlNode& one : node.items)
    if (auto value = read_option_value(reader, one, option))
      parameter.values.emplace_back(*std::move(value));
  check_values(reader, node, parameter);
}

}  // namespace

void read_parameters(Reader& reader, const YamlNode& node,
                     std::vector<ParameterDeclaration>& parameters) {
  if (!reader.is_map(node, "parameters", "a map of names and lists of values")) return;
  if (node.entries.size() > most_named_expressions)
    return reader.refuse(node, fmt::format("more than {} parameters", most_named_expressions));
  for (const auto& [key, value] : node.entries) {
    const std::size_t mistakes_before = reader.mistake_count();
    ParameterDeclaration parameter;
    parameter.name = key.text;
    parameter.where = reader.place(key);
    if (value.kind == YamlNode::Kind::map)
      read_generated(reader, value, parameter);
    else if (reader.is_list(value, key.text,
                            "a list of values, or {powers_of_two: …}, {range: …}, "
                            "{types: …} or {files: …}"))
      parameter.values = read_listed(reader, value, key.text);
    check_values(reader, value, parameter);
    // Half a list of values would make mistakes of the baseline and the presets.
    if (reader.mistake_count() > mistakes_before) parameter.values.clear();
    parameters.push_back(std::move(parameter));
  }
}

void read_options(Reader& reader, const YamlNode& node, SpaceFile& file) {
  std::vector<Reader::Field> fields;
  for (const CompilerOption& option : compiler_options())
    fields.push_back({option.name, [&](const YamlNode& value, std::string_view) {
                        if (value.kind != YamlNode::Kind::text)
                          return read_option_list(reader, value, option,
                                                  file.parameters.emplace_back());
                        if (auto fixed = read_option_value(reader, value, option))
                          file.fixed_options[std::string(option.name)] = *std::move(fixed);
                      }});
  reader.fields(node, "options", fields);
}

}  // namespace evotune
