#include "engine/fitness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "outcome/statistics.h"

namespace evotune {

/// Every name that an expression may use by now.
struct Fitness::Known {
  Bindings names;
  Bindings metrics;
  std::map<std::string, std::string, std::less<>> broken;  // metrics without a value, and why
  bool complete = false;  // the outcome is a measurement: nothing more will be known
};

namespace {

constexpr double wrong = -1;
constexpr double not_finite = -2;

Failure gate_failure(std::string message) { return {Stage::gate, std::move(message)}; }

bool has_nan(const Outcome& outcome) {
  if (!outcome.accuracy) return false;
  return outcome.accuracy->has_nan || !std::isfinite(outcome.accuracy->max_error);
}

Score failed_score(const Outcome& outcome) {
  return {false, has_nan(outcome) ? not_finite : wrong};
}

std::string explain_in_line(const Expression& expression, const ExpressionError& error) {
  return fmt::format("{}: {} (column {})", expression.text(), error.message, error.column);
}

/// Why an expression over these names has no value: the metric that it needs may be to blame.
std::string blame(const Expression& expression, const ExpressionError& error,
                  const std::map<std::string, std::string, std::less<>>& broken) {
  for (const std::string& name : expression.names())
    if (const auto found = broken.find(name); found != broken.end())
      return fmt::format("{}: metric {} has no value: {}", expression.text(), name, found->second);
  return explain_in_line(expression, error);
}

std::string values_of(const Expression& expression, const Bindings& names) {
  std::string text;
  for (const std::string& name : expression.names())
    if (const auto found = names.find(name); found != names.end())
      text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, to_text(found->second));
  return text;
}

bool all_known(const Expression& expression, const Bindings& names) {
  const auto names_used = expression.names();
  return std::all_of(names_used.begin(), names_used.end(),
                     [&names](const std::string& name) { return names.find(name) != names.end(); });
}

bool is_finite_number(const Value& value) {
  const double* number = std::get_if<double>(&value);
  return number == nullptr || std::isfinite(*number);
}

void add_facts(Bindings& names, const CompilerFacts& facts, std::int64_t dynamic_shared_bytes) {
  const auto count = [](const std::optional<int>& fact) {
    return static_cast<std::int64_t>(fact.value_or(0));
  };
  names["registers"] = count(facts.registers);
  names["spill_bytes"] = count(facts.spill_bytes);
  names["stack_bytes"] = count(facts.stack_bytes);
  names["shared_bytes"] = count(facts.static_shared_bytes) + dynamic_shared_bytes;
}

void add_measurement(Bindings& names, const Measurement& measurement) {
  const Speedup speedup = speedup_of(measurement);
  names["speedup"] = speedup.median;
  names["speedup_low"] = speedup.low;
  names["speedup_high"] = speedup.high;
  names["latency_us"] = 1e6 * latency_of(measurement);
  names["passed"] = true;
}

}  // namespace

Fitness::Fitness(const SpaceFile& file)
    : gates_(file.gates),
      metrics_(file.metrics),
      error_weight_(file.error_weight),
      error_scale_(file.error_scale) {
  if (file.fitness) fitness_ = file.fitness->expression;
  if (file.launch.shared_bytes) shared_bytes_ = file.launch.shared_bytes->expression;
}

Judgement Fitness::judge(const Outcome& outcome, const Bindings& bound) const {
  const Measurement* measurement = outcome.measurement();
  if (measurement == nullptr) return {failed_score(outcome), {}, std::nullopt, {}};
  // Beyond this point nothing that is wrong, or was never timed, can be credited with a speedup.
  if (has_nan(outcome) || !(speedup_of(*measurement).median > 0))
    return {
        failed_score(outcome), {}, gate_failure("measured without a right answer or a time"), {}};
  const Known known = known_of(outcome, bound);
  Judgement judgement{failed_score(outcome), known.metrics, failed_gate(known), {}};
  for (const auto& [name, why] : known.broken)
    judgement.notes.push_back(fmt::format("metric {}: {}", name, why));
  if (judgement.failure) return judgement;
  const auto fitness = fitness_of(known);
  if (fitness)
    judgement.score = {true, *fitness};
  else
    judgement.failure = fitness.error();
  return judgement;
}

std::optional<Failure> Fitness::failed_gate(const Outcome& so_far, const Bindings& bound) const {
  return failed_gate(known_of(so_far, bound));
}

Fitness::Known Fitness::known_of(const Outcome& outcome, const Bindings& bound) const {
  Known known{bound, {}, {}, outcome.measurement() != nullptr};
  if (outcome.facts || known.complete) {
    std::int64_t dynamic = 0;
    if (shared_bytes_)  // launch_of has reported it if this cannot be evaluated
      if (const auto bytes = evaluate_integer(*shared_bytes_, bound)) dynamic = *bytes;
    add_facts(known.names, outcome.facts.value_or(CompilerFacts{}), dynamic);
  }
  if (outcome.accuracy || known.complete) {
    const Accuracy accuracy = outcome.accuracy.value_or(Accuracy{});
    known.names["max_error"] = accuracy.max_error;
    known.names["has_nan"] = has_nan(outcome);
  }
  if (const Measurement* measurement = outcome.measurement())
    add_measurement(known.names, *measurement);
  add_metrics(known);
  return known;
}

/// In the order they stand: a metric may use those above it.
void Fitness::add_metrics(Known& known) const {
  for (const NamedExpression& metric : metrics_) {
    if (!known.complete && !all_known(metric.expression, known.names)) continue;
    const auto value = metric.expression.evaluate(known.names);
    if (!value) {
      known.broken[metric.name] = explain_in_line(metric.expression, value.error());
    } else if (!is_finite_number(*value)) {
      known.broken[metric.name] =
          fmt::format("{} is {}", metric.expression.text(), to_text(*value));
    } else {
      known.metrics[metric.name] = *value;
      known.names[metric.name] = *value;
    }
  }
}

std::optional<Failure> Fitness::failed_gate(const Known& known) const {
  for (const NamedExpression& gate : gates_) {
    if (!known.complete && !all_known(gate.expression, known.names)) continue;
    const auto value = gate.expression.evaluate(known.names);
    if (!value)
      return gate_failure(fmt::format("gate {}: {}", gate.name,
                                      blame(gate.expression, value.error(), known.broken)));
    if (!truth(*value) || !is_finite_number(*value))
      return gate_failure(fmt::format("gate {}: {} is false: {}", gate.name, gate.expression.text(),
                                      values_of(gate.expression, known.names)));
  }
  return std::nullopt;
}

Expected<double, Failure> Fitness::fitness_of(const Known& known) const {
  if (!fitness_) {
    const double speedup = std::get<double>(known.names.at("speedup"));
    const double max_error = std::get<double>(known.names.at("max_error"));
    return speedup - error_weight_ * std::min(1.0, max_error / error_scale_);
  }
  const auto value = evaluate_number(*fitness_, known.names);
  if (!value) return gate_failure("fitness " + blame(*fitness_, value.error(), known.broken));
  if (!std::isfinite(*value))
    return gate_failure(fmt::format("fitness {} is {}: {}", fitness_->text(), *value,
                                    values_of(*fitness_, known.names)));
  return *value;
}

}  // namespace evotune
