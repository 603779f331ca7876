#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>

#include "base/errors.h"
#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/format_option.h"
#include "cli/show_candidate.h"
#include "cli/show_run.h"
#include "cli/space_argument.h"

namespace evotune {
namespace {

struct ShowOptions {
  std::vector<std::string> what;
  std::string database, device;
  std::optional<std::int64_t> run;
  bool source = false;
  Format format = Format::text;
};

constexpr const char* grammar =
    "say `show run N`, `show candidate N`, or `show SPACE` for its best configuration";

std::optional<std::int64_t> number_from(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::int64_t id_from(const std::string& text) {
  const auto id = number_from(text);
  if (!id) throw UserError("'" + text + "' is no number", grammar);
  return *id;
}

void show_run(const Store& store, std::int64_t id, const ShowOptions& options) {
  constexpr std::size_t leaders = 10;
  const auto status = store.run(id);
  if (!status) throw UserError(fmt::format("there is no run {}", id), "`evotune runs` lists them");
  if (options.source) {
    print(status->record.space_text);
    return;
  }
  const RunView view{*status, verdicts(store, id), best_of_run(store, id, leaders)};
  print(options.format == Format::json ? write(to_json(view)) : to_text(view));
}

CandidateDetail find_candidate(const Store& store, std::int64_t id,
                               const std::optional<std::int64_t>& run) {
  auto detail = candidate(store, id);
  if (!detail)
    throw UserError(fmt::format("there is no candidate {}", id),
                    "`evotune best` and `evotune query \"SELECT * FROM history\"` list them");
  const auto elsewhere = [&](const Trial& trial) { return run && trial.run != *run; };
  auto& trials = detail->trials;
  trials.erase(std::remove_if(trials.begin(), trials.end(), elsewhere), trials.end());
  if (trials.empty()) throw UserError(fmt::format("run {} did not try candidate {}", *run, id));
  return std::move(*detail);
}

void print_source(const Store& store, const CandidateDetail& detail) {
  for (const Trial& trial : detail.trials) {
    const std::string text = store.source(trial.source_hash);
    if (text.empty()) continue;
    print(text.back() == '\n' ? text : text + "\n");
    return;
  }
  throw UserError(fmt::format("candidate {} has no source: it was never rendered", detail.id));
}

void show_candidate(const Store& store, std::int64_t id, const std::optional<std::int64_t>& run,
                    const ShowOptions& options) {
  CandidateDetail detail = find_candidate(store, id, run);
  if (options.source) {
    print_source(store, detail);
    return;
  }
  const Trial& first = detail.trials.front();
  std::vector<Ancestor> family = ancestry(store, first.run, first.ordinal);
  const CandidateView view{std::move(detail), std::move(family)};
  print(options.format == Format::json ? write(to_json(view)) : to_text(view));
}

// The champion, as the run that it ranks by saw it.
void show_best(const Store& store, const ShowOptions& options, int& exit_code) {
  const SpaceArgument space = space_argument(options.what.front());
  BestFilter filter = filter_for(store, space);
  filter.device = options.device;
  filter.top = 1;
  const std::vector<RankedCandidate> found = best(store, filter);
  if (!found.empty()) {
    const std::int64_t run = options.run.value_or(found.front().run);
    show_candidate(store, found.front().candidate, run, options);
    return;
  }
  std::fputs(nothing_right(space, options.device).c_str(), stderr);
  exit_code = 1;
}

void show(const ShowOptions& options, int& exit_code) {
  const std::string& kind = options.what.front();
  const bool numbered = kind == "run" || kind == "candidate";
  if (options.what.size() == 2 && !numbered)
    throw UserError("cannot show '" + kind + " " + options.what.back() + "'", grammar);
  if (options.what.size() == 1 && (numbered || number_from(kind)))
    throw UserError("show which run or candidate?", grammar);
  const Store store(options.database, Store::Mode::read_only);
  if (!numbered) return show_best(store, options, exit_code);
  const std::int64_t id = id_from(options.what.back());
  if (kind == "run") return show_run(store, id, options);
  show_candidate(store, id, options.run, options);
}

}  // namespace

void add_show(Command app, int& exit_code) {
  Command command =
      app.add_subcommand("show", "One run, one candidate, or the best one of a space");
  auto options = std::make_shared<ShowOptions>();
  command
      .add_option("what", options->what,
                  "run N, candidate N, or a space's name or file for its best configuration")
      .required()
      .expected(1, 2)
      .option_text("SPACE | run N | candidate N");
  command.add_flag(
      "--source", options->source,
      "Print only the source: the rendered kernel of a candidate, the space file of a run");
  command.add_option("--run", options->run, "Of a candidate: only what this run found");
  command.add_option("--device", options->device, "Of a space: the best one on this device");
  add_database_option(command, options->database);
  add_json_option(command, options->format);
  command.footer(
      "Examples:\n"
      "  evotune show gemm_f32\n"
      "  evotune show run 3\n"
      "  evotune show candidate 17 --json\n"
      "  evotune show candidate 17 --source > winner.cu\n");
  command.callback([options, &exit_code] { show(*options, exit_code); });
}

}  // namespace evotune
