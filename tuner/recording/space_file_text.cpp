#include "recording/space_file_text.h"

#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/text.h"
#include "space/space_file.h"

namespace evotune {
namespace {

// Whatever JSON can write, YAML can read.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string yaml_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr && !is_identifier(*text) ? quoted(*text) : to_text(value);
}

std::string identifier_of(const std::string& name) {
  std::string word = name;
  for (char& c : word)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return std::isdigit(static_cast<unsigned char>(word.front())) != 0 ? "_" + word : word;
}

std::string parameters_text(const std::vector<Parameter>& parameters) {
  std::string text = "parameters:\n";
  for (const Parameter& one : parameters) {
    std::vector<std::string> values;
    for (const Value& value : one.values) values.push_back(yaml_of(value));
    text += fmt::format("  {}: [{}]\n", one.name, join(values, ", "));
  }
  return text;
}

}  // namespace

std::string space_file_text(const BareSpace& space, const Bindings& baseline) {
  const std::string kernel = identifier_of(space.name);
  std::string text = fmt::format(
      "# Imported. `kernel`, `launch` and `arguments` are placeholders: fill them in to tune the "
      "kernel itself.\nname: {}\nkernel: {{template: {}.cu, entry: {}}}\n",
      space.name, kernel, kernel);
  text += parameters_text(space.parameters);
  if (!space.constraints.empty()) text += "constraints:\n";
  for (const std::string& one : space.constraints) text += "  - " + quoted(one) + "\n";
  text += "launch: {grid: 1, block: 1}\narguments: [{name: out, out: \"f32[1]\"}]\n";
  if (!baseline.empty()) {
    std::vector<std::string> values;
    for (const auto& [name, value] : baseline) values.push_back(name + ": " + yaml_of(value));
    text += "# What speedups are relative to.\n";
    text += fmt::format("baseline: {{config: {{{}}}}}\n", join(values, ", "));
  }
  (void)parse_space_file(space.name + ".yaml", text);  // throws for names and values that cannot be
  return text;
}

}  // namespace evotune
