#include "device/cpu/source_lines.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "device/cpu/host_compiler.h"

namespace evotune::cpu {
namespace {

constexpr std::size_t most_asked_at_once = 500;

/// "/evotune-source/tree.cuh:12 (discriminator 3)"; nothing for what is not the user's.
std::optional<SourceLine> users_line(std::string_view frame) {
  frame = frame.substr(0, frame.find(' '));
  const std::size_t colon = frame.rfind(':');
  if (colon == frame.npos) return std::nullopt;
  std::string_view file = frame.substr(0, colon);
  const std::string_view number = frame.substr(colon + 1);
  SourceLine line;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), line.line);
  if (read.ec != std::errc() || line.line == 0) return std::nullopt;
  if (file.starts_with(shim_in_debug_info) || file.starts_with("/usr/")) return std::nullopt;
  if (file.starts_with(source_in_debug_info)) file.remove_prefix(source_in_debug_info.size());
  while (file.starts_with("/") || file.starts_with("./")) file.remove_prefix(1);
  line.file = std::string(file);
  return line;
}

std::optional<std::string> line_finder() {
  for (const char* name : {"addr2line", "llvm-addr2line"})
    if (auto program = find_program(name)) return program;
  return std::nullopt;
}

void write_image(const std::filesystem::path& path, std::span<const std::byte> image) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(image.data()),
             static_cast<std::streamsize>(image.size()));
  if (!file.flush()) throw IoError("cannot write " + path.string());
}

using Lines = std::map<std::uint64_t, SourceLine>;

/// The output has, for each address, itself ("0x…") and then its places, the innermost first.
void read_places(std::string_view output, Lines& lines) {
  SourceLine* open = nullptr;
  for (const std::string& text : split_lines(output)) {
    if (text.starts_with("0x")) {
      const std::uint64_t address = std::stoull(text, nullptr, 16) + 1;
      const auto found = lines.find(address);
      open = found == lines.end() ? nullptr : &found->second;
    } else if (open != nullptr) {
      const auto line = users_line(text);
      if (!line) continue;
      *open = *line;
      open = nullptr;
    }
  }
}

}  // namespace

Lines source_lines(std::span<const std::byte> image, const std::set<std::uint64_t>& instructions) {
  Lines lines;
  for (const std::uint64_t one : instructions) lines[one] = {};
  const auto program = line_finder();
  if (!program || instructions.empty()) return lines;
  const TemporaryDirectory folder;
  const std::filesystem::path file = folder.path() / "kernel.so";
  write_image(file, image);
  const std::vector<std::string> command{*program, "-a", "-i", "-e", file.string()};
  std::vector<std::string> now = command;
  const auto ask = [&] {
    const ProcessLimits limits{.seconds = 30, .output_bytes = std::size_t{16} << 20};
    read_places(run_process(now, limits).output, lines);
    now = command;
  };
  for (const std::uint64_t one : instructions) {
    now.push_back(fmt::format("{:#x}", one - 1));  // a return address is behind its call
    if (now.size() == most_asked_at_once) ask();
  }
  if (now.size() > command.size()) ask();
  return lines;
}

}  // namespace evotune::cpu
