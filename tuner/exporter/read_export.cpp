#include "exporter/read_export.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "base/hash.h"
#include "exporter/formats.h"
#include "exporter/json_value.h"
#include "kernel/entry.h"
#include "kernel/options.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

[[noreturn]] void refuse(const fs::path& manifest, const std::string& what) {
  throw UserError(manifest.string() + ": " + what, "`evotune export` writes it anew");
}

// The manifest, with every question to it answered or refused by name.
class Manifest {
 public:
  explicit Manifest(const fs::path& folder) : path_(folder / "kernel.json") {
    std::error_code absent;
    if (!fs::exists(path_, absent))
      throw UserError(folder.string() + " is not an export: it holds no kernel.json",
                      "name a folder that `evotune export` has written");
    try {
      json_ = json::parse(read_file(path_));
    } catch (const json::parse_error& error) {
      refuse(path_, error.what());
    }
    if (const std::string format = text("/format"); format != manifest_format)
      refuse(path_, fmt::format("this evotune reads {}, not {}", manifest_format, format));
  }

  [[nodiscard]] const json& at(const char* pointer) const {
    try {
      return json_.at(json::json_pointer(pointer));
    } catch (const json::exception&) {
      refuse(path_, fmt::format("{} is missing", pointer));
    }
  }
  [[nodiscard]] std::string text(const char* pointer) const {
    const json& value = at(pointer);
    if (!value.is_string()) refuse(path_, fmt::format("{} must be a string", pointer));
    return value.get<std::string>();
  }
  [[nodiscard]] Bindings bindings(const char* pointer) const {
    return bindings_from(at(pointer), path_.string() + ": " + pointer);
  }
  [[nodiscard]] std::vector<Shape> shapes(const char* pointer) const {
    const json& list = at(pointer);
    if (!list.is_array() || list.empty())
      refuse(path_, fmt::format("{} must be a list of shapes", pointer));
    std::vector<Shape> shapes;
    for (const json& one : list)
      shapes.push_back({bindings_from(one, path_.string() + ": " + pointer), {path_.string()}});
    return shapes;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  json json_;
};

std::string read_part(const fs::path& folder, const char* name) {
  std::error_code absent;
  if (!fs::exists(folder / name, absent))
    throw UserError(fmt::format("{} is not whole: it holds no {}", folder.string(), name),
                    "`evotune export` writes it anew");
  return read_file(folder / name);
}

std::vector<std::string> changed_files(const fs::path& folder, const Manifest& manifest) {
  std::vector<std::string> changed;
  const json& files = manifest.at("/files");
  if (!files.is_object()) refuse(manifest.path(), "/files must be an object");
  std::error_code absent;
  for (const auto& [name, hash] : files.items()) {
    if (!is_inside(name)) refuse(manifest.path(), "/files leaves the folder: " + name);
    if (!fs::exists(folder / name, absent) || hash != content_hash(read_file(folder / name)))
      changed.push_back(name);
  }
  return changed;
}

// Entry and options come from the space file and not from the manifest: what goes to a compiler's
// command line has passed the list of what may.
Source source_of(const Export& read, const std::string& text, const Bindings& bound) {
  const Result<std::string> entry = entry_in(text, read.file.kernel.entry, read.file, bound);
  if (!entry) throw UserError(entry.error().message);
  const Result<std::vector<std::string>> options = options_of(read.file, bound);
  if (!options) throw UserError(options.error().message);
  Source source;
  source.text = text;
  source.entry = *entry;
  source.options = *options;
  add_standard(text, source.options);
  source.from = bound;
  source.hash = source_hash(source);
  return source;
}

}  // namespace

bool Export::fits(const Bindings& bound) const {
  for (const auto& [name, value] : fixed)
    if (const auto here = bound.find(name); here == bound.end() || here->second != value)
      return false;
  return true;
}

Export read_export(const fs::path& folder) {
  const Manifest manifest(folder);
  Export read;
  read.values = manifest.bindings("/parameters");
  read.device_facts = manifest.bindings("/device/facts");
  read.fixed = manifest.bindings("/kernel/fixed");
  read.device = manifest.text("/device/name");
  read.compiler = manifest.text("/device/compiler");
  read.changed = changed_files(folder, manifest);
  read.file = parse_space_file(folder / "space.yaml", read_part(folder, "space.yaml"));
  read.file.problem = manifest.shapes("/problem");
  read.reference = {
      "reference", folder / "reference.cu", folder, read_part(folder, "reference.cu"), {}};
  Bindings bound = read.values;
  for (const Bindings& more :
       {read.file.problem.front().sizes, manifest.bindings("/let"), read.device_facts})
    bound.insert(more.begin(), more.end());
  read.source = source_of(read, read_part(folder, "kernel.cu"), bound);
  // Its entry and options are its own parameters'; let values are of no use to either.
  read.baseline_values = manifest.bindings("/baseline");
  Bindings beside = read.baseline_values;
  beside.insert(bound.begin(), bound.end());
  read.baseline = source_of(read, read_part(folder, "baseline.cu"), beside);
  return read;
}

}  // namespace evotune
