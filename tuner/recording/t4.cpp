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
constexpr std::array units{TimeUnit{"ms", 1},           TimeUnit{"", 1},
                           TimeUnit{"s", 1e3},          TimeUnit{"us", 1e-3},
                           TimeUnit{"µs", 1e-3},        TimeUnit{"ns", 1e-6},
                           TimeUnit{"milliseconds", 1}, TimeUnit{"seconds", 1e3}};

double ms_of_unit(const std::string& name) {
  for (const TimeUnit& one : units)
    if (name == one.name) return one.ms;
  throw UserError("'" + name + "' is no unit of time", "ms, s, us and ns are");
}

/// The measurement "time", else the first objective's: Kernel Tuner minimises a time by default.
const json* time_measurement(const json& result) {
  const json* objective = nullptr;
  const json objectives = result.value("objectives", json::array());
  const auto measurements = result.find("measurements");
  if (measurements == result.end()) return nullptr;
  for (const json& one : *measurements) {
    if (one.at("name") == "time") return &one;
    if (!objectives.empty() && one.at("name") == objectives.front()) objective = &one;
  }
  return objective;
}

std::optional<double> mean_runtime(const json& result) {
  double sum = 0;
  const json runtimes = result.value("times", json::object()).value("runtimes", json::array());
  for (const json& one : runtimes) sum += recorded_time(one).value_or(0);
  return recorded_time(json(sum / static_cast<double>(runtimes.size())));
}

std::optional<double> time_of(const json& result) {
  const json* measured = time_measurement(result);
  if (measured == nullptr || !measured->at("value").is_number()) return mean_runtime(result);
  const std::optional<double> value = recorded_time(measured->at("value"));
  return value ? std::optional(*value * ms_of_unit(measured->value("unit", ""))) : std::nullopt;
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
  for (const json& result : document.at("results")) {
    const json& configuration = result.at("configuration");
    if (recorded.parameters.empty())
      for (const auto& [parameter, value] : configuration.items())
        recorded.parameters.push_back(parameter);
    RecordedRow row;
    for (const std::string& parameter : recorded.parameters)
      row.values.push_back(value_from_json(configuration.at(parameter), parameter));
    row.failure = failure_of(result.at("invalidity").get<std::string>());
    if (!row.failure) row.ms = time_of(result);
    recorded.rows.push_back(std::move(row));
  }
  return listed_recording(recorded);
}

}  // namespace evotune
