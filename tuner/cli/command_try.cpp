#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/asked_config.h"
#include "cli/commands.h"
#include "cli/evaluation_text.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/tuning_options.h"
#include "device/make_device.h"
#include "engine/evaluation.h"
#include "engine/workbench.h"

namespace evotune {
namespace {

struct TryOptions {
  TuningOptions tuning;
  std::vector<std::string> assignments;
  std::string preset;
  std::uint64_t seed = 1;
  bool json = false, source = false;
};

void print(const Evaluation& one, const CompilerFacts* facts, const Examination& examination,
           const KernelEvaluator& evaluator, const TryOptions& options) {
  const std::vector<std::string>& in_part = evaluator.followed_in_part();
  if (options.json) {
    nlohmann::json out = to_json(one);
    if (!in_part.empty()) out["followed_in_part"] = in_part;
    evotune::print(write(out));
    return;
  }
  fmt::print("{}\n    {}\n", one.config, describe(one.individual.outcome));
  const bool passed = one.individual.score.passed;
  if (const auto& accuracy = one.individual.outcome.accuracy; passed && accuracy)
    fmt::print("    largest error {:.3g}, {:.1f} % of what is allowed there\n", accuracy->max_error,
               100 * accuracy->worst_of_allowed);
  if (passed && evaluator.looks_for_races(examination))
    fmt::print("    {}\n", describe_no_race(in_part));
  if (facts != nullptr) fmt::print("    compiled in {:.2f} s\n", facts->compile_seconds);
  if (passed)  // else the failure has said all there is
    fmt::print("    fitness {:.4f}, metrics {}\n", one.individual.score.fitness, one.metrics_json);
  if (options.source) fmt::print("\n{}", one.source_text);
}

void try_one(const TryOptions& options, int& exit_code) {
  SpaceFile file = read_space_file(options.tuning.space, parse_assignments(options.tuning.problem));
  std::unique_ptr<Device> device =
      make_device(options.tuning.device, device_options(options.tuning));
  const Problem problem = load_problem(std::move(file), device->info());
  const Config config = asked_config(problem, options.assignments, options.preset);

  Workbench bench(problem, std::move(device), make_device("cpu"), options.seed);
  std::unique_ptr<Reporter> progress = make_progress();
  bench.evaluator().report_to(*progress);
  const Candidate candidate = bench.evaluator().prepare(config);
  Examination examination;
  examination.races = true;
  const Evaluation one = score(problem, candidate, Proposal{config, "try", {}, 0},
                               bench.evaluator().evaluate(candidate, examination));
  progress.reset();
  print(one, candidate.compiled ? &candidate.compiled->facts : nullptr, examination,
        bench.evaluator(), options);
  if (!one.individual.score.passed) exit_code = 1;
}

constexpr const char* footer = R"(Examples:
  evotune try search_spaces/gemm_f32.yaml                    the baseline against itself
  evotune try search_spaces/gemm_f32.yaml BM=64 BN=64 TM=4   parameters not named are the baseline's
  evotune try space.yaml --preset tiled --source             a preset, and the source it renders to
Exit code 1: the configuration does not compile, run or answer rightly, or has a race.)";

}  // namespace

void add_try(Command app, int& exit_code) {
  auto options = std::make_shared<TryOptions>();
  Command command =
      app.add_subcommand("try", "Render, check and time one configuration beside the baseline");
  add_tuning_options(command, options->tuning);
  add_verbose_option(command, options->tuning);
  command.add_option("assignments", options->assignments, "NAME=VALUE …");
  command.add_option("--preset", options->preset, "A preset of the space file");
  command.add_option("--seed", options->seed, "Of the inputs").capture_default_str();
  command.add_flag("--source", options->source, "Print the rendered source too");
  command.add_flag("--json", options->json, "The result as one JSON object");
  command.footer(footer);
  command.callback([options, &exit_code] { try_one(*options, exit_code); });
}

}  // namespace evotune
