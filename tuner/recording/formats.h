#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "recording/recording.h"

// The formats that read_recording knows. Each reader throws UserError or a JSON exception.
namespace evotune {

/// `name` is for those that do not hold one.
[[nodiscard]] SpaceRecording from_replay_space(const nlohmann::ordered_json&,
                                               const std::string& name);
[[nodiscard]] SpaceRecording from_cachefile(const nlohmann::ordered_json&, const std::string& name);
[[nodiscard]] SpaceRecording from_t4(const nlohmann::ordered_json&, const std::string& name);

/// Without a run: the only one that the database has.
[[nodiscard]] SpaceRecording from_database(const std::filesystem::path&,
                                           std::optional<std::int64_t> run);

/// JSON, as Python writes it: NaN and Infinity are null; a cachefile whose end is missing is what
/// stands there in full. Throws a JSON exception.
[[nodiscard]] nlohmann::ordered_json parse_recorded(const std::string& text);

/// A time that is no positive number is none: nothing runs in no time.
[[nodiscard]] std::optional<double> recorded_time(const nlohmann::ordered_json&);

}  // namespace evotune
