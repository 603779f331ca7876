#pragma once

#include <functional>
#include <memory>

#include "device/device.h"

namespace evotune {

using DeviceMaker = std::function<std::unique_ptr<Device>()>;

/// A worker's whole life: greets the supervisor at the other end of this socket, makes the device,
/// answers requests until the supervisor hangs up, and dies with it whatever happens. A UserError
/// of `make` is told to the supervisor. Returns the exit code of the process. Call it from the main
/// thread of a process that does nothing else.
[[nodiscard]] int serve(const DeviceMaker& make, int fd);

}  // namespace evotune
