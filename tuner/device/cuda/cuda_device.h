#pragma once

#include <string>

#include "device/cuda/nvrtc.h"
#include "device/device.h"

namespace evotune {

/// The architecture that "cuda:N" is compiled for while no driver is asked: EVOTUNE_CUDA_ARCH, else
/// sm_90.
[[nodiscard]] std::string default_cuda_arch();

/// An NVIDIA GPU as far as this version goes: it compiles for it and knows what an architecture
/// offers; load() says that running follows.
class CudaDevice : public Device {
 public:
  /// `id` is "cuda:0". Throws UserError when there is no NVRTC.
  explicit CudaDevice(const std::string& id, const std::string& arch = default_cuda_arch());

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source& source) const override {
    return compiler_.compile(source, info_.arch);
  }
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

 private:
  CudaCompiler compiler_;
  DeviceInfo info_;
};

}  // namespace evotune
