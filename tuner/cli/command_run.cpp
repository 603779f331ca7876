#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/environment.h"
#include "cli/evaluation_text.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/tuning_options.h"
#include "cli/warm_start.h"
#include "device/make_device.h"
#include "engine/finals.h"
#include "engine/journal.h"
#include "engine/recorded_evaluator.h"
#include "engine/tune.h"
#include "engine/workbenches.h"
#include "outcome/statistics.h"
#include "recording/recording.h"
#include "store/store.h"

namespace evotune {
namespace {

struct RunOptions {
  TuningOptions tuning;
  std::string database;
  std::string strategy;
  std::string warm_start;  ///< "auto", or a run's number
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> evaluations;
  std::optional<double> minutes;
  int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  bool database_given = false;  ///< by --db
  bool resume = false, json = false, quiet = false, durable = false;
};

// Inputs of the finals: other values than the search saw.
constexpr std::uint64_t finals_seed_offset = 0x9e3779b97f4a7c15U;

SpaceFile read_space(const RunOptions& options) {
  SpaceFile file = read_space_file(options.tuning.space, parse_assignments(options.tuning.problem));
  if (!options.strategy.empty()) {
    file.search.strategy = options.strategy;
    file.search.strategy_where = {"--strategy"};
  }
  if (options.evaluations || options.minutes) {  // a limit given here replaces the file's
    file.stop.evaluations = options.evaluations;
    file.stop.minutes = options.minutes;
  }
  return file;
}

/// What is tuned, and what tells how a candidate does: a kernel on devices, or a recording.
struct Subject {
  const Problem& problem;
  DeviceInfo device;
  std::function<std::shared_ptr<Evaluator>(std::uint64_t seed)> evaluator;
  /// Of one lane of the other's: finalists are compared with each other.
  std::function<std::shared_ptr<Evaluator>(std::uint64_t seed, std::size_t lane)> finals_evaluator;
};

/// What decides the questions besides strategy, seed and space.
std::string settings_json(const SearchSettings& search, const WarmStart& warm) {
  nlohmann::json settings{{"population", search.population},   {"elite", search.elite},
                          {"generations", search.generations}, {"design", search.design},
                          {"candidates", search.candidates},   {"brood", search.brood}};
  if (warm.run) settings["warm_start"] = *warm.run;
  return settings.dump();
}

/// Without what the strategy decides: the batch and the settings.
RunRecord record_of(const Problem& problem, const DeviceInfo& device, const RunOptions& options) {
  RunRecord record;
  record.space_name = problem.file.name;
  record.space_path = std::filesystem::absolute(problem.file.path).string();
  record.space_hash = problem.file.hash;
  record.space_text = problem.file.text;
  record.template_hash = template_hash(problem.kernel, problem.reference);
  record.problem = problem_text(problem.file);
  record.device_id = device.id;
  record.device_name = device.name;
  record.device_arch = device.arch;
  record.compiler = device.compiler;
  record.strategy = strategy_version(problem.file.search);
  record.default_fitness = !problem.file.fitness;
  record.seed = options.seed;
  record.environment = environment_json(device);
  return record;
}

ProgressStyle style_of(const RunOptions& options) {
  if (options.json) return ProgressStyle::json;
  if (options.quiet) return ProgressStyle::quiet;
  return isatty(STDERR_FILENO) != 0 ? ProgressStyle::live : ProgressStyle::plain;
}

void say(const RunOptions& options, const std::string& line) {
  if (!options.json && !options.quiet) fmt::print(stderr, "{}\n", line);
}

std::int64_t open_run(Store& store, const RunRecord& record, const RunOptions& options) {
  const std::optional<std::int64_t> unfinished = store.newest_unfinished(record);
  if (options.resume && unfinished) {
    say(options, fmt::format("resuming run {}", *unfinished));
    return *unfinished;
  }
  if (options.resume) say(options, "there is no unfinished run like this one; starting anew");
  if (!options.resume && unfinished)
    say(options,
        fmt::format(
            "run {} of this space, seed and device is unfinished; --resume would continue it",
            *unfinished));
  return store.begin_run(record);
}

void report(const Problem& problem, const TuneResult& search, const Finals& finals,
            std::int64_t run, const RunOptions& options) {
  const SelfTest& test = finals.self_test;
  if (options.json) {
    nlohmann::json event{{"event", "finished"},
                         {"run", run},
                         {"reason", search.reason},
                         {"evaluations", search.progress.evaluations},
                         {"failures", search.progress.failures},
                         {"champion", nullptr}};
    if (finals.champion) {
      event["champion"] = to_json(search.evaluations.at(*finals.champion));
      event["champion"].update(to_json(finals.records.front().outcome));
    }
    if (test.comparisons > 0)
      event["self_test"] = {{"comparisons", test.comparisons},
                            {"widest", test.widest},
                            {"spread", test.spread},
                            {"margin", test.margin},
                            {"baseline_us", 1e6 * test.baseline},
                            {"nothing_us", 1e6 * test.nothing}};
    print(event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return;
  }
  fmt::print("run {}: {} evaluations, {} of them failed; ended by: {}\n", run,
             search.progress.evaluations, search.progress.failures, search.reason);
  if (test.comparisons > 0)
    say(options,
        fmt::format("self-test: the baseline beside itself within {:.1f} % ({} comparisons); "
                    "a kernel that does nothing would be {:.0f}× as fast",
                    100 * test.widest, test.comparisons, test.most_attainable()));
  if (!finals.champion) {
    fmt::print("no improvement: nothing was measurably faster than the baseline in the finals\n");
    return;
  }
  const Evaluation& winner = search.evaluations.at(*finals.champion);
  fmt::print("winner (#{}): {}\n    {}\n", winner.ordinal, winner.config,
             describe(finals.records.front().outcome));
  for (const std::uint32_t tied : finals.tied)
    fmt::print("statistically tied (#{}): {}\n", tied, search.evaluations.at(tied).config);
  const std::string db =  // both find EVOTUNE_DB by themselves
      options.database_given ? " --db " + options.database : "";
  const std::string best = "evotune best " + problem.file.name + db;
  if (is_replay(options.tuning.device))  // there is no kernel to export
    fmt::print("next: {}\n", best);
  else
    fmt::print("next: {}; evotune export {}{}\n", best, problem.file.name, db);
}

// As a shell reads it: in quotes where it needs them.
std::string shell_word(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string resume_command(const RunOptions& options) {
  std::string command = fmt::format(
      "evotune run {} --device {} --db {} --seed {} --resume", shell_word(options.tuning.space),
      shell_word(options.tuning.device), shell_word(options.database), options.seed);
  if (!options.strategy.empty()) command += " --strategy " + shell_word(options.strategy);
  if (!options.warm_start.empty()) command += " --warm-start " + shell_word(options.warm_start);
  if (options.evaluations) command += fmt::format(" --evaluations {}", *options.evaluations);
  if (options.minutes) command += fmt::format(" --minutes {}", *options.minutes);
  if (options.durable) command += " --durable";
  for (const std::string& one : options.tuning.problem) command += " --problem " + shell_word(one);
  return command;
}

std::string advice(const RunOptions& options) {
  return "everything evaluated is stored. Continue with:\n    " + resume_command(options);
}

StopRule on_signal() {
  return [](const Progress&) -> std::optional<std::string> {
    if (interrupted()) return "interrupted";
    return std::nullopt;
  };
}

/// `lanes`: of the search.
Finals measure_finals(const Subject& subject, const TuneResult& search,
                      const std::vector<std::string>& lanes, Reporter& progress,
                      const RunOptions& options) {
  if (lanes.size() > 1)
    say(options, "the finals are measured on " + lanes[search.sound_lane] + " alone");
  FinalsOptions how;
  how.jobs = options.jobs;
  how.aside = subject.device.aside;
  const std::shared_ptr<Evaluator> fresh =
      subject.finals_evaluator(options.seed + finals_seed_offset, search.sound_lane);
  return run_finals(subject.problem, search, *fresh, on_signal(), progress, how);
}

void tune_and_store(const Subject& subject, RunOptions& options) {
  const Problem& problem = subject.problem;
  RunRecord record = record_of(problem, subject.device, options);
  Store store(options.database, Store::Mode::read_write, options.durable);
  const WarmStart warm = warm_start_of(store, problem.space, record, options.warm_start);
  const auto strategy =
      make_strategy(problem.file.search, problem.space, options.seed, warm.precedents);
  const std::size_t batch = problem.file.search.batch
                                ? static_cast<std::size_t>(*problem.file.search.batch)
                                : strategy->natural_batch();
  say(options,
      fmt::format("space {}: {} valid configurations; strategy {}, seed {}", problem.file.name,
                  problem.space.count(), problem.file.search.strategy, options.seed));
  if (!warm.report.empty()) say(options, warm.report);
  options.warm_start = warm.run ? std::to_string(*warm.run) : "";  // what "auto" was, for a resume

  record.settings = settings_json(problem.file.search, warm);
  record.batch = static_cast<std::uint32_t>(batch);
  Journal journal(store, open_run(store, record, options));
  const std::unique_ptr<Reporter> progress =
      make_progress(style_of(options), problem.file.stop, problem.file.search);

  const std::shared_ptr<Evaluator> evaluator = subject.evaluator(options.seed);
  const TuneResult search =
      tune(problem, *strategy, *evaluator, journal,
           either(on_signal(), stop_rule_of(problem.file.stop, problem.file.search)), *progress,
           {batch, options.jobs, subject.device.aside});

  Finals finals;
  if (search.reason != "interrupted")
    finals = measure_finals(subject, search, evaluator->lanes(), *progress, options);
  if (interrupted()) throw Interrupted("interrupted; " + advice(options));
  journal.save_finals(finals.records);
  journal.finish(search.reason);
  report(problem, search, finals, journal.run(), options);
}

/// "cuda:0,1": what names them all.
std::string joined_id(const std::vector<std::string>& ids) {
  std::string all = ids.front();
  for (std::size_t i = 1; i < ids.size(); ++i) all += "," + ids[i].substr(ids[i].find(':') + 1);
  return all;
}

void run_kernel(SpaceFile file, RunOptions& options) {
  const DeviceOptions how = device_options(options.tuning);
  std::vector<std::unique_ptr<Device>> devices = make_devices(options.tuning.device, how);
  std::vector<std::string> ids;
  for (const std::unique_ptr<Device>& one : devices) ids.push_back(one->info().id);
  DeviceInfo info = devices.front()->info();  // of one model
  info.id = joined_id(ids);
  if (info.id == "cpu")
    say(options, "device cpu (" + info.name + "): its times do not predict a GPU's");
  const Problem problem = load_problem(std::move(file), info);
  const auto bench_of = [&](std::unique_ptr<Device> device, std::uint64_t seed) {
    return std::make_unique<Workbench>(problem, std::move(device), make_device("cpu"), seed);
  };
  const auto alone = [](std::unique_ptr<Workbench> made) -> std::shared_ptr<Evaluator> {
    const std::shared_ptr<Workbench> bench = std::move(made);
    return {bench, &bench->evaluator()};
  };
  const auto evaluator = [&](std::uint64_t seed) -> std::shared_ptr<Evaluator> {
    std::vector<std::unique_ptr<Workbench>> benches;
    for (std::unique_ptr<Device>& one : devices) benches.push_back(bench_of(std::move(one), seed));
    if (benches.size() == 1) return alone(std::move(benches.front()));
    return std::make_shared<Workbenches>(problem, std::move(benches));
  };
  const auto finals_evaluator = [&](std::uint64_t seed, std::size_t lane) {
    return alone(bench_of(make_device(ids[lane], how), seed));
  };
  tune_and_store({problem, info, evaluator, finals_evaluator}, options);
}

void run_recording(SpaceFile file, RunOptions& options) {
  const std::vector<std::filesystem::path> files = recordings_named(options.tuning.device);
  if (files.size() > 1)
    throw UserError("a run takes one recording, not " + std::to_string(files.size()),
                    "`evotune bench` searches several");
  const SpaceRecording recording = read_recording(files.front());
  const Problem problem = recorded_problem(std::move(file), recording);
  say(options, fmt::format("replaying {}: {} of its {} configurations are in this space",
                           recording.name, problem.space.count(), recording.ms.size()));
  const auto evaluator = [&](std::uint64_t) -> std::shared_ptr<Evaluator> {
    return std::make_shared<RecordedEvaluator>(problem, recording);
  };
  tune_and_store({problem, recorded_device(options.tuning.device, recording), evaluator,
                  [&](std::uint64_t seed, std::size_t) { return evaluator(seed); }},
                 options);
}

void run(RunOptions& options) {
  watch_for_interrupts();
  SpaceFile file = read_space(options);
  if (is_replay(options.tuning.device))
    run_recording(std::move(file), options);
  else
    run_kernel(std::move(file), options);
}

constexpr const char* footer = R"(Examples:
  evotune run search_spaces/gemm_f32.yaml                          as the space file says
  evotune run space.yaml --minutes 30 --seed 7                     half an hour of it
  evotune run space.yaml --evaluations 100 --json > events.jsonl   for scripts: one object a line
  evotune run space.yaml --resume                                  continue what was interrupted
  evotune run space.yaml --device all                              on all GPUs, which measure side by side
  evotune run space.yaml --device replay:times.json                search recorded times instead (docs/recordings.md)
  evotune run space.yaml --warm-start auto                         start from a run of it elsewhere
Every evaluation is stored before it is shown; Ctrl-C ends after the current one.)";

}  // namespace

void add_run(Command app, int& /*exit_code*/) {
  auto options = std::make_shared<RunOptions>();
  Command command = app.add_subcommand("run", "Tune a kernel: search, check, measure, store");
  add_tuning_options(
      command, options->tuning,
      "auto, cpu, cuda:N, several GPUs: cuda:0,1 or all; or a recording: replay:FILE");
  add_verbose_option(command, options->tuning);
  add_database_option(command, options->database);
  command.add_option("--seed", options->seed, "Equal seeds ask equal questions")
      .capture_default_str();
  command.add_option("--strategy", options->strategy,
                     "Instead of the space file's search.strategy");
  command.add_option("--warm-start", options->warm_start,
                     "Start from what an earlier run elsewhere knows: its number, or auto");
  command.add_option("--evaluations", options->evaluations, "Stop after this many candidates")
      .positive();
  command.add_option("--minutes", options->minutes, "Stop after this many minutes of search")
      .positive();
  command.add_option("--jobs", options->jobs, "Compile this many at once")
      .range(1, 256)
      .capture_default_str();
  command.add_flag("--resume", options->resume, "Continue the newest unfinished run like this one");
  command.add_flag("--durable", options->durable, "Survive power loss too (slower commits)");
  command.add_flag("--json", options->json, "One event a line on stdout");
  command.add_flag("--quiet", options->quiet, "No progress, only the result");
  command.footer(footer);
  command.callback([options, command] {
    options->database_given = database_was_given(command);
    try {
      run(*options);
    } catch (const DeviceLost& lost) {
      throw DeviceLost(std::string(lost.what()) + "\n" + advice(*options));
    }
  });
}

}  // namespace evotune
