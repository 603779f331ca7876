#include "device/cuda/cuda_device.h"

#include <algorithm>
#include <cstdlib>

#include "base/errors.h"
#include "base/text.h"
#include "device/cuda/architectures.h"

namespace evotune {

std::string default_cuda_arch() {
  const char* wanted = std::getenv("EVOTUNE_CUDA_ARCH");
  return wanted != nullptr && *wanted != '\0' ? wanted : "sm_90";
}

CudaDevice::CudaDevice(const std::string& id, const std::string& arch) {
  if (!compiler_.available())
    throw UserError("there is no NVRTC to compile for " + id, compiler_.why_not());
  const std::vector<std::string> known = compiler_.architectures();
  // "sm_90a" and "sm_100f" are variants that NVRTC does not list.
  const std::string plain = arch.substr(0, arch.find_last_of("0123456789") + 1);
  if (std::find(known.begin(), known.end(), plain) == known.end())
    throw UserError(compiler_.version() + " does not compile for '" + arch + "'",
                    suggestion(arch, known));
  info_ = {id, "CUDA " + arch + ", compile only", arch, compiler_.version(), nominal_facts(arch)};
  info_.aside = true;
}

Result<std::unique_ptr<Loaded>> CudaDevice::load(const Compiled&, const Launch&, const Workload&) {
  return Failure{Stage::infrastructure,
                 "this version compiles for CUDA but cannot run on it: the CUDA runtime of evotune "
                 "follows"};
}

}  // namespace evotune
