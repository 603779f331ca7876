// NVML's functions, as far as evotune asks: a GPU that slows down when it is told to.
#include <cstdlib>
#include <string_view>

extern "C" {

using Gpu = void*;

int nvmlInit_v2() { return 0; }
int nvmlDeviceGetHandleByPciBusId_v2(const char*, Gpu* gpu) {
  *gpu = gpu;
  return 0;
}
int nvmlDeviceGetClockInfo(Gpu, int, unsigned* megahertz) {
  *megahertz = 1755;
  return 0;
}
int nvmlDeviceGetMaxClockInfo(Gpu, int, unsigned* megahertz) {
  *megahertz = 1980;
  return 0;
}
int nvmlDeviceGetCurrentClocksThrottleReasons(Gpu, unsigned long long* reasons) {
  const char* faults = std::getenv("EVOTUNE_CUDA_DOUBLE_FAULTS");
  const bool hot = faults != nullptr && std::string_view(faults) == "slow_clocks";
  *reasons = hot ? 0x48 : 0x4;  // a limit of power is as usual
  return 0;
}
}
