#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <thread>

#include "base/errors.h"
#include "base/file.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"
#include "laboratory/convergence_plot.h"
#include "laboratory/experiment.h"
#include "laboratory/plant_failures.h"
#include "laboratory/trace_file.h"
#include "recording/recording.h"

namespace evotune {
namespace {

struct BenchOptions {
  std::string device, warm_start, budget = "auto", traces, plot;
  std::vector<std::string> strategies = {"evolve", "random"};
  ExperimentOptions experiment;
  double fail = 0;
  Format format = Format::text;
};

std::optional<std::size_t> evaluations_of(const std::string& budget) {
  if (budget == "auto") return std::nullopt;
  std::size_t evaluations = 0;
  const char* end = budget.data() + budget.size();
  const auto [stop, error] = std::from_chars(budget.data(), end, evaluations);
  if (error != std::errc() || stop != end || evaluations == 0)
    throw UserError("'" + budget + "' is no budget", "--budget auto, or a number of evaluations");
  return evaluations;
}

std::vector<SpaceRecording> read_recordings(const std::string& device,
                                            const BenchOptions& options) {
  std::vector<SpaceRecording> recordings;
  for (const std::filesystem::path& path : recordings_named(device)) {
    recordings.push_back(read_recording(path));
    if (options.fail > 0) plant_failures(recordings.back(), options.fail);
  }
  return recordings;
}

/// What searches start from: one recording for each.
std::vector<SpaceRecording> read_sources(std::size_t count, const BenchOptions& options) {
  if (options.warm_start.empty()) return {};
  std::vector<SpaceRecording> sources = read_recordings(options.warm_start, options);
  if (sources.size() != count)
    throw UserError(
        fmt::format("--warm-start names {} recordings, --device {}", sources.size(), count),
        "one source for every recording, in their order");
  return sources;
}

ExperimentProgress progress_on_terminal() {
  if (isatty(STDERR_FILENO) == 0) return [](std::size_t, std::size_t) {};
  return [](std::size_t done, std::size_t all) {
    fmt::print(stderr, "\r{} of {} searches{}", done, all, done == all ? "\n" : "");
  };
}

OrderedJson evaluations_or_null(const std::optional<std::size_t>& evaluations) {
  return evaluations ? OrderedJson(*evaluations) : OrderedJson();
}

Table by_recording(const std::vector<Appraisal>& appraisals) {
  Table table{{"recording", "strategy", "runs", "budget", "score", "stderr"}, {}};
  for (const std::size_t mark : appraisal_marks) {
    table.columns.push_back(fmt::format("ratio@{}", mark));
    table.columns.push_back(fmt::format("±@{}", mark));
  }
  for (const char* name : {"to_5%", "to_1%", "within_5%", "within_1%", "ms/question"})
    table.columns.emplace_back(name);
  for (const Appraisal& one : appraisals) {
    std::vector<OrderedJson> row{
        one.recording, one.strategy,
        one.runs,      one.budget,
        one.score,     one.standard_error ? OrderedJson(*one.standard_error) : OrderedJson()};
    for (std::size_t m = 0; m < one.ratio.size(); ++m) {
      row.emplace_back(one.ratio[m]);
      row.emplace_back(one.ratio_error[m]);
    }
    row.push_back(evaluations_or_null(one.to_5_percent));
    row.push_back(evaluations_or_null(one.to_1_percent));
    row.emplace_back(one.within_5_percent);
    row.emplace_back(one.within_1_percent);
    row.emplace_back(one.milliseconds_a_question);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table by_strategy(const std::vector<Summary>& summaries) {
  Table table{{"strategy", "recordings", "score", "stderr", "lowest"}, {}};
  for (const std::size_t mark : appraisal_marks)
    table.columns.push_back(fmt::format("ratio@{}", mark));
  for (const char* name : {"within_5%", "within_1%"}) table.columns.emplace_back(name);
  for (const Summary& one : summaries) {
    std::vector<OrderedJson> row{one.strategy, one.recordings, one.score, one.standard_error,
                                 one.lowest};
    for (const double ratio : one.ratio) row.emplace_back(ratio);
    row.emplace_back(one.within_5_percent);
    row.emplace_back(one.within_1_percent);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Four digits are what the seeds can tell, and more than fit a terminal.
Table rounded(Table table) {
  for (std::vector<OrderedJson>& row : table.rows)
    for (OrderedJson& cell : row)
      if (cell.is_number_float()) cell = fmt::format("{:.4f}", cell.get<double>());
  return table;
}

void report(const std::vector<Appraisal>& appraisals, Format format) {
  const Table detail = by_recording(appraisals);
  const Table summary = by_strategy(summarise(appraisals));
  if (format == Format::json)
    print(write(OrderedJson{{"summary", to_json(summary)}, {"recordings", to_json(detail)}}));
  else if (format == Format::csv)
    print(to_csv(detail));
  else
    print(to_text(rounded(detail)) + "\n" + to_text(rounded(summary)));
}

TraceContent content_of(const BenchOptions& options) {
  if (options.experiment.noise > 0) return TraceContent::best;
  return options.fail > 0 ? TraceContent::times : TraceContent::rows;
}

void bench(const BenchOptions& options) {
  ExperimentOptions experimenting = options.experiment;
  experimenting.evaluations = evaluations_of(options.budget);
  std::vector<Contestant> contestants;
  for (const std::string& text : options.strategies) contestants.push_back(contestant_of(text));
  const std::vector<SpaceRecording> recordings = read_recordings(options.device, options);
  const std::vector<SpaceRecording> sources = read_sources(recordings.size(), options);
  const std::vector<Series> all =
      experiment(recordings, sources, contestants, experimenting, progress_on_terminal());
  std::vector<Appraisal> appraisals;
  for (const Series& series : all) {
    appraisals.push_back(judge(Yardstick(recordings[series.recording]), series.traces));
    appraisals.back().recording = recordings[series.recording].name;
    appraisals.back().strategy = contestants[series.contestant].label;
  }
  if (!options.traces.empty())
    write_file(options.traces, trace_lines(recordings, contestants, all, experimenting.first_seed,
                                           content_of(options)));
  if (!options.plot.empty())
    write_file(options.plot, convergence_plot(recordings, contestants, all));
  report(appraisals, options.format);
}

constexpr const char* footer =
    R"(Searches recorded spaces, where an evaluation costs nothing, and compares strategies. The score is 0 for
random search and 1 for the optimum at once; docs/search.md defines it.

Examples:
  evotune bench --device replay:gemm.json
  evotune bench --device replay:a.json,b.json --strategy evolve,genetic --seeds 100 --batch 8
  evotune bench --device replay:a.json --strategy evolve,evolve:candidates=0 --plot bands.svg)";

}  // namespace

void add_bench(Command app, int& /*exit_code*/) {
  auto options = std::make_shared<BenchOptions>();
  options->experiment.jobs = std::max(1U, std::thread::hardware_concurrency());
  Command command = app.add_subcommand("bench", "Compare search strategies on recorded spaces");
  command.add_option("--device", options->device, "replay:FILE[,FILE…]").required();
  command
      .add_option("--strategy", options->strategies,
                  "One or more, with settings if wanted: evolve:brood=128")
      .delimiter(',')
      .capture_default_str();
  ExperimentOptions& experiment = options->experiment;
  command.add_option("--seeds", experiment.seeds, "Searches of each strategy on each recording")
      .range(1, 100'000)
      .capture_default_str();
  command.add_option("--first-seed", experiment.first_seed, "The seeds count from here")
      .capture_default_str();
  command.add_option("--budget", options->budget, "Evaluations of a search, or auto")
      .capture_default_str();
  command.add_option("--batch", experiment.batch, "Questions asked at once")
      .range(1, 10'000)
      .capture_default_str();
  command.add_option("--noise", experiment.noise, "Deviation of the times, as a part of them")
      .range(0.0, 10.0);
  command.add_option("--fail", options->fail, "Let this part of the configurations fail")
      .range(0.0, 0.999);
  command.add_option("--jobs", experiment.jobs, "Searches at a time")
      .range(1, 256)
      .capture_default_str();
  command.add_option("--traces", options->traces, "Write every search as a line of JSON");
  command.add_option("--plot", options->plot, "Write the convergence as an SVG");
  command.add_option("--warm-start", options->warm_start,
                     "replay:FILE[,FILE…]: start from what a search of these came upon");
  command.add_option("--warm-start-evaluations", experiment.precedents, "How long that search was")
      .range(1, 1'000'000)
      .capture_default_str();
  add_format_options(command, options->format);
  command.footer(footer);
  command.callback([options] { bench(*options); });
}

}  // namespace evotune
