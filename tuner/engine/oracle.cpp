#include "engine/oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/workloads.h"
#include "kernel/reference_launch.h"
#include "kernel/signature.h"

namespace evotune {
namespace {

/// Nobody asks for more than one set at a time, and wide ones are large.
Workload one_set_of(const Workload& all, std::size_t input_set) {
  return {fmt::format("{}/{}", all.id, input_set), all.arguments, {all.input_sets[input_set]}};
}

std::vector<std::vector<double>> values_of(const Workload& wide, const Buffers& produced) {
  std::vector<std::vector<double>> values(wide.arguments.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    if (is_output(wide.arguments[i].role))
      values[i] = as_doubles(produced[i], wide.arguments[i].type);
  return values;
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
/// Of an output's largest value: a float64 answer is compared with a reference that rounds as well.
constexpr double doubt_of_float64 = 1e-12;
/// Of an output's largest value: a baseline that is further off is no measure of what is right.
constexpr double most_of_a_baseline = 0.1;
constexpr Seconds reference_limit = 300;

double largest_of(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return largest;
}

/// Where all that there is cancels, the answer is at most one rounding of the inputs, and what is
/// left of them may be so many.
constexpr double cancelled_digits = 1000;
/// What is larger is a mask's, beside others, and says nothing of what is computed with.
constexpr double largest_number = 1e6;

/// Of the inputs; of whole numbers where there are no others.
double largest_input(const Workload& workload, std::size_t set) {
  double whole = 0, fraction = 0, mask = 0;
  for (std::size_t i = 0; i < workload.arguments.size(); ++i) {
    const ElementType type = workload.arguments[i].type;
    for (const double value : as_doubles(workload.input_sets[set][i], type))
      if (std::isfinite(value)) {
        double& of_kind = !is_floating(type)                  ? whole
                          : std::abs(value) <= largest_number ? fraction
                                                              : mask;
        of_kind = std::max(of_kind, std::abs(value));
      }
  }
  for (const double largest : {fraction, mask})
    if (largest > 0) return largest;
  return whole;
}

/// Whether an error is no more than rounding leaves of the inputs where all of them cancels.
bool is_residue(double error, double largest, ElementType type, double of_inputs) {
  const double rounding = accumulation_roundoff(type) * of_inputs;
  return largest <= rounding && error <= cancelled_digits * rounding;
}

/// The arguments but for constants that the reference never names: tables of a kernel's own method.
std::vector<std::size_t> taken_by(const Source& reference, const Workload& workload) {
  const Outline outline = outline_of(reference.text);
  std::vector<std::size_t> taken;
  for (std::size_t i = 0; i < workload.arguments.size(); ++i) {
    const Argument& one = workload.arguments[i];
    const std::string name = one.symbol.substr(one.symbol.rfind(':') + 1);
    if (one.role != Role::constant || outline.identifiers.count(name) != 0) taken.push_back(i);
  }
  return taken;
}

Workload only(const Workload& all, const std::vector<std::size_t>& taken) {
  if (taken.size() == all.arguments.size()) return all;
  Workload some{all.id + "/taken", {}, std::vector<Buffers>(all.input_sets.size())};
  for (const std::size_t i : taken) {
    some.id += fmt::format(" {}", i);  // another variant's reference may take others
    some.arguments.push_back(all.arguments[i]);
    for (std::size_t set = 0; set < all.input_sets.size(); ++set)
      some.input_sets[set].push_back(all.input_sets[set][i]);
  }
  return some;
}

}  // namespace

Oracle::Oracle(const Problem& problem, Device& device)
    : problem_(problem),
      device_(device),
      answers_(Workloads::capacity(problem.file) * Workloads::most_sets) {}

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

Result<Buffers> Oracle::run_reference(const Question& asked, const Workload& wide) {
  const Result<const Compiled*> compiled = compile_reference(asked.reference);
  if (!compiled) return compiled.error();
  const Result<Launch> launch = reference_launch(problem_.file.reference, wide, asked.bound);
  if (!launch) return launch.error();
  const auto blame_reference = [](const Failure& failure) {
    return Failure{Stage::infrastructure, "the reference failed: " + failure.message};
  };
  const std::vector<std::size_t> taken = taken_by(asked.reference, wide);
  const Workload passed = only(wide, taken);
  Result<std::unique_ptr<Loaded>> loaded = device_.load(**compiled, *launch, passed);
  if (!loaded) return blame_reference(loaded.error());
  Run run;
  run.flush = false;
  run.limit = reference_limit;
  if (Result<Sample> ran = (*loaded)->run(run); !ran) return blame_reference(ran.error());
  Result<Buffers> produced = (*loaded)->read();
  if (!produced) return blame_reference(produced.error());
  Buffers all(wide.arguments.size());
  for (std::size_t i = 0; i < taken.size(); ++i) all[taken[i]] = std::move((*produced)[i]);
  return all;
}

Result<Oracle::Answer*> Oracle::answer(const Question& asked) {
  const std::string key = asked.key();
  if (Answer* known = answers_.find(key)) return known;
  const Workload wide = widened(one_set_of(asked.workload, asked.input_set));
  Result<Buffers> produced = run_reference(asked, wide);
  if (!produced) return produced.error();
  Answer answer;
  answer.values = values_of(wide, *produced);
  answer.bits.resize(produced->size());
  for (std::size_t i = 0; i < produced->size(); ++i)
    if (!is_floating(wide.arguments[i].type)) answer.bits[i] = std::move((*produced)[i]);
  return &answers_.keep(key, std::move(answer));
}

Result<std::vector<double>> Oracle::errors_of(const Bindings& bound, const Workload& workload,
                                              std::size_t input_set, const Buffers& outputs) {
  const Result<Question> asked = question(bound, workload, input_set);
  if (!asked) return asked.error();
  const Result<Answer*> right = answer(*asked);
  if (!right) return right.error();
  std::vector<double> errors(workload.arguments.size(), 0);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!is_output(workload.arguments[i].role)) continue;
    const std::vector<double>& values = (*right)->values[i];
    const std::vector<double> produced = as_doubles(outputs[i], workload.arguments[i].type);
    for (std::size_t at = 0; at < produced.size() && at < values.size(); ++at)
      if (const double error = std::abs(produced[at] - values[at]); std::isfinite(error))
        errors[i] = std::max(errors[i], error);
    const double largest = largest_of(values);
    const ElementType type = workload.arguments[i].type;
    if (is_floating(type) && !problem_.file.verify.max_abs &&
        Workloads::declared_values(input_set) && errors[i] > most_of_a_baseline * largest &&
        !is_residue(errors[i], largest, type, largest_input(workload, input_set)))
      return Failure{
          Stage::verify,
          fmt::format("the baseline's {} is off by {:.3g} where its largest value should "
                      "be {:.3g}; if that is right, say what may be off: "
                      "verify: {{reduction: K}}, {{relative: …, absolute: …}} or {{max_abs: …}}",
                      workload.arguments[i].name, errors[i], largest)};
  }
  return errors;
}

Result<std::vector<ExpectedOutput>> Oracle::expect_anew(
    const Question& asked, const Answer& right, const std::vector<double>& baseline_errors) {
  const Workload& workload = asked.workload;
  const VerifySettings& verify = problem_.file.verify;

  double terms = 0;
  Values sums_of_magnitudes;
  const bool declared = verify.relative || verify.absolute;
  if (verify.reduction && !declared) {
    const auto k = evaluate_number(verify.reduction->expression, asked.bound);
    if (!k) return Failure{Stage::infrastructure, "verify.reduction: " + k.error().message};
    terms = std::max(0.0, *k);
    const Workload wide = magnitudes_of(widened(one_set_of(workload, asked.input_set)));
    const Result<Buffers> sums = run_reference(asked, wide);
    if (!sums) return sums.error();
    sums_of_magnitudes = values_of(wide, *sums);
  }

  std::vector<ExpectedOutput> expected(workload.arguments.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const ElementType type = workload.arguments[i].type;
    const std::vector<double>& values = right.values[i];
    expected[i].values = values;
    expected[i].bits = right.bits[i];
    expected[i].tolerance.resize(values.size());
    const double doubt = type == ElementType::f64 ? doubt_of_float64 * largest_of(values) : 0;
    for (std::size_t at = 0; at < values.size(); ++at) {
      double allowed = spacing(values[at], type);
      if (declared)
        allowed += verify.absolute.value_or(0) +
                   verify.relative.value_or(0) * std::abs(values[at]) + smallest_normal(type);
      else if (verify.reduction)
        allowed += reduction_safety * accumulation_roundoff(type) * std::sqrt(terms + 1) *
                   std::abs(sums_of_magnitudes[i][at]);
      else if (i < baseline_errors.size())
        allowed += 2 * baseline_errors[i] + doubt;
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
  const Result<Answer*> known = answer(*asked);
  if (!known) return known.error();
  if (!(*known)->expected) {
    Result<std::vector<ExpectedOutput>> anew = expect_anew(*asked, **known, baseline_errors);
    if (!anew) return anew.error();
    (*known)->expected = *std::move(anew);
  }
  return &*(*known)->expected;
}

}  // namespace evotune
