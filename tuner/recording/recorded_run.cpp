#include "recording/recorded_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/errors.h"
#include "recording/formats.h"
#include "recording/recorded_rows.h"
#include "space/bare_space.h"
#include "store/queries.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

RunStatus chosen_run(const Store& store, std::optional<std::int64_t> run) {
  const std::vector<RunStatus> all = runs(store);
  if (!run && all.size() == 1) return all.front();
  for (const RunStatus& one : all)
    if (one.id == run) return one;
  const std::string what =
      run ? fmt::format("it has no run {}", *run) : fmt::format("it has {} runs", all.size());
  throw UserError(what, "name one of those that `evotune runs` lists: replay:FILE#1");
}

Bindings facts_of(const RunRecord& record) {
  Bindings facts;
  const json environment = json::parse(record.environment, nullptr, false);
  if (environment.is_object() && environment.contains("facts"))
    for (const auto& [name, value] : environment.at("facts").items())
      facts.emplace(name, value_from_json(value, name));
  return facts;
}

}  // namespace

std::vector<Evaluation> last_word(const Store& store, std::int64_t run) {
  std::vector<Evaluation> all = store.evaluations(run);
  for (FinalRecord& final : store.finals(run))
    all.at(final.ordinal).individual.outcome = std::move(final.outcome);
  all.erase(std::remove_if(all.begin(), all.end(),
                           [](const Evaluation& one) {
                             const Failure* failure = one.individual.outcome.failure();
                             return failure != nullptr && failure->stage == Stage::infrastructure;
                           }),
            all.end());
  return all;
}

SpaceRecording from_database(const std::filesystem::path& path, std::optional<std::int64_t> run) {
  const Store store(path.string(), Store::Mode::read_only);
  const RunStatus status = chosen_run(store, run);
  RecordedRows recorded{fmt::format("{}#{}", status.record.space_name, status.id),
                        status.record.device_name,
                        {},
                        {},
                        facts_of(status.record)};
  for (const Evaluation& one : last_word(store, status.id)) {
    RecordedRow row;
    const bool first = recorded.parameters.empty();
    const json config = json::parse(one.config_json);
    for (const auto& [name, value] : config.items()) {
      if (first) recorded.parameters.push_back(name);
      row.values.push_back(value_from_json(value, name));
    }
    const Outcome& outcome = one.individual.outcome;
    if (const Failure* failure = outcome.failure())
      row.failure = *failure;
    else
      row.ms = recorded_time(json(latency_of(*outcome.measurement()) * 1e3));
    recorded.rows.push_back(std::move(row));
  }
  return listed_recording(recorded);
}

}  // namespace evotune
