#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "device/cpu/executor.h"
#include "device/cpu/kernel_image.h"
#include "device/cuda/driver_api.h"
#include "image.h"

namespace evotune::cuda_double {

/// What can be made to go wrong. EVOTUNE_CUDA_DOUBLE_FAULTS holds "fault=text;…": kernels whose
/// source has the text suffer it; an empty text means all, "fault@1=text" only on the GPU of this
/// ordinal. It is read at every launch.
enum class Fault {
  none,
  illegal_address,
  launch_failed,
  misaligned_address,
  hang,
  wrong_result,
  device_unavailable,
  out_of_memory
};
[[nodiscard]] Fault fault_of(const std::string& source, int ordinal);

/// What the machine has: EVOTUNE_CUDA_DOUBLE_GPUS, by name and separated by commas.
[[nodiscard]] std::vector<std::string> gpu_names();

struct Module {
  Image image;
  std::vector<std::byte> dynamic_shared;
  cpu::KernelImage kernel;
  int most_dynamic_shared = 0;
};

/// One launch as a graph keeps it: values, not addresses of values.
struct Recorded {
  Module* module = nullptr;
  Launch launch;
  std::vector<std::vector<std::byte>> values;
};

/// A GPU that does at once what it is asked for: a stream is always empty, an event's time is when
/// it was recorded. After a fault every call says so, as of a context that is gone.
class Gpu {
 public:
  static constexpr std::size_t memory_bytes = std::size_t{64} << 20;
  static constexpr int shared_bytes = 48 << 10, shared_bytes_optin = 99 << 10;

  int ordinal = 0;  ///< of the one whose context this process has opened
  CudaResult state = CudaResult::success;
  bool hangs = false;
  std::vector<Recorded>* capture = nullptr;

  CudaResult load(const void* image, Module*& module);
  CudaResult allocate(CudaAddress& address, std::size_t bytes);
  CudaResult release(CudaAddress address);
  CudaResult launch(Module&, const Launch&, void** parameters, bool cooperative);
  CudaResult replay(const std::vector<Recorded>&);
  /// A hanging kernel never lets the host go on.
  void wait() const;

 private:
  CudaResult run(Module&, const Launch&, void** parameters);
  CudaResult execute(Module&, const Launch&, void** parameters);

  cpu::Executor executor_;
  struct Allocation {
    std::unique_ptr<std::byte[]> memory;
    std::size_t bytes = 0;
  };
  std::map<CudaAddress, Allocation> allocations_;
  std::size_t used_ = 0;
  bool starved_ = false;  ///< the next allocation fails
};

}  // namespace evotune::cuda_double
