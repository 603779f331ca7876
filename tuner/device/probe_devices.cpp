#include <dlfcn.h>
#include <fmt/format.h>

#include "base/process.h"
#include "device/cpu/host_compiler.h"
#include "device/cuda/nvrtc.h"
#include "device/make_device.h"

namespace evotune {
namespace {

DeviceProbe probe_cpu() {
  DeviceProbe probe;
  probe.name = "cpu";
  const std::optional<cpu::HostCompiler> compiler = cpu::find_host_compiler();
  if (!compiler) {
    probe.missing = cpu::no_host_compiler().message;
    return probe;
  }
  probe.found = true;
  probe.version = compiler->version;
  probe.path = find_program(compiler->program).value_or(compiler->program);
  return probe;
}

DeviceProbe probe_nvrtc(const CudaCompiler& compiler) {
  return {"nvrtc", compiler.available(), compiler.version(), compiler.library(),
          compiler.why_not()};
}

DeviceProbe probe_headers(const CudaCompiler& compiler) {
  DeviceProbe probe;
  probe.name = "cuda headers";
  probe.found = !compiler.header_folders().empty();
  if (probe.found)
    probe.path = compiler.header_folders().front();
  else if (compiler.available())
    probe.missing =
        "kernels that include cuda_fp16.h and the like do not compile for a GPU; install the CUDA "
        "toolkit and set CUDA_HOME, or `pip install nvidia-cuda-runtime`";
  else
    probe.missing = "they are of use only with NVRTC";
  return probe;
}

/// Opens the driver, but no context on a GPU: that is for workers.
DeviceProbe probe_driver() {
  DeviceProbe probe;
  probe.name = "cuda driver";
  void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) {
    probe.missing = "libcuda.so.1 was not found; it comes with NVIDIA's driver";
    return probe;
  }
  using GetVersion = int (*)(int*);
  const auto get_version = reinterpret_cast<GetVersion>(dlsym(driver, "cuDriverGetVersion"));
  int version = 0;
  probe.found = get_version != nullptr && get_version(&version) == 0;
  if (probe.found) {
    probe.version = fmt::format("CUDA {}.{}", version / 1000, version % 1000 / 10);
    probe.missing = "this version of evotune compiles for CUDA but cannot run on it yet";
  } else {
    probe.missing = "libcuda.so.1 does not tell its version; reinstall NVIDIA's driver";
  }
  return probe;
}

}  // namespace

std::vector<DeviceProbe> probe_devices() {
  const CudaCompiler compiler;
  return {probe_cpu(), probe_nvrtc(compiler), probe_headers(compiler), probe_driver()};
}

}  // namespace evotune
