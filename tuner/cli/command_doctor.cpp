#include <fmt/format.h>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.h"
#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/table.h"
#include "device/make_device.h"
#include "store/queries.h"

namespace evotune {
namespace {

struct DoctorOptions {
  std::string database;
  bool json = false;
};

DeviceProbe probe_database(const std::string& path) {
  DeviceProbe probe{"results database", false, "", path, ""};
  if (!std::filesystem::exists(path)) {
    probe.missing = "not there yet; `evotune run` makes it";
    return probe;
  }
  try {
    const Store store(path, Store::Mode::read_only);
    probe.found = true;
    probe.version = fmt::format("{} runs", runs(store).size());
  } catch (const std::runtime_error& error) {  // its damage is the answer, not a failure of ours
    probe.missing = error.what();
  }
  return probe;
}

OrderedJson to_json(const DeviceProbe& probe) {
  return {{"name", probe.name},
          {"found", probe.found},
          {"version", probe.version},
          {"path", probe.path.string()},
          {"missing", probe.missing}};
}

void examine(const DoctorOptions& options, int& exit_code) {
  std::vector<DeviceProbe> probes = probe_devices();
  probes.push_back(probe_database(options.database));
  bool can_run = false;
  OrderedJson all = OrderedJson::array();
  for (const DeviceProbe& probe : probes) {
    can_run = can_run || (probe.name == "cpu" && probe.found);
    all.push_back(to_json(probe));
    if (options.json) continue;
    fmt::print("{} {}", probe.found ? "ok     " : "missing", probe.name);
    if (!probe.version.empty()) fmt::print(": {}", probe.version);
    if (!probe.path.empty()) fmt::print(" ({})", probe.path.string());
    fmt::print("\n");
    if (!probe.missing.empty()) fmt::print("        {}\n", probe.missing);
  }
  if (options.json)
    print(write(OrderedJson{{"evotune", EVOTUNE_VERSION}, {"probes", all}}));
  else
    fmt::print("evotune {}\n", EVOTUNE_VERSION);
  if (!can_run) exit_code = 1;
}

constexpr const char* footer =
    R"(Says which devices, compilers and libraries evotune finds, and how to get what is missing.
Exit code 1: no kernel can be run on this machine.

Examples:
  evotune doctor
  evotune doctor --json)";

}  // namespace

void add_doctor(Command app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  Command command = app.add_subcommand("doctor", "What this machine has and lacks for tuning");
  add_database_option(command, options->database);
  command.add_flag("--json", options->json, "As one JSON object");
  command.footer(footer);
  command.callback([options, &exit_code] { examine(*options, exit_code); });
}

}  // namespace evotune
