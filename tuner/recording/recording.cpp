#include "recording/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "recording/formats.h"
#include "space/number.h"

namespace evotune {
namespace {

using json = nlohmann::ordered_json;

struct RecordingFormat {
  std::string_view key;  ///< that no other has
  SpaceRecording (*read)(const json&, const std::string& name);
};
constexpr std::array formats{RecordingFormat{"rows", from_replay_space},
                             RecordingFormat{"tune_params_keys", from_cachefile},
                             RecordingFormat{"results", from_t4}};

constexpr std::size_t largest_file = std::size_t{1} << 30;
constexpr std::string_view prefix = "replay:";

bool is_database(const std::filesystem::path& file) {
  constexpr std::string_view magic = "SQLite format 3";
  std::string start(magic.size(), ' ');
  std::ifstream(file, std::ios::binary)
      .read(start.data(), static_cast<std::streamsize>(start.size()));
  return start == magic;
}

/// "results.db#7" is run 7 of a file; a file may also have that name.
struct RecordingPath {
  std::filesystem::path file;
  std::optional<std::int64_t> run;
};

RecordingPath split(const std::filesystem::path& path) {
  const std::string text = path.string();
  const std::size_t hash = text.rfind('#');
  if (hash == text.npos || std::filesystem::exists(path)) return {path, std::nullopt};
  std::int64_t run = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + hash + 1, end, run);
  if (error != std::errc() || stop != end) return {path, std::nullopt};
  return {text.substr(0, hash), run};
}

RecordingPath existing(const std::filesystem::path& path) {
  RecordingPath named = split(path);
  if (!std::filesystem::exists(named.file))
    throw UserError("there is no file " + named.file.string());
  return named;
}

const RecordingFormat* format_of(const json& document) {
  const auto found =
      std::find_if(formats.begin(), formats.end(), [&](const RecordingFormat& format) {
        return document.is_object() && document.contains(format.key);
      });
  return found == formats.end() ? nullptr : &*found;
}

SpaceRecording read(const RecordingPath& path) {
  if (is_database(path.file)) return from_database(path.file, path.run);
  if (path.run) throw UserError("it has no runs", "leave out #" + std::to_string(*path.run));
  const json document = parse_recorded(read_file(path.file, largest_file));
  const RecordingFormat* format = format_of(document);
  if (format == nullptr)
    throw UserError(
        "it is neither a replay-space/1 file (with \"rows\"), nor a cachefile of Kernel Tuner's "
        "(\"tune_params_keys\"), nor T4 results (\"results\"), nor a results database of "
        "evotune's");
  return format->read(document, path.file.stem().string());
}

/// The choices of one parameter, by those of the other space's parameter of this name.
std::vector<std::optional<std::uint32_t>> translation(const Parameter& from, const Parameter& to) {
  std::vector<std::optional<std::uint32_t>> choices(from.values.size());
  for (std::size_t i = 0; i < from.values.size(); ++i)
    for (std::uint32_t k = 0; k < to.values.size() && !choices[i]; ++k)
      if (same_value(from.values[i], to.values[k])) choices[i] = k;
  return choices;
}

/// The place of each of the space's parameters among the recording's.
std::vector<std::size_t> places(const Space& space, const SpaceRecording& recording) {
  std::vector<std::string> there, here;
  for (const Parameter& one : recording.space.parameters()) there.push_back(one.name);
  for (const Parameter& one : space.parameters()) here.push_back(one.name);
  for (const std::string& name : there)
    if (std::find(here.begin(), here.end(), name) == here.end())
      throw UserError(fmt::format("the recording {} has a parameter {} that the space has not",
                                  recording.name, name),
                      "the space's: " + join(here, ", "));
  std::vector<std::size_t> places;
  for (const std::string& name : here) {
    const auto found = std::find(there.begin(), there.end(), name);
    if (found == there.end())
      throw UserError(fmt::format("the recording {} has no parameter {}", recording.name, name),
                      "its parameters: " + join(there, ", "));
    places.push_back(static_cast<std::size_t>(found - there.begin()));
  }
  return places;
}

}  // namespace

bool is_replay(const std::string& device) { return device.rfind(prefix, 0) == 0; }

std::vector<std::filesystem::path> recordings_named(const std::string& device) {
  if (!is_replay(device))
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

bool is_recording(const std::filesystem::path& path) {
  const RecordingPath named = existing(path);
  if (is_database(named.file)) return true;
  try {
    return format_of(parse_recorded(read_file(named.file, largest_file))) != nullptr;
  } catch (const json::exception&) {
    return false;  // whoever reads it as something else says what is wrong with it
  }
}

SpaceRecording read_recording(const std::filesystem::path& path) {
  const RecordingPath named = existing(path);
  try {
    return read(named);
  } catch (const UserError& error) {
    throw UserError(path.string() + " is no recording that can be replayed", error.what());
  } catch (const json::exception& error) {
    throw UserError(path.string() + " is no recording that can be replayed", error.what());
  }
}

std::vector<Config> configurations_in(const Space& space, const SpaceRecording& recording) {
  const std::vector<std::size_t> place = places(space, recording);
  std::vector<Config> configs(recording.ms.size());
  for (std::size_t p = 0; p < place.size(); ++p) {
    const Parameter& from = recording.space.parameters()[place[p]];
    const Parameter& to = space.parameters()[p];
    const auto choices = translation(from, to);
    for (const auto& [config, row] : recording.row_of) {
      const std::uint32_t choice = config.choice[place[p]];
      if (!choices[choice])
        throw UserError(fmt::format("the recording {} has {} = {}, which the space does not offer",
                                    recording.name, from.name, to_text(from.values[choice])),
                        "add it to the values of " + from.name);
      configs[row].choice.push_back(*choices[choice]);
    }
  }
  return configs;
}

SpaceRecording recording_in(const BareSpace& bare, const SpaceRecording& recording) {
  SpaceRecording inside{recording.name, recording.gpu, Space(bare.parameters, bare.constraints)};
  inside.facts = recording.facts;
  std::vector<Config> configs = configurations_in(inside.space, recording);
  std::vector<Config> kept;
  for (std::size_t row = 0; row < configs.size(); ++row) {
    if (!inside.space.valid(configs[row])) continue;
    if (const auto failed = recording.failures.find(row); failed != recording.failures.end())
      inside.failures.emplace(inside.ms.size(), failed->second);
    inside.row_of.emplace(configs[row], inside.ms.size());
    inside.ms.push_back(recording.ms[row]);
    kept.push_back(std::move(configs[row]));
  }
  if (kept.size() == inside.space.count())
    inside.restrictions = bare.constraints;
  else
    inside.space.keep_only(std::move(kept));
  return inside;
}

std::string fingerprint(const SpaceRecording& recording) {
  std::string text;
  for (const auto& [config, row] : recording.row_of) {
    const std::optional<double>& ms = recording.ms[row];
    text += fmt::format("{} {}\n", recording.space.key(config), ms ? *ms : -1);
  }
  return content_hash(text);
}

}  // namespace evotune
