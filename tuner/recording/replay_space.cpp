#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/errors.h"
#include "recording/formats.h"
#include "space/bare_space.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

std::vector<Parameter> parameters_of(const json& document) {
  std::vector<Parameter> parameters;
  for (const json& one : document.at("params"))
    parameters.push_back(listed_parameter(one.at("name").get<std::string>(), one.at("values")));
  return parameters;
}

void add_row(SpaceRecording& recording, const json& row) {
  const std::size_t parameters = recording.space.parameters().size();
  Config config;
  for (std::size_t p = 0; p < parameters; ++p) {
    config.choice.push_back(row.at(p).get<std::uint32_t>());
    if (config.choice.back() >= recording.space.parameters()[p].values.size())
      throw UserError(fmt::format("row {} has value {} of {}, which has {}", recording.ms.size(),
                                  config.choice.back(), recording.space.parameters()[p].name,
                                  recording.space.parameters()[p].values.size()));
  }
  if (!recording.space.valid(config))
    throw UserError(fmt::format("its restrictions forbid row {}", recording.ms.size()));
  if (!recording.row_of.emplace(std::move(config), recording.ms.size()).second)
    throw UserError(fmt::format("row {} stands there twice", recording.ms.size()));
  recording.ms.push_back(recorded_time(row.at(parameters)));
}

void keep_rows_only(SpaceRecording& recording) {
  std::vector<Config> configs;
  for (const auto& [config, row] : recording.row_of) configs.push_back(config);
  recording.space.keep_only(std::move(configs));
}

void read_failures(SpaceRecording& recording, const json& failures) {
  for (std::size_t row = 0; row < recording.ms.size(); ++row)
    if (const auto found = failures.find(std::to_string(row)); found != failures.end())
      recording.failures.emplace(
          row, Failure{stage_from(found->get<std::string>()).value_or(Stage::launch),
                       "failed when it was recorded"});
}

json value_json(const Value& value) {
  return std::visit([](const auto& one) { return json(one); }, value);
}

json params_json(const std::vector<Parameter>& parameters) {
  json params = json::array();
  for (const Parameter& one : parameters) {
    json values = json::array();
    for (const Value& value : one.values) values.push_back(value_json(value));
    params.push_back({{"name", one.name}, {"values", std::move(values)}});
  }
  return params;
}

std::string rows_text(const SpaceRecording& recording) {
  std::vector<const Config*> by_row(recording.ms.size());
  for (const auto& [config, row] : recording.row_of) by_row[row] = &config;
  std::string text;
  for (std::size_t row = 0; row < by_row.size(); ++row) {
    json cells = by_row[row]->choice;
    cells.push_back(recording.ms[row] ? json(*recording.ms[row]) : json());
    text += (row == 0 ? "\n" : ",\n") + cells.dump();
  }
  return text;
}

}  // namespace

SpaceRecording from_replay_space(const json& document, const std::string& name) {
  if (document.value("format", "") != "replay-space/1")
    throw UserError("its format is not replay-space/1");
  const bool restricted = document.contains("restrictions");
  const auto restrictions = document.value("restrictions", std::vector<std::string>{});
  SpaceRecording recording{document.value("name", name), document.value("gpu", ""),
                           Space(parameters_of(document), restrictions)};
  recording.restrictions = restrictions;
  for (const json& row : document.at("rows")) add_row(recording, row);
  if (document.contains("failures")) read_failures(recording, document.at("failures"));
  if (!restricted)
    keep_rows_only(recording);
  else if (recording.space.count() != recording.ms.size())
    throw UserError(fmt::format("its restrictions leave {} configurations, it has {} rows",
                                recording.space.count(), recording.ms.size()));
  return recording;
}

std::string replay_space_text(const SpaceRecording& recording) {
  json head{{"format", "replay-space/1"},
            {"name", recording.name},
            {"gpu", recording.gpu},
            {"params", params_json(recording.space.parameters())}};
  if (!recording.restrictions.empty()) head["restrictions"] = recording.restrictions;
  for (const auto& [row, failure] : recording.failures)
    head["failures"][std::to_string(row)] = to_text(failure.stage);
  std::string text = head.dump(-1, ' ', false, json::error_handler_t::replace);
  text.back() = ',';
  return text + "\"rows\": [" + rows_text(recording) + "\n]}\n";
}

}  // namespace evotune
