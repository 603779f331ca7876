#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "device/make_device.h"
#include "expr/value.h"

namespace evotune {

/// What every command needs that runs kernels of a space.
struct TuningOptions {
  std::string space;
  std::string device = "auto";
  std::vector<std::string> problem;  ///< "M=4096"
  bool verbose = false;
};

/// `devices`: what --device may name.
void add_tuning_options(Command, TuningOptions&, const std::string& devices = "auto, cpu, cuda:N");

/// --verbose, for commands that run candidates: what workers print goes to standard error.
void add_verbose_option(Command, TuningOptions&);
[[nodiscard]] DeviceOptions device_options(const TuningOptions&);

/// {"M=4096", "LAYOUT=row"} → bindings: integers, doubles, true/false, else text. Throws UserError.
[[nodiscard]] Bindings parse_assignments(const std::vector<std::string>&);

}  // namespace evotune
