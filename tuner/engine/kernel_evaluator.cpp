#include "engine/kernel_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "engine/null_kernel.h"
#include "engine/reporter.h"
#include "engine/rig.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr Seconds shortest_limit = 1;     // of one launch, once the baseline's is known,
constexpr double limit_of_baseline = 20;  // × its time
constexpr int infrastructure_retries = 2;
constexpr std::size_t sets_verified_before_timing = 2;
constexpr int measuring_protocol = 1;  // times of different protocols are never compared

Renderer template_renderer(const Problem& problem) {
  return [&problem](const Bindings& bound) { return render(problem.kernel, problem.file, bound); };
}

/// Bit by bit. Scratch is nobody's answer.
bool same_answers(const Workload& workload, const Buffers& a, const Buffers& b) {
  for (std::size_t i = 0; i < workload.arguments.size(); ++i)
    if (is_output(workload.arguments[i].role) && a[i] != b[i]) return false;
  return true;
}

}  // namespace

TimingRequest KernelEvaluator::Rig::beside(const Rig& candidate) const {
  const std::vector<Argument>& arguments = candidate.workload->arguments;
  TimingRequest request{*loaded, *candidate.loaded, candidate.shape};
  request.input_sets = candidate.workload->input_sets.size();
  request.repeatable = std::none_of(arguments.begin(), arguments.end(), [](const Argument& one) {
    return is_restored(one.role);  // every launch finds what the one before it left
  });
  return request;
}

KernelEvaluator::KernelEvaluator(const Problem& problem, Device& device, Oracle& oracle,
                                 std::uint64_t seed, Renderer renderer)
    : problem_(problem),
      device_(device),
      oracle_(oracle),
      fitness_(problem.file),
      workloads_(problem.file, seed),
      seed_(seed),
      render_(renderer ? std::move(renderer) : template_renderer(problem)),
      baseline_(prepare(baseline_of(problem))) {}

KernelEvaluator::~KernelEvaluator() = default;

Candidate KernelEvaluator::prepare(const Config& config) const {
  Candidate candidate;
  candidate.config = config;
  candidate.source = render_(problem_.space.bind(config));
  if (candidate.source)
    candidate.compiled = device_.compile(*candidate.source);
  else
    candidate.compiled = candidate.source.error();
  return candidate;
}

std::string KernelEvaluator::key(const Candidate& candidate) const {
  const DeviceInfo& info = device_.info();
  const std::string source = candidate.source ? candidate.source->hash : "none";
  return content_hash(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", source,
                                  problem_text(problem_.file), info.name, info.arch, info.compiler,
                                  seed_, measuring_protocol, problem_.space.key(candidate.config)));
}

Outcome KernelEvaluator::evaluate(const Candidate& candidate, const Examination& examination) {
  for (int attempt = 0;; ++attempt) {
    Outcome outcome = evaluate_once(candidate, examination);
    const Failure* failure = outcome.failure();
    if (failure == nullptr || failure->stage != Stage::infrastructure ||
        attempt == infrastructure_retries)
      return outcome;
    baselines_.clear();  // one that has died stays dead
  }
}

void KernelEvaluator::begin(std::string_view step, const Shape& shape) {
  if (reporter_ == nullptr) return;
  const std::string where = to_text(shape);
  reporter_->busy(fmt::format("{}{}{}", step, where.empty() ? "" : " at ", where));
}

Outcome KernelEvaluator::evaluate_once(const Candidate& candidate, const Examination& examination) {
  Outcome outcome;
  if (candidate.compiled) outcome.facts = candidate.compiled->facts;
  Result<Measurement> measured = examine(candidate, examination, outcome);
  if (measured)
    outcome.result = *std::move(measured);
  else
    outcome.result = measured.error();
  return outcome;
}

// Cheapest checks first: a wrong answer has no speed.
Result<Measurement> KernelEvaluator::examine(const Candidate& candidate,
                                             const Examination& examination, Outcome& known) {
  if (!candidate.compiled) return candidate.compiled.error();
  // What its registers already decide is not worth a run.
  if (auto failure = fitness_.failed_gate(known, problem_.space.bind(candidate.config)))
    return *std::move(failure);

  std::vector<const Shape*> shapes;
  for (const Shape& shape : problem_.file.check) shapes.push_back(&shape);
  if (examination.held_out)
    for (const Shape& shape : problem_.file.held_out) shapes.push_back(&shape);
  for (const Shape* shape : shapes)
    if (auto failure = verify_shape(candidate, *shape, known.accuracy)) {
      const bool wrong = failure->stage == Stage::verify && looks_for_races(examination);
      return wrong ? explained(*std::move(failure), candidate, *shape) : *std::move(failure);
    }

  for (const Shape& shape : problem_.file.problem) shapes.push_back(&shape);
  if (looks_for_races(examination))
    if (auto failure = find_race(candidate, shapes)) return *std::move(failure);

  Measurement measurement;
  for (const Shape& shape : problem_.file.problem) {
    Result<ShapeTiming> timing = measure_shape(candidate, shape, examination, known.accuracy);
    if (!timing) return timing.error();
    measurement.shapes.push_back(*std::move(timing));
  }
  return measurement;
}

Result<Compiled> KernelEvaluator::compiled_for(const Candidate& candidate,
                                               const Bindings& bound) const {
  // One image serves every shape, unless the template takes a problem size as a macro.
  Result<Source> source = render_(bound);
  if (!source) return source.error();
  source->observed = candidate.source && candidate.source->observed;
  if (candidate.source && source->hash == candidate.source->hash) return candidate.compiled;
  return device_.compile(*source);
}

Result<KernelEvaluator::Rig> KernelEvaluator::load(const Candidate& candidate, const Shape& shape,
                                                   Purpose purpose) {
  Rig rig;
  rig.shape = to_text(shape);
  rig.place = (purpose == Purpose::timing ? "time " : "check ") + rig.shape;
  rig.at = &shape;
  if (const auto known = check_limits_.find(rig.place); known != check_limits_.end())
    rig.limit = known->second;
  rig.purpose = purpose;
  rig.bound = problem_.space.bind(candidate.config, shape);
  Result<std::shared_ptr<const Workload>> workload = purpose == Purpose::timing
                                                         ? workloads_.for_timing(rig.bound)
                                                         : workloads_.for_checking(rig.bound);
  if (!workload) return workload.error();
  rig.workload = *workload;
  const Result<Launch> launch = launch_of(problem_.file.launch, rig.bound);
  if (!launch) return launch.error();
  const Result<Compiled> compiled = compiled_for(candidate, rig.bound);
  if (!compiled) return compiled.error();
  Result<std::unique_ptr<Loaded>> loaded = device_.load(*compiled, *launch, *rig.workload);
  if (!loaded) return loaded.error();
  rig.loaded = *std::move(loaded);
  return rig;
}

Result<KernelEvaluator::Rig*> KernelEvaluator::baseline_at(const Shape& shape, Purpose purpose) {
  const std::string place = (purpose == Purpose::timing ? "time " : "check ") + to_text(shape);
  auto found = baselines_.find(place);
  if (found == baselines_.end()) {
    Result<Rig> rig = load(baseline_, shape, purpose);
    if (!rig) return Failure{Stage::infrastructure, "the baseline: " + rig.error().message};
    found = baselines_.emplace(place, std::make_unique<Rig>(*std::move(rig))).first;
  }
  return found->second.get();
}

Result<Buffers> KernelEvaluator::run_and_read(Rig& rig, const Run& run) {
  const Result<Sample> sample = rig.loaded->run(run);
  if (!sample) return sample.error();
  rig.took = sample->seconds;
  return rig.loaded->read();
}

Result<std::vector<double>> KernelEvaluator::baseline_errors(const Rig& candidate,
                                                             std::size_t input_set) {
  const VerifySettings& verify = problem_.file.verify;
  if (verify.reduction || verify.relative || verify.absolute) return std::vector<double>{};
  const std::string key = fmt::format("{}/{}", candidate.place, input_set);
  auto found = baseline_errors_.find(key);
  if (found == baseline_errors_.end()) {
    const Result<Rig*> baseline = baseline_at(*candidate.at, candidate.purpose);
    if (!baseline) return baseline.error();
    Run run;
    run.input_set = input_set;
    run.flush = false;
    const Result<Buffers> outputs = run_and_read(**baseline, run);
    if (!outputs) return Failure{Stage::infrastructure, "the baseline: " + outputs.error().message};
    Result<std::vector<double>> errors =
        oracle_.errors_of((*baseline)->bound, *(*baseline)->workload, input_set, *outputs);
    if (!errors) return errors.error();
    found = baseline_errors_.emplace(key, *std::move(errors)).first;
  }
  return found->second;
}

std::optional<Failure> KernelEvaluator::check_outputs(const Rig& rig, std::size_t input_set,
                                                      const Buffers& outputs,
                                                      std::optional<Accuracy>& accuracy) {
  const Result<std::vector<double>> allowance = baseline_errors(rig, input_set);
  if (!allowance) return allowance.error();
  const auto expected = oracle_.expect(rig.bound, *rig.workload, input_set, *allowance);
  if (!expected) return expected.error();
  for (std::size_t i = 0; i < rig.workload->arguments.size(); ++i) {
    const Argument& argument = rig.workload->arguments[i];
    if (!is_output(argument.role)) continue;
    const Comparison verdict = compare((**expected)[i], outputs[i], argument);
    accuracy = worst_of(accuracy.value_or(Accuracy{}), verdict.accuracy);
    if (verdict.wrong)
      return Failure{Stage::verify, fmt::format("{} (shape {}, input set {})", *verdict.wrong,
                                                rig.shape.empty() ? "-" : rig.shape, input_set)};
  }
  return std::nullopt;
}

std::optional<Failure> KernelEvaluator::verify_shape(const Candidate& candidate, const Shape& shape,
                                                     std::optional<Accuracy>& accuracy) {
  Result<Rig> rig = load(candidate, shape, Purpose::checking);
  if (!rig) return rig.error();
  Seconds slowest = 0;
  for (std::size_t set = 0; set < rig->workload->input_sets.size(); ++set) {
    begin(fmt::format("checking inputs {}", set), shape);
    Run run;
    run.input_set = set;
    run.flush = false;
    run.finite_poison = set % 2 == 1;
    run.limit = rig->limit;
    const Seconds begun = monotonic_seconds();
    const Result<Buffers> outputs = run_and_read(*rig, run);
    if (!outputs) return outputs.error();
    // Not every candidate is spread over cores as this one may have been.
    slowest = std::max({slowest, monotonic_seconds() - begun, rig->took});
    std::optional<Accuracy> here;
    const auto failure = check_outputs(*rig, set, *outputs, here);
    if (here) {
      // An error on inputs as large as 1e12 tells nothing of the errors that users will see.
      if (!Workloads::declared_values(set) && !here->has_nan) here->max_error = 0;
      accuracy = worst_of(accuracy.value_or(Accuracy{}), *here);
    }
    if (failure) return failure;
  }
  check_limits_.emplace(rig->place, std::max(shortest_limit, limit_of_baseline * slowest));
  return std::nullopt;
}

std::optional<Failure> KernelEvaluator::verify_before_timing(Rig& rig, int trials,
                                                             std::optional<Accuracy>& accuracy) {
  for (std::size_t set = 0; set < sets_verified_before_timing; ++set) {
    Run run;
    run.input_set = set;
    run.flush = false;
    run.finite_poison = set % 2 == 1;
    run.limit = rig.limit;
    const Result<Buffers> first = run_and_read(rig, run);
    if (!first) return first.error();
    if (auto failure = check_outputs(rig, set, *first, accuracy)) return failure;
    for (int trial = 2; trial <= (set == 0 ? trials : 1); ++trial) {
      const Result<Buffers> again = run_and_read(rig, run);
      if (!again) return again.error();
      if (same_answers(*rig.workload, *again, *first)) continue;
      if (auto failure = check_outputs(rig, set, *again, accuracy)) return failure;
      if (!problem_.file.verify.nondeterministic)
        return Failure{Stage::verify,
                       fmt::format("run {} of the same input gave other bits than the first "
                                   "(declare verify: {{nondeterministic: true}} if that is meant)",
                                   trial)};
    }
  }
  return std::nullopt;
}

// Verified before and after: a kernel may answer rightly only while it is being watched.
Result<ShapeTiming> KernelEvaluator::measure_shape(const Candidate& candidate, const Shape& shape,
                                                   const Examination& examination,
                                                   std::optional<Accuracy>& accuracy) {
  Result<Rig> rig = load(candidate, shape, Purpose::timing);
  if (!rig) return rig.error();
  const Result<Rig*> baseline = baseline_at(shape, Purpose::timing);
  if (!baseline) return baseline.error();
  rig->limit = (*baseline)->limit;
  begin("checking", shape);
  if (auto failure = verify_before_timing(*rig, examination.trials, accuracy)) return *failure;
  begin("timing", shape);

  TimingRequest request = (*baseline)->beside(*rig);
  request.settings = problem_.file.measure;
  request.settings.min_pairs = std::max(request.settings.min_pairs, examination.min_pairs);
  // What is the best over several shapes says nothing of one of them.
  if (problem_.file.problem.size() == 1) request.best_speedup_low = examination.best_low;
  Result<ShapeTiming> timing = time_pairs(request);
  if (!timing) return timing;
  learn_limit(**baseline, *timing);

  const std::size_t last_set = (timing->pairs.size() - 1) % request.input_sets;
  const Result<Buffers> timed = rig->loaded->read();
  if (!timed) return timed.error();
  if (auto failure = check_outputs(*rig, last_set, *timed, accuracy)) {
    failure->message = "right when checked, wrong when timed: " + failure->message;
    return *failure;
  }
  return timing;
}

Result<std::optional<SelfTimes>> KernelEvaluator::time_baseline(std::size_t pairs) {
  const Shape& shape = problem_.file.problem.front();
  const Result<Rig> twin = load(baseline_, shape, Purpose::timing);
  if (!twin) return twin.error();
  const Result<Rig*> baseline = baseline_at(shape, Purpose::timing);
  if (!baseline) return baseline.error();
  TimingRequest request = (*baseline)->beside(*twin);
  request.settings.min_pairs = request.settings.max_pairs = static_cast<int>(pairs);
  Result<ShapeTiming> timing = time_pairs(request);
  if (!timing) {
    baselines_.clear();  // one that has died stays dead
    return timing.error();
  }
  const Result<Seconds> nothing = time_null_kernel(device_);
  if (!nothing) return nothing.error();
  return std::optional(SelfTimes{std::move(timing->pairs), *nothing});
}

// What the baseline takes, every candidate may take twenty times over.
void KernelEvaluator::learn_limit(Rig& baseline, const ShapeTiming& timing) {
  std::vector<double> seconds;
  for (const Pair& pair : timing.pairs) seconds.push_back(pair.baseline);
  baseline.limit = std::max(shortest_limit, limit_of_baseline * median(seconds));
}

}  // namespace evotune
