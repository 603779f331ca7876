#include "cli/warm_start.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "exporter/json_value.h"
#include "store/queries.h"

namespace evotune {
namespace {

std::int64_t number_of(const std::string& asked) {
  std::int64_t run = 0;
  const char* end = asked.data() + asked.size();
  const auto [stop, error] = std::from_chars(asked.data(), end, run);
  if (error != std::errc() || stop != end)
    throw UserError("'" + asked + "' is no run",
                    "--warm-start auto, or a number of `evotune runs`");
  return run;
}

RunStatus finished_run(const Store& store, std::int64_t run) {
  std::optional<RunStatus> status = store.run(run);
  if (!status)
    throw UserError(fmt::format("there is no run {} to start from", run),
                    "`evotune runs` lists them");
  if (status->status != "finished")
    throw UserError(fmt::format("run {} is unfinished, so what it knows may still change", run),
                    "finish it with --resume, or name another one");
  return *std::move(status);
}

/// What failed through no fault of the candidate's says nothing of it.
std::vector<ForeignOutcome> outcomes_of(const Store& store, std::int64_t run) {
  std::vector<ForeignOutcome> outcomes;
  for (const Evaluation& one : store.evaluations(run)) {
    const Failure* failure = one.individual.outcome.failure();
    if (failure != nullptr && failure->stage == Stage::infrastructure) continue;
    outcomes.push_back({bindings_from(nlohmann::json::parse(one.config_json), "its configuration"),
                        one.individual.score});
  }
  return outcomes;
}

}  // namespace

WarmStart warm_start_of(const Store& store, const Space& space, const RunRecord& record,
                        const std::string& asked) {
  WarmStart start;
  if (asked.empty()) return start;
  start.run = asked == "auto" ? newest_precedent(store, record) : number_of(asked);
  if (!start.run) {
    start.report = "no finished run of this kernel elsewhere: starting cold";
    return start;
  }
  const RunStatus status = finished_run(store, *start.run);
  try {
    start.precedents = matched(space, outcomes_of(store, *start.run));
  } catch (const UserError& error) {
    throw UserError(fmt::format("cannot start from run {}: {}", *start.run, error.what()));
  }
  start.report =
      fmt::format("warm start from run {}: {} configurations, measured on {}", *start.run,
                  start.precedents.outcomes.size(), status.record.device_name);
  if (!status.record.problem.empty()) start.report += " with " + status.record.problem;
  if (const std::string missing = shortfall(space, start.precedents); !missing.empty())
    start.report += "\n  not matched: " + missing;
  return start;
}

}  // namespace evotune
