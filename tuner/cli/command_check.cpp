#include <sys/resource.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/arch_option.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/tuning_options.h"
#include "device/cuda/architectures.h"
#include "device/cuda/nvrtc.h"
#include "device/make_device.h"
#include "engine/problem.h"
#include "engine/workbench.h"
#include "recording/recording.h"
#include "space/bare_space.h"

namespace evotune {
namespace {

struct CheckOptions {
  TuningOptions tuning;
  std::vector<std::string> archs = {"sm_80", "sm_89", "sm_90"};
  bool json = false, count = false;
};

/// One named configuration, compiled for one architecture.
struct Compilation {
  std::string variant, arch;
  Result<Compiled> compiled;
};

std::vector<Preset> named_configurations(const Problem& problem) {
  std::vector<Preset> all{{"baseline", baseline_of(problem)}};
  for (Preset& preset : presets_of(problem)) all.push_back(std::move(preset));
  return all;
}

std::vector<Compilation> compile_all(const Problem& problem, const CudaCompiler& compiler,
                                     const std::vector<std::string>& archs) {
  std::vector<Compilation> all;
  for (const Preset& one : named_configurations(problem)) {
    const Result<Source> source =
        render(problem.kernel, problem.file, problem.space.bind(one.config));
    for (const std::string& arch : archs)
      all.push_back({one.name, arch,
                     source ? compiler.compile(*source, arch) : Result<Compiled>(source.error())});
  }
  return all;
}

OrderedJson known(const std::optional<int>& fact) {
  return fact ? OrderedJson(*fact) : OrderedJson();
}

OrderedJson to_json(const Compilation& one) {
  OrderedJson out{{"variant", one.variant}, {"arch", one.arch}};
  if (!one.compiled) {
    out["failed"] = one.compiled.error().message;
    return out;
  }
  const CompilerFacts& facts = one.compiled->facts;
  out["registers"] = known(facts.registers);
  out["spill_bytes"] = known(facts.spill_bytes);
  out["stack_bytes"] = known(facts.stack_bytes);
  out["static_shared_bytes"] = known(facts.static_shared_bytes);
  out["compile_seconds"] = facts.compile_seconds;
  return out;
}

void print_table(const std::vector<Compilation>& all) {
  Table table{{"variant", "arch", "registers", "spilled", "stack", "shared", "seconds"}, {}};
  for (const Compilation& one : all) {
    if (!one.compiled) continue;
    const CompilerFacts& facts = one.compiled->facts;
    table.rows.push_back({one.variant, one.arch, known(facts.registers), known(facts.spill_bytes),
                          known(facts.stack_bytes), known(facts.static_shared_bytes),
                          fmt::format("{:.2f}", facts.compile_seconds)});
  }
  if (!table.rows.empty()) print(to_text(table));
  for (const Compilation& one : all)
    if (!one.compiled)
      fmt::print("{} does not compile for {}: {}\n", one.variant, one.arch,
                 one.compiled.error().message);
}

void print_space(const Problem& problem, const DeviceInfo& device) {
  const Space& space = problem.space;
  fmt::print("{}: {} of {} configurations are valid on {} ({})\n", problem.file.name, space.count(),
             space.cartesian(), device.id, device.name);
  fmt::print("baseline: {}\n", space.key(baseline_of(problem)));
  for (const Preset& preset : presets_of(problem))
    fmt::print("preset {}: {}\n", preset.name, space.key(preset.config));
  if (space.trouble().count > 0)
    fmt::print(
        "{} configurations are invalid because a constraint could not be evaluated; the first: "
        "{}\n",
        space.trouble().count, space.trouble().first);
}

// What it takes to know all valid configurations of a space. Needs neither device nor kernel.
void count(const std::string& name, const std::function<Space()>& make, bool json) {
  const Seconds begun = monotonic_seconds();
  const Space space = make();
  const double milliseconds = (monotonic_seconds() - begun) * 1e3;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double peak_mb = static_cast<double>(used.ru_maxrss) / 1024;
  if (json)
    print(write(OrderedJson{{"space", name},
                            {"valid", space.count()},
                            {"exact", space.listed()},
                            {"cartesian", space.cartesian()},
                            {"construction_ms", milliseconds},
                            {"space_bytes", space.bytes()},
                            {"peak_memory_mb", peak_mb}}));
  else
    fmt::print(
        "{}: {}{} of {} configurations are valid; found in {:.2f} ms, kept in {:.1f} KB "
        "(peak memory of the process: {:.0f} MB)\n",
        name, space.listed() ? "" : "about ", space.count(), space.cartesian(), milliseconds,
        static_cast<double>(space.bytes()) / 1e3, peak_mb);
}

void count(const CheckOptions& options) {
  if (std::filesystem::path(options.tuning.space).extension() == ".json") {
    const std::filesystem::path file = options.tuning.space;
    if (is_recording(file))
      return count(
          file.stem().string(), [&] { return read_recording(file).space; }, options.json);
    const BareSpace bare = read_bare_space(options.tuning.space);
    count(
        bare.name, [&] { return Space(bare.parameters, bare.constraints); }, options.json);
    return;
  }
  const SpaceFile file =
      read_space_file(options.tuning.space, parse_assignments(options.tuning.problem));
  const Bindings facts = make_device(options.tuning.device)->info().facts;
  count(
      file.name, [&] { return Space(file, facts); }, options.json);
}

void check(const CheckOptions& options, int& exit_code) {
  if (options.count) return count(options);
  const CudaCompiler compiler;
  demand_known(options.archs, compiler);
  SpaceFile file = read_space_file(options.tuning.space, parse_assignments(options.tuning.problem));
  const std::unique_ptr<Device> device = make_device(options.tuning.device);
  const Problem problem = load_problem(std::move(file), device->info());
  if (!options.json) print_space(problem, device->info());

  std::vector<Compilation> compilations;
  if (compiler.available()) compilations = compile_all(problem, compiler, options.archs);
  for (const Compilation& one : compilations)
    if (!one.compiled) exit_code = 1;

  if (options.json) {
    OrderedJson out{{"space", problem.file.name},
                    {"valid", problem.space.count()},
                    {"cartesian", problem.space.cartesian()},
                    {"device", device->info().id},
                    {"baseline", problem.space.key(baseline_of(problem))},
                    {"nvrtc", compiler.version()},
                    {"compiled", OrderedJson::array()}};
    for (const Compilation& one : compilations) out["compiled"].push_back(to_json(one));
    print(write(out));
  } else if (!compiler.available()) {
    fmt::print("not compiled for GPUs: {}\n", compiler.why_not());
  } else {
    fmt::print("\n{}:\n", compiler.version());
    print_table(compilations);
  }
}

constexpr const char* footer = R"(Examples:
  evotune check search_spaces/gemm_f32.yaml                  all of it
  evotune check space.yaml --arch sm_90 --json               for one architecture, for scripts
  evotune check space.yaml --count                           only count: how many, how fast, in how much memory
  evotune check t1.json --count --json                       of another tuner's space (T1, or params and restrictions)
Needs no GPU. Exit code 1: something does not compile; 2: the space file is wrong.)";

}  // namespace

void add_check(Command app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  Command command = app.add_subcommand(
      "check", "Validate a space without running it; compile its named configurations for GPUs");
  add_tuning_options(command, options->tuning);
  add_arch_option(command, options->archs);
  command.add_flag("--count", options->count, "Only count the valid configurations");
  command.add_flag("--json", options->json, "The result as one JSON object");
  command.footer(footer);
  command.callback([options, &exit_code] { check(*options, exit_code); });
}

}  // namespace evotune
