#include "cli/inspection.h"

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "expr/expression.h"
#include "kernel/workload.h"

namespace evotune {
namespace {

ArchitectureReport report_on(const Inspection& one, const CudaCompiler& compiler,
                             const std::string& arch) {
  ArchitectureReport report;
  report.arch = arch;
  const Result<Compiled> compiled = compiler.compile(one.source, arch);
  if (!compiled) {
    report.facts = compiled.error();
    return report;
  }
  report.facts = compiled->facts;
  BlockNeeds needs;
  needs.threads = one.launch.block[0] * one.launch.block[1] * one.launch.block[2];
  needs.registers = compiled->facts.registers.value_or(0);
  needs.shared_bytes =
      one.launch.shared_bytes +
      static_cast<std::uint64_t>(std::max(0, compiled->facts.static_shared_bytes.value_or(0)));
  report.occupancy = occupancy_of(needs, arch);
  return report;
}

double least_bytes_of(const SpaceFile& file, const Bindings& bound) {
  const Result<Workload> workload =
      make_workload(file.arguments, bound, {}, 1, file.path.parent_path().string());
  double bytes = 0;
  if (workload)
    for (const Argument& argument : workload->arguments)
      if (argument.role != Role::scalar)
        bytes += (argument.role == Role::inout ? 2.0 : 1.0) * static_cast<double>(argument.bytes());
  return bytes;
}

template <typename T>
const T& demand(const Result<T>& result) {
  if (!result) throw UserError(result.error().message);
  return *result;
}

}  // namespace

bool Inspection::sound() const {
  const auto compiles = [](const ArchitectureReport& one) { return bool(one.facts); };
  const auto clean = [](const ObservedShape& one) {
    return one.seen && complaints(*one.seen).empty();
  };
  return std::all_of(architectures.begin(), architectures.end(), compiles) &&
         std::all_of(races.begin(), races.end(), clean) && memory.seen;
}

std::optional<double> flops_of(const SpaceFile& file, const Bindings& bound) {
  struct Metric {
    const char* name;
    double flops;  ///< that one of it stands for
  };
  constexpr double per_microsecond = 1e-6;
  Bindings values = bound;
  values["latency_us"] = 1.0;
  for (const Metric metric : {Metric{"flops", 1}, Metric{"gflops", 1e9 * per_microsecond},
                              Metric{"tflops", 1e12 * per_microsecond}})
    for (const NamedExpression& one : file.metrics) {
      if (one.name != metric.name) continue;
      const auto value = evaluate_number(one.expression, values);
      if (value && std::isfinite(*value)) return *value * metric.flops;
    }
  return std::nullopt;
}

Traffic traffic_of(const Observation& seen, bool shared) {
  Traffic sum;
  for (const AccessSite& site : seen.sites) {
    if (site.shared != shared) continue;
    sum.transactions += site.transactions;
    sum.ideal += site.ideal;
  }
  return sum;
}

Inspection inspect(const Problem& problem, const Config& config, KernelEvaluator& evaluator,
                   const CudaCompiler& compiler, const std::vector<std::string>& archs) {
  const Shape& shape = problem.file.problem.front();
  const Bindings bound = problem.space.bind(config, shape);
  Inspection one;
  one.space = problem.file.name;
  one.configuration = problem.space.key(config);
  one.config = problem.space.values(config);
  one.problem = to_text(shape);
  one.source = demand(render(problem.kernel, problem.file, bound));
  one.launch = demand(launch_of(problem.file.launch, bound));
  one.flops = flops_of(problem.file, bound);
  one.least_bytes = least_bytes_of(problem.file, bound);

  one.compiler = compiler.version();
  one.why_no_compiler = compiler.why_not();
  if (compiler.available())
    for (const std::string& arch : archs)
      one.architectures.push_back(report_on(one, compiler, arch));

  Candidate written;
  written.config = config;
  written.source = one.source;
  const Candidate observed = evaluator.observable(written);
  for (const std::vector<Shape>* shapes : {&problem.file.check, &problem.file.problem})
    for (const Shape& at : *shapes)
      one.races.push_back({to_text(at), evaluator.observe(observed, at, Watch::races)});
  one.memory = {to_text(shape), evaluator.observe(observed, shape, Watch::memory)};
  return one;
}

}  // namespace evotune
