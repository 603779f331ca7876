#include "space/lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "space/number.h"
#include "space/options.h"

namespace evotune {
namespace {

// A template's `#define SOFTMAX "warp.cuh"` holds the quotes that the space file leaves out.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// A value may be given as it is or as the file writes it: 216 or "2 * device.sms".
std::optional<std::uint32_t> choice_of(const Parameter& parameter,
                                       const std::vector<std::string>& labels, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  for (std::size_t i = 0; i < parameter.values.size(); ++i) {
    const auto* word = std::get_if<std::string>(&parameter.values[i]);
    const bool same = word != nullptr && text != nullptr ? *word == unquoted(*text)
                                                         : same_value(parameter.values[i], value);
    if (same || (text != nullptr && trim(labels[i]) == trim(*text)))
      return static_cast<std::uint32_t>(i);
  }
  return std::nullopt;
}

std::string offered(const std::vector<std::string>& labels) {
  constexpr std::size_t most_shown = 12;
  std::vector<std::string> shown(
      labels.begin(),
      labels.begin() + static_cast<std::ptrdiff_t>(std::min(labels.size(), most_shown)));
  if (labels.size() > most_shown) shown.emplace_back("…");
  return "it offers " + join(shown, ", ");
}

std::optional<Value> given(const Parameter& parameter, const Bindings& values,
                           const Bindings& defaults) {
  for (const Bindings* bindings : {&values, &defaults})
    if (const auto found = bindings->find(parameter.name); found != bindings->end())
      return found->second;
  if (parameter.kind == ParameterKind::option)
    if (const CompilerOption* option = find_compiler_option(parameter.name))
      return option->standard;
  return std::nullopt;
}

}  // namespace

Config find_config(const Definition& definition, const Bindings& values, const Bindings& defaults,
                   const Location& where) {
  std::vector<Mistake> mistakes;
  std::vector<std::string> known;
  for (const Parameter& parameter : definition.parameters) known.push_back(parameter.name);
  for (const auto& [name, value] : values)
    if (std::find(known.begin(), known.end(), name) == known.end())
      mistakes.push_back(
          {where, fmt::format("there is no parameter '{}'", name), suggestion(name, known)});
  Config config;
  for (std::size_t p = 0; p < definition.parameters.size(); ++p) {
    const Parameter& parameter = definition.parameters[p];
    const auto value = given(parameter, values, defaults);
    const auto choice = value ? choice_of(parameter, definition.labels[p], *value) : std::nullopt;
    if (!value)
      mistakes.push_back({where, fmt::format("{} has no value and no default", parameter.name),
                          offered(definition.labels[p])});
    else if (!choice)
      mistakes.push_back({where, fmt::format("{} has no value {}", parameter.name, to_text(*value)),
                          offered(definition.labels[p])});
    config.choice.push_back(choice.value_or(0));
  }
  if (!mistakes.empty()) throw UserError(std::move(mistakes));
  return config;
}

}  // namespace evotune
