#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/format_option.h"
#include "store/queries.h"

namespace evotune {
namespace {

struct RunsOptions {
  std::string database;
  Format format = Format::text;
};

std::uint64_t right_ones(const Store& store, std::int64_t run) {
  const auto counts = verdicts(store, run);
  const auto found = counts.find("right");
  return found == counts.end() ? 0 : found->second;
}

Table as_table(const Store& store) {
  Table table{{"run", "space", "problem", "device", "strategy", "seed", "status", "reason",
               "evaluations", "right", "best_speedup", "seconds", "started"},
              {}};
  for (const RunStatus& run : runs(store)) {
    const RunRecord& record = run.record;
    const std::vector<RankedCandidate> leader = best_of_run(store, run.id, 1);
    table.rows.push_back(
        {run.id, record.space_name, record.problem, record.device_name, record.strategy,
         record.seed, run.status, run.reason, run.evaluations, right_ones(store, run.id),
         leader.empty() ? OrderedJson() : number_or_null(leader.front().speedup.median),
         run.seconds_spent, run.started});
  }
  return table;
}

void write_runs(const RunsOptions& options, int& exit_code) {
  const Store store(options.database, Store::Mode::read_only);
  const Table table = as_table(store);
  if (!table.rows.empty() || options.format != Format::text) print(write(table, options.format));
  if (!table.rows.empty()) return;
  std::fputs("no runs yet; `evotune run SPACE.yaml` makes one\n", stderr);
  exit_code = 1;
}

}  // namespace

void add_runs(Command app, int& exit_code) {
  Command command = app.add_subcommand("runs", "The runs that were made, the newest first");
  auto options = std::make_shared<RunsOptions>();
  add_database_option(command, options->database);
  add_format_options(command, options->format);
  command.footer(
      "`evotune show run N` tells more of one. Exit code 1: there are none.\n\n"
      "Examples:\n"
      "  evotune runs\n"
      "  evotune runs --db results/nightly.db --json\n");
  command.callback([options, &exit_code] { write_runs(*options, exit_code); });
}

}  // namespace evotune
