#include <cmath>

#include "exporter/json_value.h"
#include "exporter/run_formats.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

constexpr double milliseconds = 1e3;

std::string_view invalidity_of(const Outcome& outcome) {
  const Failure* failure = outcome.failure();
  if (failure == nullptr) return "correct";
  switch (failure->stage) {
    case Stage::render:
    case Stage::compile:
      return "compile";
    case Stage::gate:
      return "constraints";
    case Stage::verify:
    case Stage::race:
      return "correctness";
    case Stage::timeout:
      return "timeout";
    default:
      return "runtime";
  }
}

json times_of(const Outcome& outcome) {
  json times{{"runtimes", json::array()}};
  if (outcome.facts) times["compilation_time"] = outcome.facts->compile_seconds * milliseconds;
  const Measurement* measured = outcome.measurement();
  if (measured != nullptr && measured->shapes.size() == 1)  // of several there is no one time
    for (const Pair& pair : measured->shapes.front().pairs)
      times["runtimes"].push_back(pair.candidate * milliseconds);
  return times;
}

json measurements_of(const Outcome& outcome) {
  json all = json::array();
  const auto add = [&all](const char* name, const json& value, const char* unit) {
    all.push_back({{"name", name}, {"value", value}, {"unit", unit}});
  };
  if (const Measurement* measured = outcome.measurement())
    add("time", latency_of(*measured) * milliseconds, "ms");
  if (outcome.accuracy && std::isfinite(outcome.accuracy->max_error))
    add("max_error", outcome.accuracy->max_error, "");
  if (outcome.facts && outcome.facts->registers) add("registers", *outcome.facts->registers, "");
  return all;
}

}  // namespace

std::string t4_text(std::span<const RunResult> results) {
  json all = json::array();
  for (const RunResult& one : results)
    all.push_back({{"configuration", to_json(one.values)},
                   {"times", times_of(one.outcome)},
                   {"invalidity", invalidity_of(one.outcome)},
                   {"correctness", one.outcome.failure() == nullptr ? 1 : 0},
                   {"measurements", measurements_of(one.outcome)},
                   {"objectives", {"time"}}});
  return json{{"schema_version", "1.0.0"}, {"results", std::move(all)}}.dump(1) + "\n";
}

}  // namespace evotune
