#include "space/reasons.h"

#include <fmt/format.h>

#include <optional>

#include "base/rng.h"
#include "base/text.h"
#include "space/group.h"

namespace evotune {
namespace {

/// Why one constraint does not hold here; nothing if it does.
std::optional<std::string> complaint(const Expression& constraint, const Bound& known) {
  for (const std::string& name : constraint.names())
    if (const auto failed = known.failed_lets.find(name); failed != known.failed_lets.end())
      return fmt::format("{} cannot be evaluated: {}: {}", constraint.text(), name, failed->second);
  const auto result = constraint.evaluate(known.bindings);
  if (result && truth(*result)) return std::nullopt;
  std::vector<std::string> values;
  for (const std::string& name : constraint.names())
    if (const auto value = known.bindings.find(name); value != known.bindings.end())
      values.push_back(fmt::format("{} = {}", name, to_text(value->second)));
  return fmt::format("{} {}: {}", constraint.text(),
                     result ? "is false" : "cannot be evaluated, " + result.error().message,
                     join(values, ", "));
}

std::optional<std::string> complaint(const Definition& definition, const Expression& constraint,
                                     const Config& config) {
  for (const Shape& shape : definition.shapes) {
    auto what = complaint(constraint, bound(definition, config, shape));
    if (!what) continue;
    if (definition.shapes.size() > 1) *what += fmt::format(" (at {})", to_text(shape));
    return what;
  }
  return std::nullopt;
}

/// Every combination of a small definition, random ones of a large one.
std::vector<Config> examples(const Definition& definition) {
  constexpr std::uint64_t most = 2000;
  std::uint64_t combinations = 1;
  for (const Parameter& parameter : definition.parameters)
    combinations = product(combinations, parameter.values.size());
  Rng rng(0xe3);
  std::vector<Config> configs(std::min(combinations, most));
  for (std::uint64_t i = 0; i < configs.size(); ++i) {
    std::uint64_t left = i;
    for (const Parameter& parameter : definition.parameters) {
      const std::uint64_t size = parameter.values.size();
      const std::uint64_t choice = combinations <= most ? left % size : rng.below(size);
      configs[i].choice.push_back(static_cast<std::uint32_t>(choice));
      left /= size;
    }
  }
  return configs;
}

}  // namespace

Bindings values_of(const Definition& definition, const Config& config) {
  Bindings values;
  for (std::size_t p = 0; p < definition.parameters.size(); ++p)
    values[definition.parameters[p].name] = definition.parameters[p].values[config.choice[p]];
  return values;
}

Bound bound(const Definition& definition, const Config& config, const Shape& shape) {
  Bound known{values_of(definition, config), {}};
  known.bindings.insert(definition.device_facts.begin(), definition.device_facts.end());
  for (const auto& [name, size] : shape.sizes) known.bindings[name] = size;
  for (const NamedExpression& let : definition.lets) {
    std::string why;
    for (const std::string& name : let.expression.names())
      if (const auto failed = known.failed_lets.find(name); failed != known.failed_lets.end())
        why = name + ": " + failed->second;
    auto value = let.expression.evaluate(known.bindings);
    if (why.empty() && value)
      known.bindings[let.name] = *std::move(value);
    else
      known.failed_lets[let.name] = why.empty() ? value.error().message : why;
  }
  return known;
}

std::string explain_invalid(const Definition& definition, const Config& config) {
  for (const PlacedExpression& one : definition.constraints)
    if (auto what = complaint(definition, one.expression, config)) return *what;
  return {};
}

void throw_empty(const Definition& definition) {
  const std::vector<Config> configs = examples(definition);
  const PlacedExpression* worst = nullptr;
  std::size_t most = 0;
  std::string example;
  for (const PlacedExpression& one : definition.constraints) {
    std::size_t excluded = 0;
    std::string first;
    for (const Config& config : configs)
      if (auto what = complaint(definition, one.expression, config)) {
        if (++excluded == 1) first = *std::move(what);
      }
    if (worst != nullptr && excluded <= most) continue;
    worst = &one;
    most = excluded;
    example = std::move(first);
  }
  const double percent = 100.0 * static_cast<double>(most) / static_cast<double>(configs.size());
  throw UserError(std::vector<Mistake>{
      {worst->where,
       fmt::format("no configuration is valid: the constraint '{}' alone excludes {:.3g} % of them",
                   worst->expression.text(), percent),
       example.empty() ? "" : "for example: " + example}});
}

}  // namespace evotune
