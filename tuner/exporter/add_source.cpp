#include <fmt/format.h>

#include <set>
#include <variant>

#include "base/text.h"
#include "exporter/formats.h"
#include "exporter/prune.h"

namespace evotune {
namespace {

// LAYOUT: [row, col] at row defines LAYOUT_row and, nowhere, LAYOUT_col.
std::set<std::string> names_of_other_choices(const Winner& winner) {
  std::set<std::string> names;
  for (const ParameterDeclaration& parameter : winner.file.parameters) {
    if (parameter.kind != ParameterKind::value) continue;
    for (const auto& offered : parameter.values) {
      const auto* value = std::get_if<Value>(&offered);
      const auto* word = value != nullptr ? std::get_if<std::string>(value) : nullptr;
      const auto chosen = winner.values.find(parameter.name);
      if (word != nullptr && chosen != winner.values.end() && chosen->second != *value)
        names.insert(parameter.name + "_" + *word);
    }
  }
  return names;
}

std::string extent_text(const Extent& extent) {
  return fmt::format("({}, {}, {})", extent[0], extent[1], extent[2]);
}

std::string comment(const Winner& winner) {
  const SpaceFile& file = winner.file;
  const Source& source = winner.source;
  const Launch& launch = winner.launch;
  const TunedOn& device = winner.device;
  std::string out;
  const auto line = [&out](const std::string& text) { out += "// " + one_line(text) + "\n"; };
  line(fmt::format("{}: written by evotune {}, as the best it found.", file.name,
                   winner.evotune_version));
  line(fmt::format("Space      {}, run {}, candidate {}, seed {}", file.hash, winner.run,
                   winner.candidate, winner.seed));
  line(fmt::format("Source     {}", source.hash));
  line(fmt::format("Device     {} ({}), {}", device.name, device.arch, device.compiler));
  line(fmt::format("Parameters {}", to_text(winner.values)));
  line(fmt::format("Options    {}", source.options.empty() ? "none" : join(source.options, " ")));
  line(fmt::format("Entry      {}", source.entry));
  line(fmt::format("Launch     grid {}, block {}, {} bytes of dynamic shared memory, at {}",
                   extent_text(launch.grid), extent_text(launch.block), launch.shared_bytes,
                   to_text(file.problem.front())));
  line(fmt::format("Speedup    {:.3f} ({:.3f} to {:.3f}) over the baseline", winner.speedup.median,
                   winner.speedup.low, winner.speedup.high));
  line("Branches that this variant never takes are removed. `evotune verify` checks it again.");
  return out + "\n";
}

// A template is compiled only where something uses it.
std::string use_of_template(const std::string& entry) {
  if (entry.find('<') == std::string::npos) return {};
  return fmt::format(
      "\n// Has the compiler write out the variant that was tuned; NVRTC is asked by name "
      "instead.\n"
      "#ifndef __CUDACC_RTC__\n"
      "[[maybe_unused]] static const auto evotune_variant = &{};\n"
      "#endif\n",
      entry);
}

}  // namespace

void add_source(const Winner& winner, ExportedFiles& files) {
  std::string text = prune(winner.source.text, names_of_other_choices(winner));
  if (!text.ends_with('\n')) text += '\n';
  files.push_back({"kernel.cu", comment(winner) + text + use_of_template(winner.source.entry)});
}

}  // namespace evotune
