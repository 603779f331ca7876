#include "recording/recorded_rows.h"

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "space/number.h"

namespace evotune {
namespace {

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::get<bool>(value) ? 1 : 0;
}

// Numbers by size, as a file that lists values has them; words as they come.
void sort_numbers(std::vector<Value>& values) {
  const bool numbers = std::none_of(values.begin(), values.end(), [](const Value& value) {
    return std::holds_alternative<std::string>(value);
  });
  if (numbers)
    std::sort(values.begin(), values.end(),
              [](const Value& a, const Value& b) { return number_of(a) < number_of(b); });
}

std::vector<Value>::const_iterator find(const std::vector<Value>& values, const Value& value) {
  return std::find_if(values.begin(), values.end(),
                      [&](const Value& other) { return same_value(other, value); });
}

std::vector<Parameter> parameters_of(const RecordedRows& recorded) {
  std::vector<Parameter> parameters;
  for (std::size_t p = 0; p < recorded.parameters.size(); ++p) {
    Parameter parameter{recorded.parameters[p], ParameterKind::value, {}, {}};
    for (const RecordedRow& row : recorded.rows)
      if (find(parameter.values, row.values[p]) == parameter.values.end())
        parameter.values.push_back(row.values[p]);
    sort_numbers(parameter.values);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

Config config_of(const RecordedRow& row, const std::vector<Parameter>& parameters) {
  Config config;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const std::vector<Value>& values = parameters[p].values;
    config.choice.push_back(
        static_cast<std::uint32_t>(find(values, row.values[p]) - values.begin()));
  }
  return config;
}

}  // namespace

SpaceRecording listed_recording(const RecordedRows& recorded) {
  if (recorded.rows.empty() || recorded.parameters.empty())
    throw UserError("it holds no configuration with an outcome");
  SpaceRecording recording{recorded.name, recorded.gpu, Space(parameters_of(recorded), {})};
  recording.facts = recorded.facts;
  std::vector<Config> configs;
  for (const RecordedRow& row : recorded.rows) {
    Config config = config_of(row, recording.space.parameters());
    const auto [place, added] = recording.row_of.emplace(config, recording.ms.size());
    if (added) {
      recording.ms.emplace_back();
      configs.push_back(std::move(config));
    }
    recording.ms[place->second] = row.ms;
    recording.failures.erase(place->second);
    if (row.failure) recording.failures.emplace(place->second, *row.failure);
  }
  recording.space.keep_only(std::move(configs));
  return recording;
}

}  // namespace evotune
