#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

#include "base/errors.h"
#include "cli/arch_option.h"
#include "cli/asked_config.h"
#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/inspection_text.h"
#include "cli/progress.h"
#include "cli/space_argument.h"
#include "cli/tuning_options.h"
#include "device/make_device.h"
#include "engine/workbench.h"
#include "exporter/json_value.h"
#include "store/queries.h"

namespace evotune {
namespace {

struct InspectOptions {
  std::string space, preset, database;
  std::vector<std::string> problem, assignments;
  std::vector<std::string> archs = {"sm_80", "sm_90"};
  bool best = false, json = false;
};

/// The best configuration that the database knows of this space.
Config best_config(const Problem& problem, const InspectOptions& options) {
  const SpaceArgument space = space_argument(options.space);
  const Store store(options.database, Store::Mode::read_only);
  BestFilter filter = filter_for(store, space);
  filter.top = 1;
  const std::vector<RankedCandidate> found = best(store, filter);
  if (found.empty()) throw UserError(nothing_right(space, ""));
  const Bindings values =
      bindings_from(nlohmann::json::parse(found.front().config), "the best configuration");
  return problem.space.find(values, problem.space.values(baseline_of(problem)));
}

void inspect_one(const InspectOptions& options, int& exit_code) {
  if (options.best && (!options.preset.empty() || !options.assignments.empty()))
    throw UserError("--best names a configuration by itself", "leave out --preset and NAME=VALUE");
  const CudaCompiler compiler;
  demand_known(options.archs, compiler);
  SpaceFile file = read_space_file(options.space, parse_assignments(options.problem));
  std::unique_ptr<Device> device = make_device("cpu");
  const Problem problem = load_problem(std::move(file), device->info());
  const Config config = options.best ? best_config(problem, options)
                                     : asked_config(problem, options.assignments, options.preset);
  Workbench bench(problem, std::move(device), make_device("cpu"), 1);
  std::unique_ptr<Reporter> progress = make_progress();
  bench.evaluator().report_to(*progress);
  const Inspection seen = inspect(problem, config, bench.evaluator(), compiler, options.archs);
  progress.reset();
  print(options.json ? write(to_json(seen)) : to_text(seen));
  if (!seen.sound()) exit_code = 1;
}

constexpr const char* footer = R"(Examples:
  evotune inspect search_spaces/gemm_f32.yaml                     the baseline
  evotune inspect space.yaml BM=64 BN=64 --arch sm_90             what is not named is the baseline's
  evotune inspect space.yaml --preset tiled --json                a preset, for scripts
  evotune inspect space.yaml --best                               the best that was found so far
Needs no GPU: registers are the GPU compiler's, occupancy follows from them; races, bank conflicts and
sectors are seen on the CPU device. Exit code 1: it does not compile, does not run or has a race.)";

}  // namespace

void add_inspect(Command app, int& exit_code) {
  auto options = std::make_shared<InspectOptions>();
  Command command = app.add_subcommand(
      "inspect", "One page about one variant: occupancy, races, bank conflicts, sectors");
  command.add_option("space", options->space, "The space file (.yaml)")
      .required()
      .type_name("FILE");
  command.add_option("assignments", options->assignments, "NAME=VALUE …");
  command.add_option("--preset", options->preset, "A preset of the space file");
  command.add_flag("--best", options->best, "The best configuration in the database");
  command.add_option("--problem", options->problem,
                     "Replace sizes of the problem: --problem M=4096 N=4096");
  add_arch_option(command, options->archs);
  add_database_option(command, options->database);
  command.add_flag("--json", options->json, "The page as one JSON object");
  command.footer(footer);
  command.callback([options, &exit_code] { inspect_one(*options, exit_code); });
}

}  // namespace evotune
