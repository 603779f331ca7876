#include "laboratory/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/file.h"
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

/// A time that is no positive number is a failure: nothing runs in no time.
std::optional<double> time_of(const json& cell) {
  if (!cell.is_number()) return std::nullopt;
  const double ms = cell.get<double>();
  return std::isfinite(ms) && ms > 0 ? std::optional(ms) : std::nullopt;
}

void add_row(SpaceRecording& recording, const json& row) {
  const std::size_t parameters = recording.space.parameters().size();
  Config config;
  for (std::size_t p = 0; p < parameters; ++p)
    config.choice.push_back(row.at(p).get<std::uint32_t>());
  if (!recording.space.valid(config))
    throw UserError(fmt::format("its restrictions forbid row {}", recording.ms.size()));
  if (!recording.row_of.emplace(std::move(config), recording.ms.size()).second)
    throw UserError(fmt::format("row {} stands there twice", recording.ms.size()));
  recording.ms.push_back(time_of(row.at(parameters)));
}

SpaceRecording recording_of(const json& document) {
  if (document.at("format") != "replay-space/1")
    throw UserError("its format is not replay-space/1");
  SpaceRecording recording{
      document.at("name").get<std::string>(),
      document.value("gpu", ""),
      Space(parameters_of(document), document.at("restrictions").get<std::vector<std::string>>()),
      {},
      {}};
  for (const json& row : document.at("rows")) add_row(recording, row);
  if (recording.space.count() != recording.ms.size())
    throw UserError(fmt::format("its restrictions leave {} configurations, it has {} rows",
                                recording.space.count(), recording.ms.size()));
  return recording;
}

constexpr std::string_view prefix = "replay:";

}  // namespace

std::vector<std::filesystem::path> recordings_named(const std::string& device) {
  if (device.rfind(prefix, 0) != 0)
    throw UserError("'" + device + "' is no recording", "--device replay:FILE[,FILE…]");
  std::vector<std::filesystem::path> paths;
  std::string_view rest = std::string_view(device).substr(prefix.size());
  while (!rest.empty()) {
    std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part.rfind(prefix, 0) == 0) part.remove_prefix(prefix.size());
    if (!part.empty()) paths.emplace_back(part);
  }
  if (paths.empty()) throw UserError("no file stands behind 'replay:'");
  return paths;
}

SpaceRecording read_recording(const std::filesystem::path& path) {
  try {
    return recording_of(json::parse(read_file(path)));
  } catch (const UserError& error) {
    throw UserError(path.string() + " is no recording that can be replayed", error.what());
  } catch (const json::exception& error) {
    throw UserError(path.string() + " is no recording that can be replayed", error.what());
  }
}

}  // namespace evotune
