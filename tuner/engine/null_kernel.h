#pragma once

#include "device/device.h"

namespace evotune {

/// What one launch of a kernel that does nothing takes: nothing that is timed there can be faster.
[[nodiscard]] Result<Seconds> time_null_kernel(Device&);

}  // namespace evotune
