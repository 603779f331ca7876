#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/arch_option.h"
#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/space_argument.h"
#include "cli/tuning_options.h"
#include "device/cuda/nvrtc.h"
#include "engine/problem.h"
#include "engine/workbench.h"
#include "exporter/exporter.h"
#include "exporter/json_value.h"
#include "exporter/run_formats.h"
#include "recording/recorded_run.h"
#include "recording/recording.h"

namespace evotune {
namespace {

struct ExportOptions {
  std::string space, out, database, device;
  std::string format;  ///< of a whole run; empty: a winner into a folder
  std::vector<std::string> archs = {"sm_80", "sm_89", "sm_90"};
  std::int64_t candidate = 0;  ///< 0: the best
  bool json = false;
};

// "K=512,M=512;K=64,M=64" as problem_text() writes it.
std::vector<Shape> shapes_from(const std::string& problem, const Location& where) {
  std::vector<Shape> shapes;
  std::istringstream list(problem);
  for (std::string shape; std::getline(list, shape, ';');) {
    std::vector<std::string> sizes;
    std::istringstream parts(shape);
    for (std::string size; std::getline(parts, size, ',');) sizes.push_back(size);
    shapes.push_back({parse_assignments(sizes), where});
  }
  if (shapes.empty()) shapes.push_back({{}, where});
  return shapes;
}

/// The space, template and device facts as the run had them.
Problem problem_of(const RunRecord& run) {
  SpaceFile file = parse_space_file(run.space_path, run.space_text);
  file.problem = shapes_from(run.problem, {run.space_path});
  DeviceInfo device;
  device.facts =
      bindings_from(nlohmann::json::parse(run.environment).at("facts"), "the run's device");
  return load_problem(std::move(file), device);
}

RankedCandidate chosen(const Store& store, const ExportOptions& options) {
  const SpaceArgument space = space_argument(options.space);
  BestFilter filter = filter_for(store, space);
  filter.device = options.device;
  filter.top = options.candidate == 0 ? 1 : 0;
  const std::vector<RankedCandidate> found = best(store, filter);
  for (const RankedCandidate& one : found)
    if (options.candidate == 0 || one.candidate == options.candidate) return one;
  if (options.candidate == 0) throw UserError(nothing_right(space, options.device));
  throw UserError(
      fmt::format("candidate {} is no right configuration of {}", options.candidate, space.name),
      "`evotune best --top 0` lists those that are");
}

Outcome outcome_of(const Store& store, const RankedCandidate& one) {
  if (one.final)
    for (FinalRecord& record : store.finals(one.run))
      if (record.ordinal == one.ordinal) return std::move(record.outcome);
  return store.evaluations(one.run).at(one.ordinal).individual.outcome;
}

std::vector<Image> images_of(const Source& source, const CudaCompiler& compiler,
                             const std::vector<std::string>& archs) {
  std::vector<Image> images;
  if (!compiler.available()) {
    fmt::print(stderr, "without PTX and cubins: {}\n", compiler.why_not());
    return images;
  }
  for (const std::string& arch : archs) {
    const Result<Compiled> compiled = compiler.compile(source, arch);
    if (compiled)
      images.push_back({"kernel." + arch + ".cubin", compiled->symbol, compiled->image});
    else
      fmt::print(stderr, "no cubin for {}: {}\n", arch, compiled.error().message);
    if (arch != archs.front() || !compiled) continue;
    if (const Result<std::string> ptx = compiler.ptx(source, arch)) {
      const auto* bytes = reinterpret_cast<const std::byte*>(ptx->data());
      images.push_back({"kernel.ptx", compiled->symbol, {bytes, bytes + ptx->size()}});
    }
  }
  return images;
}

template <typename T>
T or_throw(Result<T> result) {
  if (!result) throw UserError(result.error().message);
  return *std::move(result);
}

void write_export(const ExportOptions& options) {
  const CudaCompiler compiler;
  demand_known(options.archs, compiler);
  const Store store(options.database, Store::Mode::read_only);
  const RankedCandidate one = chosen(store, options);
  const RunRecord run = store.run(one.run).value().record;
  if (is_replay(run.device_id))
    throw UserError(
        fmt::format("run {} searched recorded times: there is no kernel to export", one.run),
        "--device cpu asks for what was measured there");
  const Problem problem = problem_of(run);

  Winner winner(problem.file);
  winner.values = bindings_from(nlohmann::json::parse(one.config), "the candidate's configuration");
  const Config config = problem.space.find(winner.values, {});
  winner.bound = problem.space.bind(config);
  winner.source = or_throw(render(problem.kernel, problem.file, winner.bound));
  if (winner.source.hash != one.source_hash)
    throw UserError("the template has changed since run " + std::to_string(one.run) +
                        ": what would be exported is not what was measured",
                    "run again, or `evotune show candidate " + std::to_string(one.candidate) +
                        " --source` for the source that was");
  winner.launch = or_throw(launch_of(problem.file.launch, winner.bound));
  winner.arguments = or_throw(make_workload(problem.file.arguments, winner.bound, {}, run.seed,
                                            problem.file.path.parent_path().string()))
                         .arguments;
  const Config baseline = baseline_of(problem);
  winner.baseline = or_throw(render(problem.kernel, problem.file, problem.space.bind(baseline)));
  winner.baseline_values = problem.space.values(baseline);
  winner.device = {run.device_id, run.device_name, run.device_arch, run.compiler};
  winner.outcome = outcome_of(store, one);
  winner.speedup = one.speedup;
  winner.reference = problem.reference;
  winner.images = images_of(winner.source, compiler, options.archs);
  winner.run = one.run;
  winner.candidate = static_cast<std::uint32_t>(one.candidate);
  winner.seed = run.seed;
  winner.evotune_version = EVOTUNE_VERSION;

  const std::string out = options.out.empty() ? "results/" + problem.file.name : options.out;
  export_kernel(winner, out);
  if (options.json)
    fmt::print("{}\n",
               nlohmann::json{{"out", out}, {"candidate", one.candidate}, {"run", one.run}}.dump());
  else
    fmt::print("exported candidate {} of run {} to {}\n    {}\ncheck it: evotune verify {}\n",
               one.candidate, one.run, out, one.configuration, out);
}

/// The run of this number, else the newest one of this space.
RunStatus run_named(const Store& store, const std::string& text) {
  const std::vector<RunStatus> all = runs(store);
  for (const RunStatus& one : all)
    if (std::to_string(one.id) == text) return one;
  const SpaceArgument space = space_argument(text);
  (void)filter_for(store, space);  // throws for a name that nobody knows
  for (const RunStatus& one : all)
    if (one.record.space_name == space.name || one.record.space_hash == space.name) return one;
  throw UserError("there is no run " + text, "`evotune runs` lists those that there are");
}

void write_results(const ExportOptions& options) {
  const RunFormat& format = run_format(options.format);
  const Store store(options.database, Store::Mode::read_only);
  const RunStatus run = run_named(store, options.space);
  std::vector<RunResult> results;
  for (const Evaluation& one : last_word(store, run.id))
    results.push_back({bindings_from(nlohmann::json::parse(one.config_json), "a configuration"),
                       one.individual.outcome});
  const std::string out =
      options.out.empty()
          ? fmt::format("results/{}-{}.{}.json", run.record.space_name, run.id, format.name)
          : options.out;
  std::error_code told_by_write_file;
  if (const auto folder = std::filesystem::path(out).parent_path(); !folder.empty())
    std::filesystem::create_directories(folder, told_by_write_file);
  write_file(out, format.text(results));
  if (options.json)
    fmt::print("{}\n",
               nlohmann::json{{"out", out}, {"run", run.id}, {"results", results.size()}}.dump());
  else
    fmt::print("exported the {} results of run {} to {}\n", results.size(), run.id, out);
}

constexpr const char* footer = R"(Examples:
  evotune export gemm_f32                                      to results/gemm_f32
  evotune export search_spaces/gemm_f32.yaml --out my/kernels/gemm
  evotune export gemm_f32 --candidate 17 --arch sm_90
  evotune export 3 --format t4                                 all results of run 3, for other tools
The folder holds kernel.cu, a C++ header that loads and launches it, PTX and cubins where NVRTC is
found, and all that `evotune verify` needs. docs/export.md describes it.)";

}  // namespace

void add_export(Command app, int& /*exit_code*/) {
  auto options = std::make_shared<ExportOptions>();
  Command command =
      app.add_subcommand("export", "Write the winner into a folder of its own, or a run's results");
  command
      .add_option("space", options->space,
                  "A space's name or file; with --format a run's number too")
      .required();
  const Option format = command.add_option("--format", options->format,
                                           "All results of a run instead of a winner: t4");
  command.add_option("--out", options->out,
                     "The folder (default: results/SPACE), with --format the file");
  command.add_option("--device", options->device, "Only what won on this device").excludes(format);
  command.add_option("--candidate", options->candidate, "This candidate instead of the best")
      .excludes(format);
  add_arch_option(command, options->archs).excludes(format);
  add_database_option(command, options->database);
  command.add_flag("--json", options->json, "What was written, as one JSON object");
  command.footer(footer);
  command.callback([options] {
    if (options->format.empty())
      write_export(*options);
    else
      write_results(*options);
  });
}

}  // namespace evotune
