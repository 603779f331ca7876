#pragma once

#include <memory>
#include <string>

#include "device/cuda/cuda_context.h"
#include "device/cuda/cuda_inputs.h"
#include "device/cuda/cuda_module.h"
#include "device/cuda/nvrtc.h"
#include "device/device.h"

namespace evotune {

/// The driver that has "cuda:0", initialised. Throws UserError where there is no driver or no such
/// GPU.
[[nodiscard]] std::shared_ptr<const CudaDriver> driver_of_gpu(const std::string& id);

/// An NVIDIA GPU: NVRTC compiles for it, the driver runs what was compiled *in this process*. A
/// kernel that faults takes the process' context with it (DeviceSpent), and one that hangs cannot
/// be ended: so it belongs behind device/isolated.
class CudaDevice : public Device {
 public:
  /// `id` is "cuda:0"; `arch` overrides what the GPU is (EVOTUNE_CUDA_ARCH does too: "sm_90a").
  /// Opens no context: the first load does. Throws UserError when there is no NVRTC, no driver, or
  /// no such GPU.
  explicit CudaDevice(const std::string& id, std::string arch = {});

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source& source) const override {
    return compiler_.compile(source, info_.arch);
  }
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

 private:
  [[nodiscard]] Result<std::unique_ptr<CudaModule>> open(const Compiled&) const;

  CudaCompiler compiler_;
  std::shared_ptr<const CudaDriver> driver_;
  int ordinal_ = 0;
  DeviceInfo info_;
  std::shared_ptr<CudaContext> context_;  ///< shared with what was loaded
  CudaInputCache inputs_;
};

/// What a space may ask of this GPU, under the names of nominal_facts.
[[nodiscard]] Bindings gpu_facts(const CudaDriver&, int ordinal);

}  // namespace evotune
