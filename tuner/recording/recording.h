#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "outcome/failure.h"
#include "space/bare_space.h"
#include "space/space.h"

namespace evotune {

/// Configurations of a real kernel on a real GPU with their times: a search on it costs nothing and
/// can be repeated.
struct SpaceRecording {
  std::string name;
  std::string gpu;
  Space space;                                 ///< exactly the recorded configurations are valid
  std::vector<std::optional<double>> ms = {};  ///< by row of the file; none where it failed
  std::map<Config, std::size_t> row_of = {};
  std::map<std::size_t, Failure> failures = {};  ///< by row, where it is known why
  /// That leave exactly these configurations; none: they are just a list.
  std::vector<std::string> restrictions = {};
  Bindings facts = {};  ///< of the device, where they are known: what a space file may ask
};

/// From a replay-space/1 file, a cachefile of Kernel Tuner's (one that was cut off too), T4 results
/// or a run of a results database: "results.db#7". What it is its content says. Throws UserError.
[[nodiscard]] SpaceRecording read_recording(const std::filesystem::path&);

/// Whether the content looks like any of these. Throws UserError where there is no file.
[[nodiscard]] bool is_recording(const std::filesystem::path&);

/// Whether --device names recordings.
[[nodiscard]] bool is_replay(const std::string& device);

/// The files of "replay:FILE[,FILE…]". Throws UserError for anything else.
[[nodiscard]] std::vector<std::filesystem::path> recordings_named(const std::string& device);

/// What each row is in another space with the same names and values, valid there or not. Throws
/// UserError where names or values differ.
[[nodiscard]] std::vector<Config> configurations_in(const Space&, const SpaceRecording&);

/// The same with the parameters and restrictions of a space; what these forbid is left out. Throws
/// UserError where names or values differ, or nothing is left.
[[nodiscard]] SpaceRecording recording_in(const BareSpace&, const SpaceRecording&);

/// Names what is recorded: the space and every time.
[[nodiscard]] std::string fingerprint(const SpaceRecording&);

/// As a file of the format replay-space/1.
[[nodiscard]] std::string replay_space_text(const SpaceRecording&);

}  // namespace evotune
