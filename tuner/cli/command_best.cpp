#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/format_option.h"
#include "cli/space_argument.h"

namespace evotune {
namespace {

struct BestOptions {
  std::string space, database, device, problem;
  std::size_t top = 10;
  bool every_version = false;
  Format format = Format::text;
};

// Text and CSV show a configuration as it reads in a report; JSON as an object.
OrderedJson config_of(const RankedCandidate& one) {
  const OrderedJson config = OrderedJson::parse(one.config, nullptr, false);
  return config.is_object() ? config : OrderedJson(one.configuration);
}

OrderedJson error_of(const RankedCandidate& one) {
  return one.max_error ? number_or_null(*one.max_error) : OrderedJson();
}

OrderedJson as_json(const std::vector<RankedCandidate>& found) {
  OrderedJson list = OrderedJson::array();
  for (const RankedCandidate& one : found)
    list.push_back({{"rank", one.rank},
                    {"space", one.space},
                    {"space_hash", one.space_hash},
                    {"problem", one.problem},
                    {"device", one.device},
                    {"device_id", one.device_id},
                    {"configuration", one.configuration},
                    {"config", config_of(one)},
                    {"latency_us", number_or_null(one.latency_us)},
                    {"speedup", number_or_null(one.speedup.median)},
                    {"speedup_low", number_or_null(one.speedup.low)},
                    {"speedup_high", number_or_null(one.speedup.high)},
                    {"max_error", error_of(one)},
                    {"fitness", number_or_null(one.fitness)},
                    {"final", one.final},
                    {"champion", one.champion},
                    {"run", one.run},
                    {"ordinal", one.ordinal},
                    {"candidate", one.candidate},
                    {"source_hash", one.source_hash}});
  return list;
}

Table as_csv_table(const std::vector<RankedCandidate>& found) {
  Table table{{"rank", "space", "problem", "configuration", "latency_us", "speedup", "speedup_low",
               "speedup_high", "max_error", "fitness", "device", "run", "candidate"},
              {}};
  for (const RankedCandidate& one : found)
    table.rows.push_back({one.rank, one.space, one.problem, one.configuration,
                          number_or_null(one.latency_us), number_or_null(one.speedup.median),
                          number_or_null(one.speedup.low), number_or_null(one.speedup.high),
                          error_of(one), number_or_null(one.fitness), one.device, one.run,
                          one.candidate});
  return table;
}

bool same_group(const RankedCandidate& a, const RankedCandidate& b) {
  return a.space_hash == b.space_hash && a.problem == b.problem && a.device == b.device;
}

std::string heading(const RankedCandidate& one) {
  const std::string problem = one.problem.empty() ? "" : " at " + one.problem;
  return fmt::format("{}{} (space {:.8})\n", printable(one.space), printable(problem),
                     one.space_hash);
}

Table as_text_table(std::span<const RankedCandidate> group) {
  Table table{{"rank", "configuration", "latency_us", "speedup", "max_error", "fitness", "device",
               "run", "candidate"},
              {}};
  for (const RankedCandidate& one : group)
    table.rows.push_back({one.rank, one.configuration, number_or_null(one.latency_us),
                          fmt::format("{:.3g} [{:.3g}, {:.3g}]{}", one.speedup.median,
                                      one.speedup.low, one.speedup.high, one.final ? "" : " *"),
                          error_of(one), number_or_null(one.fitness), one.device, one.run,
                          one.candidate});
  return table;
}

// One table per space, problem and device: nothing else may be compared.
std::string as_text(const std::vector<RankedCandidate>& found) {
  std::string out;
  bool unconfirmed = false;
  for (std::size_t first = 0; first < found.size();) {
    std::size_t end = first;
    for (; end < found.size() && same_group(found[first], found[end]); ++end)
      unconfirmed = unconfirmed || !found[end].final;
    out += (first == 0 ? "" : "\n") + heading(found[first]);
    out += to_text(as_text_table(std::span(found).subspan(first, end - first)));
    first = end;
  }
  if (unconfirmed) out += "\n* as measured by the search; not confirmed in the finals\n";
  return out;
}

void write_best(const BestOptions& options, int& exit_code) {
  const SpaceArgument space =
      options.space.empty() ? SpaceArgument{} : space_argument(options.space);
  const Store store(options.database, Store::Mode::read_only);
  BestFilter filter = filter_for(store, space);
  filter.device = options.device;
  filter.problem = options.problem;
  filter.top = options.top;
  filter.every_version = options.every_version;
  const std::vector<RankedCandidate> found = best(store, filter);
  if (options.format == Format::json) print(write(as_json(found)));
  if (options.format == Format::csv) print(to_csv(as_csv_table(found)));
  if (options.format == Format::text) print(as_text(found));
  if (!found.empty()) return;
  std::fputs(nothing_right(space, options.device).c_str(), stderr);
  exit_code = 1;
}

}  // namespace

void add_best(Command app, int& exit_code) {
  Command command = app.add_subcommand("best", "The best configurations that are known");
  auto options = std::make_shared<BestOptions>();
  command.add_option("space", options->space, "A space's name or file; without it: every space")
      .type_name("SPACE");
  command.add_option("--device", options->device, "Only this device: cpu, cuda:0, or its name");
  command.add_option("--problem", options->problem, "Only these sizes: K=512,M=512,N=512");
  command.add_option("--top", options->top, "So many of each problem and device; 0: all")
      .capture_default_str();
  command.add_flag("--all-versions", options->every_version,
                   "Also what older versions of the space file found");
  add_database_option(command, options->database);
  add_format_options(command, options->format);
  command.footer(
      "Ranked by the lower end of the fitness within one space, problem and device. Right\n"
      "configurations only, the finals' numbers where there are some. Exit code 1: none is "
      "known.\n\n"
      "Examples:\n"
      "  evotune best gemm_f32\n"
      "  evotune best search_spaces/gemm_f32.yaml --device cpu --top 3\n"
      "  evotune best gemm_f32 --top 1 --json\n");
  command.callback([options, &exit_code] { write_best(*options, exit_code); });
}

}  // namespace evotune
