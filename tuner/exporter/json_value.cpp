#include "exporter/json_value.h"

#include <fmt/format.h>

#include "base/errors.h"

namespace evotune {
namespace {

Value value_from(const nlohmann::json& json, std::string_view where) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  throw UserError(fmt::format("{} is a JSON {}", where, json.type_name()),
                  "a number, true, false or a string");
}

}  // namespace

nlohmann::ordered_json to_json(const Bindings& bindings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : bindings) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) json[name] = *whole;
    if (const auto* real = std::get_if<double>(&value)) json[name] = *real;
    if (const auto* truth = std::get_if<bool>(&value)) json[name] = *truth;
    if (const auto* text = std::get_if<std::string>(&value)) json[name] = *text;
  }
  return json;
}

Bindings bindings_from(const nlohmann::json& json, std::string_view where) {
  if (!json.is_object())
    throw UserError(fmt::format("{} is a JSON {}", where, json.type_name()), "an object");
  Bindings bindings;
  for (const auto& item : json.items())
    bindings.emplace(item.key(), value_from(item.value(), fmt::format("{}/{}", where, item.key())));
  return bindings;
}

}  // namespace evotune
