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

struct ErrorWord {
  std::string_view word;
  Stage stage;
};
constexpr std::array error_words{ErrorWord{"CompilationFailedConfig", Stage::compile},
                                 ErrorWord{"RuntimeFailedConfig", Stage::launch},
                                 ErrorWord{"InvalidConfig", Stage::gate}};

std::optional<Failure> failure_of(const json& time) {
  if (!time.is_string()) return std::nullopt;
  const auto word = time.get<std::string>();
  for (const ErrorWord& one : error_words)
    if (word == one.word) return Failure{one.stage, word + ", recorded by Kernel Tuner"};
  return Failure{Stage::launch, word};
}

}  // namespace

SpaceRecording from_cachefile(const json& document, const std::string& name) {
  RecordedRows recorded{name,
                        document.value("device_name", ""),
                        document.at("tune_params_keys").get<std::vector<std::string>>(),
                        {},
                        {}};
  for (const auto& [key, entry] : document.at("cache").items()) {
    RecordedRow row;
    for (const std::string& parameter : recorded.parameters)
      row.values.push_back(value_from_json(entry.at(parameter), parameter));
    if (!entry.contains("time"))
      throw UserError(key + " has no time",
                      "what was tuned for is " + document.value("objective", "not said"));
    row.ms = recorded_time(entry.at("time"));
    row.failure = failure_of(entry.at("time"));
    recorded.rows.push_back(std::move(row));
  }
  return listed_recording(recorded);
}

}  // namespace evotune
