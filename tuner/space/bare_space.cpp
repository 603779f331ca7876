#include "space/bare_space.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/file.h"
#include "expr/expression.h"
#include "space/number.h"

namespace evotune {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest_file = std::size_t{64} << 20;

BareSpace from_lists(const Json& json) {
  BareSpace space;
  if (!json.at("params").is_object())
    throw UserError("params is " + json.at("params").dump(), "it maps names to lists of values");
  for (const auto& [name, values] : json.at("params").items())
    space.parameters.push_back(listed_parameter(name, values));
  for (const Json& one : json.value("restrictions", Json::array()))
    space.constraints.push_back(in_words(one.get<std::string>()));
  return space;
}

// T1 writes lists as Python would: "[16, 32]", with 'text' in single quotes, True and False.
Json list_of(const Json& values, const std::string& parameter) {
  if (!values.is_string()) return values;
  const auto python = values.get<std::string>();
  std::string text;
  for (std::size_t i = 0; i < python.size(); ++i) {
    const bool flag = python.compare(i, 4, "True") == 0 || python.compare(i, 5, "False") == 0;
    if (flag && text.find('"') == text.npos)
      text += python[i] == 'T' ? 't' : 'f';
    else
      text += python[i] == '\'' ? '"' : python[i];
  }
  Json list = Json::parse(text, nullptr, false);
  if (list.is_discarded())
    throw UserError(fmt::format("the values of {} are no list: {}", parameter, python),
                    "a list of numbers, text, True and False, written out: [16, 32, 64]");
  return list;
}

BareSpace from_t1(const Json& json) {
  BareSpace space;
  const Json& described = json.at("ConfigurationSpace");
  for (const Json& one : described.at("TuningParameters")) {
    const auto name = one.at("Name").get<std::string>();
    space.parameters.push_back(listed_parameter(name, list_of(one.at("Values"), name)));
    const Json standard = one.value("Default", Json());
    if (standard.is_null() || !standard.is_primitive()) continue;
    for (const Value& value : space.parameters.back().values)  // what it does not offer is none
      if (same_value(value, value_from_json(standard, name))) space.defaults.emplace(name, value);
  }
  for (const Json& one : described.value("Conditions", Json::array()))
    space.constraints.push_back(in_words(one.at("Expression").get<std::string>()));
  return space;
}

}  // namespace

Value value_from_json(const Json& json, const std::string& of) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  throw UserError("a value of " + of + " is " + json.dump(),
                  "numbers, text, true and false are values");
}

Parameter listed_parameter(const std::string& name, const Json& values) {
  if (!values.is_array() || values.empty())
    throw UserError("'" + name + "' has no list of values", "for example: [16, 32, 64]");
  Parameter parameter{name, ParameterKind::value, {}, {}};
  for (const Json& value : values) parameter.values.push_back(value_from_json(value, name));
  return parameter;
}

std::string in_words(const std::string& condition) {
  if (condition.find("lambda") != condition.npos)
    throw UserError("a restriction is a function: " + condition,
                    "an expression over the parameters can be read: BM * BN <= 1024");
  std::string words;
  char quote = 0;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const char c = condition[i];
    const char next = i + 1 < condition.size() ? condition[i + 1] : '\0';
    if (quote != 0 || c == '\'' || c == '"') {
      if (quote == 0)
        quote = c;
      else if (quote == c)
        quote = 0;
      words += c;
    } else if ((c == '&' || c == '|') && next == c) {
      words += c == '&' ? " and " : " or ";
      ++i;
    } else if (c == '!' && next != '=') {
      words += " not ";
    } else {
      words += c;
    }
  }
  return words;
}

BareSpace read_bare_space(const std::filesystem::path& path) {
  const std::string text = read_file(path, largest_file);
  try {
    const Json json = Json::parse(text);
    BareSpace space = json.contains("ConfigurationSpace") ? from_t1(json) : from_lists(json);
    space.name = json.value("name", path.stem().string());
    return space;
  } catch (const Json::exception& error) {
    throw UserError(fmt::format("{} is no description of a space: {}", path.string(), error.what()),
                    "{\"params\": {\"BM\": [16, 32]}, \"restrictions\": [\"BM <= 16\"]} is one; so "
                    "is a T1 file");
  }
}

}  // namespace evotune
