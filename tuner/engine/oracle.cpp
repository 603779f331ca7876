#include "engine/oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernel/reference_launch.h"

namespace evotune {
namespace {

bool is_output(const Argument& argument) {
  return argument.role == Role::out || argument.role == Role::inout;
}

// |x| of every floating input: what a sum of products is bounded by.
Workload magnitudes_of(const Workload& wide) {
  Workload positive = wide;
  positive.id += "/abs";
  for (Buffers& set : positive.input_sets)
    for (std::size_t i = 0; i < set.size(); ++i) {
      const Argument& argument = positive.arguments[i];
      if (argument.type != ElementType::f64 || argument.role == Role::scalar) continue;
      for (std::size_t at = 0; at + sizeof(double) <= set[i].size(); at += sizeof(double)) {
        double value = 0;
        std::memcpy(&value, &set[i][at], sizeof value);
        value = std::abs(value);
        std::memcpy(&set[i][at], &value, sizeof value);
      }
    }
  return positive;
}

constexpr double reduction_safety = 8;  // c of c·u·√(K+1)·Σ|ab|
constexpr Seconds reference_limit = 300;

}  // namespace

std::string Oracle::Question::key() const {
  return fmt::format("{}/{}/{}", reference.hash, workload.id, input_set);
}

Result<Oracle::Question> Oracle::question(const Bindings& bound, const Workload& workload,
                                          std::size_t input_set) const {
  Result<Source> source = render_reference(problem_.reference, problem_.file, bound);
  if (!source)
    return Failure{Stage::infrastructure,
                   "the reference does not render: " + source.error().message};
  return Question{bound, workload, input_set, *std::move(source)};
}

Result<const Compiled*> Oracle::compile_reference(const Source& source) {
  auto found = compiled_.find(source.hash);
  if (found == compiled_.end()) {
    Result<Compiled> compiled = device_.compile(source);
    if (!compiled)
      return Failure{Stage::infrastructure,
                     "the reference does not compile: " + compiled.error().message};
    found = compiled_.emplace(source.hash, *std::move(compiled)).first;
  }
  return &found->second;
}

Result<Oracle::Values> Oracle::run_reference(const Question& asked, const Workload& wide) {
  const Result<const Compiled*> compiled = compile_reference(asked.reference);
  if (!compiled) return compiled.error();
  const Result<Launch> launch = reference_launch(problem_.file.reference, wide, asked.bound);
  if (!launch) return launch.error();
  const auto blame_reference = [](const Failure& failure) {
    return Failure{Stage::infrastructure, "the reference failed: " + failure.message};
  };
  Result<std::unique_ptr<Loaded>> loaded = device_.load(**compiled, *launch, wide);
  if (!loaded) return blame_reference(loaded.error());
  Run run;
  run.input_set = asked.input_set;
  run.flush = false;
  run.limit = reference_limit;
  if (Result<Sample> ran = (*loaded)->run(run); !ran) return blame_reference(ran.error());
  Result<Buffers> produced = (*loaded)->read();
  if (!produced) return blame_reference(produced.error());

  Values values(wide.arguments.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (is_output(wide.arguments[i]))
      values[i] = as_doubles((*produced)[i], wide.arguments[i].type);
  return values;
}

Result<const Oracle::Values*> Oracle::answers(const Question& asked) {
  const std::string key = asked.key();
  auto found = answers_.find(key);
  if (found == answers_.end()) {
    Result<Values> values = run_reference(asked, widened(asked.workload));
    if (!values) return values.error();
    found = answers_.emplace(key, *std::move(values)).first;
  }
  return &found->second;
}

Result<std::vector<double>> Oracle::errors_of(const Bindings& bound, const Workload& workload,
                                              std::size_t input_set, const Buffers& outputs) {
  const Result<Question> asked = question(bound, workload, input_set);
  if (!asked) return asked.error();
  const Result<const Values*> right = answers(*asked);
  if (!right) return right.error();
  std::vector<double> errors(workload.arguments.size(), 0);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!is_output(workload.arguments[i])) continue;
    const std::vector<double> produced = as_doubles(outputs[i], workload.arguments[i].type);
    for (std::size_t at = 0; at < produced.size() && at < (**right)[i].size(); ++at)
      if (const double error = std::abs(produced[at] - (**right)[i][at]); std::isfinite(error))
        errors[i] = std::max(errors[i], error);
  }
  return errors;
}

Result<std::vector<ExpectedOutput>> Oracle::expect_anew(
    const Question& asked, const std::vector<double>& baseline_errors) {
  const Workload& workload = asked.workload;
  const Result<const Values*> right = answers(asked);
  if (!right) return right.error();
  const VerifySettings& verify = problem_.file.verify;

  double terms = 0;
  Values sums_of_magnitudes;
  if (verify.reduction) {
    const auto k = evaluate_number(verify.reduction->expression, asked.bound);
    if (!k) return Failure{Stage::infrastructure, "verify.reduction: " + k.error().message};
    terms = std::max(0.0, *k);
    Result<Values> sums = run_reference(asked, magnitudes_of(widened(workload)));
    if (!sums) return sums.error();
    sums_of_magnitudes = *std::move(sums);
  }

  std::vector<ExpectedOutput> expected(workload.arguments.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const ElementType type = workload.arguments[i].type;
    const std::vector<double>& values = (**right)[i];
    expected[i].values = values;
    expected[i].tolerance.resize(values.size());
    for (std::size_t at = 0; at < values.size(); ++at) {
      double allowed = spacing(values[at], type);
      if (verify.reduction)
        allowed += reduction_safety * accumulation_roundoff(type) * std::sqrt(terms + 1) *
                   std::abs(sums_of_magnitudes[i][at]);
      else if (verify.relative)
        allowed += *verify.relative * std::abs(values[at]) + smallest_normal(type);
      else if (i < baseline_errors.size())
        allowed += 2 * baseline_errors[i];
      if (verify.max_abs) allowed = std::min(allowed, *verify.max_abs);
      expected[i].tolerance[at] = is_floating(type) && std::isfinite(allowed) ? allowed : 0;
    }
  }
  return expected;
}

Result<const std::vector<ExpectedOutput>*> Oracle::expect(
    const Bindings& bound, const Workload& workload, std::size_t input_set,
    const std::vector<double>& baseline_errors) {
  const Result<Question> asked = question(bound, workload, input_set);
  if (!asked) return asked.error();
  const std::string key = asked->key();
  auto found = expected_.find(key);
  if (found == expected_.end()) {
    Result<std::vector<ExpectedOutput>> expected = expect_anew(*asked, baseline_errors);
    if (!expected) return expected.error();
    found = expected_.emplace(key, *std::move(expected)).first;
  }
  return &found->second;
}

}  // namespace evotune
