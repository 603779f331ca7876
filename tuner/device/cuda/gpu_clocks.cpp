#include "device/cuda/gpu_clocks.h"

#include <fmt/format.h>

#include "device/cuda/opened_library.h"

namespace evotune {
namespace {

// nvml.h's names for these: NVML_CLOCK_SM, and nvmlClocksThrottleReason….
constexpr int sm_clock = 1;
constexpr unsigned long long hardware_slowdown = 0x8, hardware_thermal = 0x40, power_brake = 0x80;

}  // namespace

GpuClocks::GpuClocks(const std::string& pci_bus_id) {
  const auto [name, handle] = open_library("EVOTUNE_LIBNVML", "libnvidia-ml.so.1");
  const std::string file = name.string();
  if (handle == nullptr) {
    why_not_ = file + " was not found";
    return;
  }
  int (*init)() = nullptr;
  int (*by_place)(const char*, Gpu*) = nullptr;
  find_function(handle, "nvmlInit_v2", init);
  find_function(handle, "nvmlDeviceGetHandleByPciBusId_v2", by_place);
  find_function(handle, "nvmlDeviceGetClockInfo", clock_);
  find_function(handle, "nvmlDeviceGetMaxClockInfo", most_clock_);
  find_function(handle, "nvmlDeviceGetCurrentClocksThrottleReasons", reasons_);
  if (init == nullptr || by_place == nullptr || init() != 0 ||
      by_place(pci_bus_id.c_str(), &gpu_) != 0) {
    why_not_ = file + " does not answer for this GPU";
    gpu_ = nullptr;
  }
}

std::optional<std::string> GpuClocks::text() const {
  unsigned now = 0, most = 0;
  if (gpu_ == nullptr || clock_ == nullptr || most_clock_ == nullptr) return std::nullopt;
  if (clock_(gpu_, sm_clock, &now) != 0 || most_clock_(gpu_, sm_clock, &most) != 0)
    return std::nullopt;
  return fmt::format("{} of {} MHz", now, most);
}

std::string GpuClocks::slowdown() const {
  unsigned long long reasons = 0;
  if (gpu_ == nullptr || reasons_ == nullptr || reasons_(gpu_, &reasons) != 0) return "";
  if ((reasons & hardware_thermal) != 0) return "it is too hot";
  if ((reasons & power_brake) != 0) return "its power supply says so";
  if ((reasons & hardware_slowdown) != 0) return "heat or its power supply";
  return "";
}

}  // namespace evotune
