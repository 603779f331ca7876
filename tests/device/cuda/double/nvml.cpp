// NVML's functions, as far as evotune asks: a GPU that slows down when EVOTUNE_CUDA_DOUBLE_FAULTS,
// alone, says so.
#include <cstdlib>
#include <string_view>

namespace {

bool is_told(std::string_view fault) {
  const char* faults = std::getenv("EVOTUNE_CUDA_DOUBLE_FAULTS");
  return faults != nullptr && faults == fault;
}

}  // namespace

extern "C" {

using Gpu = void*;

int nvmlInit_v2() { return 0; }
int nvmlDeviceGetHandleByPciBusId_v2(const char*, Gpu* gpu) {
  *gpu = gpu;
  return 0;
}
int nvmlDeviceGetClockInfo(Gpu, int, unsigned* megahertz) {
  static bool odd = false;
  odd = !odd;
  *megahertz = is_told("warm_clocks") || (is_told("unsteady_clocks") && odd) ? 1400 : 1755;
  return 0;
}
int nvmlDeviceGetMaxClockInfo(Gpu, int, unsigned* megahertz) {
  *megahertz = 1980;
  return 0;
}
int nvmlDeviceGetCurrentClocksThrottleReasons(Gpu, unsigned long long* reasons) {
  *reasons = is_told("slow_clocks")       ? 0x48
             : is_told("warm_clocks")     ? 0x20
             : is_told("unsteady_clocks") ? 0
                                          : 0x4;  // a limit of power is as usual
  return 0;
}
}
