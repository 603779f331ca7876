#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "device/cuda/driver_api.h"
#include "outcome/failure.h"

namespace evotune {

/// A call of the driver that did not succeed.
class CudaError : public std::runtime_error {
 public:
  CudaError(CudaResult result, const std::string& what) : runtime_error(what), result_(result) {}
  [[nodiscard]] CudaResult result() const { return result_; }

 private:
  CudaResult result_;
};

/// What it means for the candidate at hand, judged by the code and by nothing else.
[[nodiscard]] Failure failure_of(const CudaError&);
/// Whether every later call of this process will fail too: the context is gone.
[[nodiscard]] bool ends_context(CudaResult);

/// libcuda, opened at run time and initialised. It is never closed.
struct CudaDriver {
  CudaFunctions call{};
  std::filesystem::path path;
  int version = 0;  ///< 13000 is CUDA 13.0
  int gpus = 0;

  /// Throws CudaError, which says what evotune was about to do.
  void check(CudaResult, const char* act) const;
  [[nodiscard]] std::string version_text() const;
  [[nodiscard]] std::string gpu_name(int ordinal) const;  ///< "NVIDIA H200"
  [[nodiscard]] std::string pci_bus_id(int ordinal) const;
  [[nodiscard]] int attribute(CudaDeviceAttribute, int ordinal) const;
  [[nodiscard]] std::string arch(int ordinal) const;  ///< "sm_90"
};

/// EVOTUNE_LIBCUDA's, else libcuda.so.1; none, and why not, where there is no driver or no GPU.
/// Makes no context: that is for workers.
struct OpenedCudaDriver {
  std::shared_ptr<const CudaDriver> driver;
  std::string why_not;
};
[[nodiscard]] OpenedCudaDriver open_cuda_driver();

}  // namespace evotune
