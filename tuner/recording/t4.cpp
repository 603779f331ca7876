#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "recording/formats.h"
#include "recording/recorded_rows.h"
#include "space/bare_space.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

struct TimeUnit {
  std::string_view name;
  double ms;
};
constexpr std::array units{
    TimeUnit{"ms", 1},
    TimeUnit{"s", 1e3},
    TimeUnit{"us", 1e-3},
    TimeUnit{"µs", 1e-3},
    TimeUnit{"ns", 1e-6},
    TimeUnit{"milliseconds", 1},
    TimeUnit{"miliseconds", 1},
    TimeUnit{"seconds", 1e3},
    TimeUnit{"microseconds", 1e-3},
    TimeUnit{"nanoseconds", 1e-6}};  // "miliseconds" is how the benchmark hub spells it

std::optional<double> unit_in_ms(const std::string& name) {
  for (const TimeUnit& one : units)
    if (name == one.name) return one.ms;
  return std::nullopt;
}

double demanded_unit(const std::string& name) {
  if (const auto unit = unit_in_ms(name)) return *unit;
  throw UserError("'" + name + "' is no unit of time", "ms, s, us and ns are");
}

/// The measurement "time", else a first objective that has a unit of time.
const json* time_measurement(const json& result) {
  const json objectives = result.value("objectives", json::array());
  const auto measurements = result.find("measurements");
  if (measurements == result.end()) return nullptr;
  const json* objective = nullptr;
  for (const json& one : *measurements) {
    if (one.at("name") == "time") return &one;
    if (!objectives.empty() && one.at("name") == objectives.front() &&
        unit_in_ms(one.value("unit", "")))
      objective = &one;
  }
  return objective;
}

/// Of a correct result. `unit`: of what names none.
std::optional<double> ms_of(const json& result, double unit) {
  double sum = 0;
  std::optional<double> time;
  const json runtimes = result.value("times", json::object()).value("runtimes", json::array());
  const json* measured = time_measurement(result);
  if (measured != nullptr) {
    if (const std::string name = measured->value("unit", ""); !name.empty())
      unit = demanded_unit(name);
    time = recorded_time(measured->at("value"));
  } else if (!runtimes.empty()) {
    for (const json& one : runtimes) sum += recorded_time(one).value_or(0);
    time = recorded_time(json(sum / static_cast<double>(runtimes.size())));
  } else {
    throw UserError("a correct result has no time: " + result.at("configuration").dump(),
                    "a measurement named time, or times.runtimes");
  }
  return time ? std::optional(*time * unit) : std::nullopt;
}

struct Invalidity {
  std::string_view word;
  Stage stage;
};
constexpr std::array invalidities{
    Invalidity{"timeout", Stage::timeout}, Invalidity{"compile", Stage::compile},
    Invalidity{"runtime", Stage::launch}, Invalidity{"correctness", Stage::verify},
    Invalidity{"constraints", Stage::gate}};

std::optional<Failure> failure_of(const std::string& invalidity) {
  if (invalidity == "correct") return std::nullopt;
  for (const Invalidity& one : invalidities)
    if (invalidity == one.word) return Failure{one.stage, "recorded as invalid: " + invalidity};
  throw UserError("'" + invalidity + "' is no invalidity of T4",
                  "correct, timeout, compile, runtime, correctness and constraints are");
}

}  // namespace

SpaceRecording from_t4(const json& document, const std::string& name) {
  RecordedRows recorded{name, "", {}, {}, {}};
  const double unit =
      demanded_unit(document.value("metadata", json::object()).value("timeunit", "ms"));
  for (const json& result : document.at("results")) {
    const json& configuration = result.at("configuration");
    if (recorded.parameters.empty())
      for (const auto& [parameter, value] : configuration.items())
        recorded.parameters.push_back(parameter);
    if (configuration.size() != recorded.parameters.size())
      throw UserError("a configuration has other parameters than the first: " +
                      configuration.dump());
    RecordedRow row;
    for (const std::string& parameter : recorded.parameters)
      row.values.push_back(value_from_json(configuration.at(parameter), parameter));
    row.failure = failure_of(result.at("invalidity").get<std::string>());
    if (!row.failure) row.ms = ms_of(result, unit);
    recorded.rows.push_back(std::move(row));
  }
  return listed_recording(recorded);
}

}  // namespace evotune
