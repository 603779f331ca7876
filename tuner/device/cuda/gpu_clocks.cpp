#include "device/cuda/gpu_clocks.h"

#include <fmt/format.h>

#include "device/cuda/opened_library.h"

namespace evotune {
namespace {

// nvml.h's names for these: NVML_CLOCK_SM, and nvmlClocksThrottleReason….
constexpr int sm_clock = 1;
constexpr unsigned long long idle = 0x1, power_cap = 0x4, hardware_slowdown = 0x8,
                             driver_thermal = 0x20, hardware_thermal = 0x40, power_brake = 0x80;
constexpr double least_of_most = 0.75;  // a driver that keeps a GPU cool may slow it down so far

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

unsigned GpuClocks::megahertz(int (*clock)(Gpu, int type, unsigned*)) const {
  unsigned told = 0;
  return gpu_ != nullptr && clock != nullptr && clock(gpu_, sm_clock, &told) == 0 ? told : 0;
}

std::optional<std::string> GpuClocks::text() const {
  const unsigned now = megahertz(clock_), most = megahertz(most_clock_);
  if (now == 0 || most == 0) return std::nullopt;
  return fmt::format("{} of {} MHz", now, most);
}

GpuClocks::Reading GpuClocks::read() const {
  unsigned long long reasons = 0;
  if (gpu_ == nullptr || reasons_ == nullptr || reasons_(gpu_, &reasons) != 0) return {};
  const unsigned now = megahertz(clock_);
  const bool far_slower = now != 0 && now < least_of_most * megahertz(most_clock_);
  Reading reading;
  if ((reasons & hardware_thermal) != 0 || ((reasons & driver_thermal) != 0 && far_slower))
    reading.slowdown = "it is too hot";
  else if ((reasons & power_brake) != 0)
    reading.slowdown = "its power supply says so";
  else if ((reasons & hardware_slowdown) != 0)
    reading.slowdown = "heat or its power supply";
  if ((reasons & (idle | power_cap)) == 0) reading.hz = 1e6 * now;
  return reading;
}

}  // namespace evotune
