#include <fmt/format.h>

#include "base/process.h"
#include "device/cpu/host_compiler.h"
#include "device/cuda/cuda_driver.h"
#include "device/cuda/gpu_clocks.h"
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

DeviceProbe probe_gpu(const CudaDriver& driver, int ordinal) {
  DeviceProbe probe;
  probe.name = fmt::format("cuda:{}", ordinal);
  try {
    probe.version = driver.gpu_name(ordinal) + ", " + driver.arch(ordinal);
    const GpuClocks clocks(driver.pci_bus_id(ordinal));
    if (const auto text = clocks.text()) probe.version += ", " + *text;
    if (!clocks.why_not().empty())
      probe.missing = "its clocks are not known: " + clocks.why_not();
    else if (const std::string why = clocks.read().slowdown; !why.empty())
      probe.missing = "it has slowed itself down now: " + why;
    probe.found = true;
  } catch (const CudaError& error) {  // what is wrong with it is the answer
    probe.missing = error.what();
  }
  return probe;
}

/// Opens the driver, but no context on a GPU: that is for workers.
void probe_gpus(std::vector<DeviceProbe>& probes) {
  const OpenedCudaDriver opened = open_cuda_driver();
  DeviceProbe driver{"cuda driver", opened.driver != nullptr, "", "", opened.why_not};
  if (!opened.driver) return probes.push_back(std::move(driver));
  driver.version = opened.driver->version_text();
  driver.path = opened.driver->path;
  probes.push_back(std::move(driver));
  for (int i = 0; i < opened.driver->gpus; ++i) probes.push_back(probe_gpu(*opened.driver, i));
}

}  // namespace

std::vector<DeviceProbe> probe_devices() {
  const CudaCompiler compiler;
  std::vector<DeviceProbe> probes = {probe_cpu(), probe_nvrtc(compiler), probe_headers(compiler)};
  probe_gpus(probes);
  return probes;
}

}  // namespace evotune
