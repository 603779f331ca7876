#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/errors.h"
#include "base/file.h"
#include "base/text.h"
#include "exporter/formats.h"
#include "exporter/logical_lines.h"
#include "kernel/constants.h"
#include "kernel/literal.h"
#include "kernel/signature.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::array<ExportFormat, 5> formats = {{
    {"source", add_source},
    {"images", add_images},
    {"header", add_header},
    {"check", add_check},
    {"manifest", add_manifest},
}};

// The files of the export that stands there, by its own word; none where it cannot be read.
std::vector<std::string> files_of(const fs::path& manifest) {
  std::vector<std::string> names;
  const auto json = nlohmann::json::parse(read_file(manifest), nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json["files"].is_object()) return names;
  for (const auto& file : json["files"].items())
    if (is_inside(file.key())) names.push_back(file.key());
  return names;
}

void make_room(const fs::path& out) {
  std::error_code why;
  fs::create_directories(out, why);
  if (why) throw IoError("cannot create " + out.string() + ": " + why.message());
  if (fs::is_empty(out)) return;
  const fs::path manifest = out / "kernel.json";
  if (!fs::exists(manifest))
    throw UserError(out.string() + " is not empty and not an export of evotune",
                    "name a new folder, or remove this one");
  const std::vector<std::string> old = files_of(manifest);
  fs::remove(manifest, why);  // first: from here on it is no export until the new one is whole
  for (const std::string& name : old) fs::remove(out / name, why);
}

}  // namespace

std::span<const ExportFormat> export_formats() { return formats; }

void export_kernel(const Winner& winner, const fs::path& out) {
  ExportedFiles files;
  for (const ExportFormat& format : export_formats()) format.add(winner, files);
  make_room(out);
  for (const ExportedFile& file : files) {
    fs::create_directories((out / file.name).parent_path());
    write_file(out / file.name, file.content);
  }
}

std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c == '\\' || std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '?';
  return out;
}

std::string identifier_from(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out.front())) != 0)
    out.insert(out.begin(), '_');
  return out;
}

std::string symbol_of(const Winner& winner) {
  for (const Image& image : winner.images)
    if (!image.symbol.empty()) return image.symbol;
  // Without an image nobody has mangled the name; only C's linkage leaves it as it is.
  const bool plain = winner.source.text.find("extern \"C\"") != std::string::npos;
  return plain && is_identifier(winner.source.entry) ? winner.source.entry : std::string{};
}

Bindings fixed_in_source(const Winner& winner) {
  Bindings fixed;
  const auto derived = [&winner](std::string_view name) {
    const auto found = winner.bound.find(name);
    const bool chosen = found != winner.bound.end() && winner.values.count(found->first) > 0;
    return chosen ? winner.bound.end() : found;
  };
  for (const LogicalLine& line : logical_lines(winner.source.text)) {
    const LineDirective directive = directive_of(line);
    if (directive.name != "define") continue;
    const auto found = derived(directive.rest.substr(0, directive.rest.find_first_of(" \t(")));
    if (found != winner.bound.end()) fixed.insert(*found);
  }
  for (const ConstantDefinition& one :
       constants_of(significant_code(code_tokens(winner.source.text)))) {
    const auto found = derived(one.name);
    if (!one.at_file_scope || found == winner.bound.end()) continue;
    const Result<std::string> written = argument_text(found->second, ParameterKind::value);
    if (written && *written == one.text) fixed.insert(*found);
  }
  return fixed;
}

bool is_inside(const fs::path& relative) {
  if (relative.empty() || relative.is_absolute()) return false;
  for (const fs::path& part : relative)
    if (part == "..") return false;
  return true;
}

}  // namespace evotune
