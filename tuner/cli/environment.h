#pragma once

#include <string>

#include "device/device.h"

namespace evotune {

/// What a run's figures depend on, as JSON: host, kernel, processor, device, compiler, evotune.
[[nodiscard]] std::string environment_json(const DeviceInfo&);

}  // namespace evotune
