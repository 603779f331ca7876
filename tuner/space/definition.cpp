#include "space/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "space/number.h"

namespace evotune {
namespace {

bool is_text(const Value& value) { return std::holds_alternative<std::string>(value); }
bool is_flag(const Value& value) { return std::holds_alternative<bool>(value); }

// What the reader checks of written values, for those that an expression gave.
std::string why_not_a_value(const Parameter& parameter, const Value& value) {
  if (is_text(value) && !is_identifier(std::get<std::string>(value)))
    return "is not a C identifier";
  if (parameter.values.empty()) return {};
  const Value& first = parameter.values.front();
  if (is_text(first) != is_text(value) || is_flag(first) != is_flag(value))
    return fmt::format("is of another kind than {}", to_text(first));
  return {};
}

void add_value(Parameter& parameter, std::vector<std::string>& labels, Value value,
               std::string label) {
  const bool known = std::any_of(parameter.values.begin(), parameter.values.end(),
                                 [&](const Value& other) { return same_value(other, value); });
  if (known) return;
  parameter.values.push_back(std::move(value));
  labels.push_back(std::move(label));
}

void work_out(const PlacedExpression& placed, const Bindings& known, Parameter& parameter,
              std::vector<std::string>& labels, std::vector<Mistake>& mistakes) {
  const std::string& text = placed.expression.text();
  auto value = placed.expression.evaluate(known);
  if (!value) {
    mistakes.push_back(
        {placed.where,
         fmt::format("{}: '{}' has no value here: {}", parameter.name, text, value.error().message),
         {}});
    return;
  }
  const std::string why = why_not_a_value(parameter, *value);
  if (why.empty())
    add_value(parameter, labels, *std::move(value), text);
  else
    mistakes.push_back(
        {placed.where,
         fmt::format("{}: '{}' is {} here, which {}", parameter.name, text, to_text(*value), why),
         {}});
}

void check_names(const std::vector<PlacedExpression>& constraints,
                 const std::vector<Parameter>& parameters) {
  std::vector<std::string> known;
  for (const Parameter& parameter : parameters) known.push_back(parameter.name);
  for (const PlacedExpression& one : constraints)
    for (const std::string& name : one.expression.names())
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw UserError(
            fmt::format("unknown name '{}' in the constraint '{}'", name, one.expression.text()),
            suggestion(name, known));
}

}  // namespace

Definition define(const SpaceFile& file, const Bindings& device_facts) {
  Definition definition;
  definition.lets = file.lets;
  definition.constraints = file.constraints;
  definition.device_facts = device_facts;
  definition.shapes = file.problem;
  Bindings known = device_facts;
  for (const auto& [name, size] : file.problem.front().sizes) known[name] = size;
  std::vector<Mistake> mistakes;
  for (const ParameterDeclaration& declared : file.parameters) {
    Parameter parameter{declared.name, declared.kind, {}, declared.where};
    std::vector<std::string> labels;
    const bool all_literal =
        std::all_of(declared.values.begin(), declared.values.end(),
                    [](const auto& value) { return std::holds_alternative<Value>(value); });
    for (const auto& value : declared.values) {
      const auto* literal = std::get_if<Value>(&value);
      if (literal == nullptr) {
        work_out(std::get<PlacedExpression>(value), known, parameter, labels, mistakes);
      } else if (all_literal) {  // then the reader saw to it that they differ
        parameter.values.push_back(*literal);
        labels.push_back(to_text(*literal));
      } else {
        add_value(parameter, labels, *literal, to_text(*literal));
      }
    }
    definition.parameters.push_back(std::move(parameter));
    definition.labels.push_back(std::move(labels));
  }
  if (!mistakes.empty()) throw UserError(std::move(mistakes));
  return definition;
}

Definition define(std::vector<Parameter> parameters, const std::vector<std::string>& constraints) {
  Definition definition;
  std::set<std::string> names;
  for (const Parameter& parameter : parameters) {
    if (parameter.values.empty())
      throw UserError(fmt::format("the parameter '{}' has no values", parameter.name));
    if (!names.insert(parameter.name).second)
      throw UserError(fmt::format("two parameters are named '{}'", parameter.name));
    std::vector<std::string>& labels = definition.labels.emplace_back();
    for (const Value& value : parameter.values) labels.push_back(to_text(value));
  }
  for (const std::string& text : constraints) {
    auto parsed = Expression::parse(text);
    if (!parsed) throw UserError(explain(parsed.error(), text));
    definition.constraints.push_back({*std::move(parsed), {}});
  }
  check_names(definition.constraints, parameters);
  definition.parameters = std::move(parameters);
  definition.shapes.emplace_back();
  return definition;
}

}  // namespace evotune
