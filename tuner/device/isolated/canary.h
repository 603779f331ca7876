#pragma once

#include <optional>

#include "device/isolated/isolated_device.h"
#include "device/isolated/worker.h"

namespace evotune {

/// A kernel that every device runs rightly unless the machine is at fault: it writes 64 bytes
/// backwards.
[[nodiscard]] const Source& canary();

/// Loads and runs it, compiled, in this worker. What went wrong, if anything did.
[[nodiscard]] std::optional<Failure> fails_canary(Worker&, const Compiled& canary,
                                                  const IsolatedDeviceOptions&);

}  // namespace evotune
