#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "space/space.h"

namespace evotune {

/// Every valid configuration of a real kernel on a real GPU with its time: a search on it costs
/// nothing and can be repeated.
struct SpaceRecording {
  std::string name;
  std::string gpu;
  Space space;
  std::vector<std::optional<double>> ms;  ///< by row of the file; none where it failed
  std::map<Config, std::size_t> row_of;
};

/// From a file of the format replay-space/1. Throws UserError where it is none, or where its
/// restrictions leave other configurations than it has rows for.
[[nodiscard]] SpaceRecording read_recording(const std::filesystem::path&);

/// The files of "replay:FILE[,FILE…]". Throws UserError for anything else.
[[nodiscard]] std::vector<std::filesystem::path> recordings_named(const std::string& device);

}  // namespace evotune
