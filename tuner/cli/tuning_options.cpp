#include "cli/tuning_options.h"

#include <fmt/core.h>

#include <filesystem>

#include "base/errors.h"
#include "base/text.h"
#include "cli/table.h"
#include "space/number.h"

namespace evotune {
namespace {

// "--problem M=64 N=64 space.yaml" would otherwise complain of the file.
std::string complaint_of_size(const std::string& space) {
  if (space.find('=') == std::string::npos || std::filesystem::exists(space)) return {};
  return "'" + space + "' is no space file; several sizes are given as --problem M=64,N=64";
}

}  // namespace

void add_tuning_options(Command command, TuningOptions& options, const std::string& devices) {
  command.add_option("space", options.space, "The space file (.yaml)")
      .required()
      .check(complaint_of_size)
      .type_name("FILE");
  command.add_option("--device", options.device, devices).capture_default_str();
  command.add_option("--problem", options.problem, "Replace sizes of the problem: M=4096,N=4096")
      .delimiter(',')
      .one_value_each();  // what follows it may be a space or a NAME=VALUE of its own
}

void add_verbose_option(Command command, TuningOptions& options) {
  command.add_flag("--verbose", options.verbose, "Show what kernels and their workers print");
}

DeviceOptions device_options(const TuningOptions& options) {
  DeviceOptions device;
  if (options.verbose)
    device.isolation.log = [](const std::string& output) {
      for (const std::string& line : split_lines(output))
        fmt::print(stderr, "worker: {}\n", printable(line));
    };
  return device;
}

Bindings parse_assignments(const std::vector<std::string>& assignments) {
  Bindings bindings;
  for (const std::string& one : assignments) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == one.size())
      throw UserError("'" + one + "' is not of the form NAME=VALUE", "for example: BM=64");
    if (!bindings.emplace(one.substr(0, equals), value_from(one.substr(equals + 1))).second)
      throw UserError("'" + one.substr(0, equals) + "' is given twice");
  }
  return bindings;
}

}  // namespace evotune
