#pragma once

#include <cstdint>
#include <string>

#include "device/device.h"

namespace evotune::cpu {

// What a kernel may ask of this device: the limits of a common GPU, so that what is valid here is
// valid there.
constexpr std::uint32_t max_threads = 1024;
constexpr std::uint32_t shared_bytes = 49152;         ///< without opting in; static at most
constexpr std::uint32_t shared_bytes_optin = 101376;  ///< static and dynamic together

/// This machine as a device; `compiler` is the host compiler's name and version.
[[nodiscard]] DeviceInfo describe_cpu(const std::string& compiler);

}  // namespace evotune::cpu
