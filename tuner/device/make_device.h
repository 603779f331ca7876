#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "device/device.h"
#include "device/isolated/isolated_device.h"

namespace evotune {

struct DeviceOptions {
  /// What serves as a worker; "--device SPEC" and its descriptors are appended.
  std::vector<std::string> worker = {"/proc/self/exe", "worker"};
  IsolatedDeviceOptions isolation;
};

/// The device that --device names, behind workers that it may kill and the cache of what was
/// compiled before: "auto" (the first GPU, or the CPU where there is none), "cpu", "cuda:0". Opens
/// no context on a GPU in this process. Throws UserError for an unknown one, one that this machine
/// cannot run, and several; DeviceLost where workers do not start.
[[nodiscard]] std::unique_ptr<Device> make_device(const std::string& spec,
                                                  const DeviceOptions& = {});

/// The same for one or several that can work side by side: also "cuda:0,1", "cuda:all" and "all",
/// each behind workers of its own. Throws UserError where they are not GPUs of one model.
[[nodiscard]] std::vector<std::unique_ptr<Device>> make_devices(const std::string& spec,
                                                                const DeviceOptions& = {});

/// The device itself, in this process: what a worker serves. A fault in a kernel writes its one
/// line to `crash_report_fd`; -1 is standard error.
[[nodiscard]] std::unique_ptr<Device> make_bare_device(const std::string& spec,
                                                       int crash_report_fd = -1);

/// What `doctor` tells of one device, compiler or library.
struct DeviceProbe {
  std::string name;
  bool found = false;
  std::string version;
  std::filesystem::path path;
  std::string missing;  ///< what is not there or not possible, and what to do about it
};
[[nodiscard]] std::vector<DeviceProbe> probe_devices();

}  // namespace evotune
