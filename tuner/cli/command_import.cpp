#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "cli/commands.h"
#include "recording/recording.h"
#include "recording/space_file_text.h"
#include "space/bare_space.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::vector<std::string> files;
  std::string out = ".", name;
  bool json = false;
};

/// What the files hold: a space, results, or both.
struct Imported {
  std::optional<BareSpace> space;
  std::optional<SpaceRecording> recording;
  std::size_t left_out = 0;  ///< recorded, and forbidden by the space
};

template <typename T>
void take(std::optional<T>& place, T&& read, const char* what) {
  if (place)
    throw UserError(fmt::format("both files hold {}", what), "a space (T1) and its results");
  place.emplace(std::forward<T>(read));
}

Imported read(const std::vector<std::string>& files) {
  Imported all;
  for (const std::string& file : files) {
    if (is_recording(file))
      take(all.recording, read_recording(file), "results");
    else
      take(all.space, read_bare_space(file), "a space");
  }
  if (!all.recording) return all;
  if (all.space) {
    const std::size_t recorded = all.recording->ms.size();
    all.recording = recording_in(*all.space, *all.recording);
    all.left_out = recorded - all.recording->ms.size();
  } else {
    all.space = BareSpace{
        all.recording->name, all.recording->space.parameters(), all.recording->restrictions, {}};
  }
  return all;
}

/// The configuration of median time: about what one would have without tuning. Where nothing is
/// right the first one, so that a run can say so.
Bindings median_of(const SpaceRecording& recording) {
  std::vector<std::pair<double, const Config*>> right;
  for (const auto& [config, row] : recording.row_of)
    if (recording.ms[row]) right.emplace_back(*recording.ms[row], &config);
  if (right.empty()) return recording.space.values(recording.space.at(0));
  const auto middle = right.begin() + static_cast<std::ptrdiff_t>(right.size() / 2);
  std::nth_element(right.begin(), middle, right.end());
  return recording.space.values(*middle->second);
}

/// The space's own defaults, unless they are incomplete, or were not recorded as right.
Bindings baseline_for(const Imported& all) {
  const Bindings& defaults = all.space->defaults;
  const bool complete = defaults.size() == all.space->parameters.size();
  if (!all.recording) return complete ? defaults : Bindings{};
  if (complete) {
    const auto found = all.recording->row_of.find(all.recording->space.find(defaults, {}));
    if (found != all.recording->row_of.end() && all.recording->ms[found->second]) return defaults;
  }
  return median_of(*all.recording);
}

std::string space_name(const ImportOptions& options, const BareSpace& space) {
  std::string name = options.name.empty() ? space.name : options.name;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
  return name;
}

void demand_new(const fs::path& file) {
  if (fs::exists(file))
    throw UserError(file.string() + " is there already", "--out and --name put it elsewhere");
}

void report(const Imported& all, const fs::path& space, const fs::path& recording, bool json) {
  const std::size_t rows = all.recording ? all.recording->ms.size() : 0;
  std::size_t failed = 0;
  if (all.recording)
    failed = static_cast<std::size_t>(
        std::count(all.recording->ms.begin(), all.recording->ms.end(), std::nullopt));
  if (json) {
    const nlohmann::json written =
        all.recording ? nlohmann::json(recording.string()) : nlohmann::json();
    fmt::print("{}\n", nlohmann::json{{"space", space.string()},
                                      {"recording", written},
                                      {"configurations", rows},
                                      {"failed", failed},
                                      {"left_out", all.left_out}}
                           .dump());
    return;
  }
  fmt::print("{}: {} parameters, {} constraints\n", space.string(), all.space->parameters.size(),
             all.space->constraints.size());
  if (!all.recording) {
    fmt::print("next: fill in its kernel; evotune check {} --count\n", space.string());
    return;
  }
  fmt::print("{}: {} configurations, {} of them failed\n", recording.string(), rows, failed);
  if (all.left_out > 0) fmt::print("left out: {} that the space forbids\n", all.left_out);
  fmt::print("next: evotune run {0} --device replay:{1}; evotune bench --device replay:{1}\n",
             space.string(), recording.string());
}

void import_files(const ImportOptions& options) {
  Imported all = read(options.files);
  all.space->name = space_name(options, *all.space);
  const fs::path out = options.out;
  const fs::path space = (out / (all.space->name + ".yaml")).lexically_normal();
  const fs::path recording = (out / (all.space->name + ".json")).lexically_normal();
  demand_new(space);
  if (all.recording) demand_new(recording);
  const std::string text = space_file_text(*all.space, baseline_for(all));
  std::error_code told_by_write_file;
  fs::create_directories(out, told_by_write_file);
  write_file(space, text);
  if (all.recording) {
    all.recording->name = all.space->name;
    write_file(recording, replay_space_text(*all.recording));
  }
  report(all, space, recording, options.json);
}

constexpr const char* footer = R"(Examples:
  evotune import t1.json                         a space (T1, or params and restrictions) → a space file
  evotune import cachefile.json --out imported   Kernel Tuner's cachefile → a space file and a recording
  evotune import t1.json t4.json --name conv     a space and its results (T4) → conv.yaml, conv.json
What it writes can be searched at once: evotune run conv.yaml --device replay:conv.json. docs/recordings.md
says what is read and how.)";

}  // namespace

void add_import(Command app, int& /*exit_code*/) {
  auto options = std::make_shared<ImportOptions>();
  Command command =
      app.add_subcommand("import", "Other tuners' spaces and results → space file and recording");
  command.add_option("files", options->files, "A space, results, or one of each")
      .required()
      .expected(1, 2)
      .type_name("FILE");
  command.add_option("--out", options->out, "The folder to write to").capture_default_str();
  command.add_option("--name", options->name, "Of the space and both files (default: the file's)");
  command.add_flag("--json", options->json, "What was written, as one JSON object");
  command.footer(footer);
  command.callback([options] { import_files(*options); });
}

}  // namespace evotune
