#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/evaluation_text.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "device/make_device.h"
#include "engine/workbench.h"
#include "exporter/read_export.h"

namespace evotune {
namespace {

struct VerifyOptions {
  std::string folder, device = "auto";
  std::uint64_t seed = 2;  // other inputs than a default run has seen
  bool json = false;
};

// A source that has sizes written into it is right for no others.
void keep_fitting(std::vector<Shape>& shapes, const Export& read, const Problem& problem,
                  const Config& config) {
  std::erase_if(shapes,
                [&](const Shape& shape) { return !read.fits(problem.space.bind(config, shape)); });
}

struct Verdict {
  Outcome outcome;
  bool races = false;  ///< they were looked for
  std::vector<std::string> followed_in_part;
};

Verdict check(const Export& read, const VerifyOptions& options) {
  std::unique_ptr<Device> device = make_device(options.device);
  Problem problem{read.file, Space(read.file, read.device_facts), Template{}, read.reference};
  problem.kernel.defaults = read.baseline_values;
  const Config config = problem.space.find(read.values, {});
  const Config baseline = baseline_of(problem);
  keep_fitting(problem.file.check, read, problem, config);
  keep_fitting(problem.file.held_out, read, problem, config);

  const auto exported_source = [&](const Bindings& bound) -> Result<Source> {
    const auto is_here = [&bound](const auto& one) {
      const auto found = bound.find(one.first);
      return found != bound.end() && found->second == one.second;
    };
    const bool winner = std::all_of(read.values.begin(), read.values.end(), is_here);
    return winner ? read.source : read.baseline;
  };
  Workbench bench(problem, std::move(device), make_device("cpu"), options.seed, exported_source);
  const std::unique_ptr<Reporter> progress = make_progress();
  bench.evaluator().report_to(*progress);
  Examination examination;
  examination.held_out = true;
  examination.races = true;
  examination.trials = 3;
  KernelEvaluator& evaluator = bench.evaluator();
  Outcome outcome = evaluator.evaluate(evaluator.prepare(config), examination);
  return {std::move(outcome), evaluator.looks_for_races(examination), evaluator.followed_in_part()};
}

void verify(const VerifyOptions& options, int& exit_code) {
  const Export read = read_export(options.folder);
  const Verdict verdict = check(read, options);
  const Outcome& outcome = verdict.outcome;
  const bool right = outcome.failure() == nullptr;
  if (options.json) {
    nlohmann::json out = to_json(outcome);
    out["right"] = right;
    out["changed"] = read.changed;
    if (!verdict.followed_in_part.empty()) out["followed_in_part"] = verdict.followed_in_part;
    print(write(out));
  } else {
    for (const std::string& name : read.changed)
      fmt::print("{} has been changed since it was exported\n", name);
    fmt::print("{}: {}\n", right ? "right" : "WRONG", describe(outcome));
    if (outcome.accuracy && right)
      fmt::print(
          "largest error {:.3g}, {:.1f} % of what is allowed there; {} check and {} held-out "
          "shapes\n",
          outcome.accuracy->max_error, 100 * outcome.accuracy->worst_of_allowed,
          read.file.check.size(), read.file.held_out.size());
    if (right && verdict.races) fmt::print("{}\n", describe_no_race(verdict.followed_in_part));
  }
  if (!right) exit_code = 1;
}

constexpr const char* footer =
    R"(Compiles the folder's kernel.cu as it stands, runs it beside its baseline on the tuned, the check and
the held-out shapes, and compares every element with the float64 reference.
Exit code 1: it is wrong, does not compile or does not run.

Example:
  evotune verify results/gemm_f32)";

}  // namespace

void add_verify(Command app, int& exit_code) {
  auto options = std::make_shared<VerifyOptions>();
  Command command = app.add_subcommand("verify", "Check an exported kernel again");
  command.add_option("folder", options->folder, "What `evotune export` has written").required();
  command.add_option("--device", options->device, "Where to run it").capture_default_str();
  command.add_option("--seed", options->seed, "Of the inputs").capture_default_str();
  command.add_flag("--json", options->json, "The verdict as one JSON object");
  command.footer(footer);
  command.callback([options, &exit_code] { verify(*options, exit_code); });
}

}  // namespace evotune
