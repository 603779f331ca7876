#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "device/cuda/cuda_driver.h"
#include "device/cuda/gpu_clocks.h"
#include "device/device.h"

namespace evotune {

/// A GPU's primary context in this process, and the one stream that everything goes through, so
/// that what is asked for happens in the order of asking.
class CudaContext {
 public:
  /// Throws CudaError.
  CudaContext(std::shared_ptr<const CudaDriver>, int ordinal);
  ~CudaContext();
  CudaContext(const CudaContext&) = delete;
  CudaContext& operator=(const CudaContext&) = delete;

  [[nodiscard]] const CudaFunctions& call() const { return driver_->call; }
  void check(CudaResult result, const char* act) const { driver_->check(result, act); }
  [[nodiscard]] CudaStream stream() const { return stream_; }
  [[nodiscard]] std::size_t total_bytes() const { return total_bytes_; }
  [[nodiscard]] int shared_bytes_optin() const { return shared_bytes_optin_; }
  [[nodiscard]] const GpuClocks& clocks() const { return clocks_; }

  /// Behind what is in the stream already: nothing of it is left in the L2 cache.
  void flush();
  /// Lines that kernels have asked the L2 cache to keep are as others again. At once: nothing runs.
  void forget_persisting_lines();
  /// Waits for the stream, and for what kernels may have started beside it.
  void synchronise() const;
  /// Waits for an event that is in the stream. A kernel that takes longer cannot be ended: throws
  /// DeviceSpent.
  void wait(CudaEvent, Seconds limit) const;

 private:
  std::shared_ptr<const CudaDriver> driver_;
  GpuClocks clocks_;
  CudaOrdinal gpu_ = 0;
  CudaStream stream_ = nullptr;
  std::size_t total_bytes_ = 0;
  std::size_t flushed_bytes_ = 0;
  int shared_bytes_optin_ = 0;
  CudaAddress flushed_ = 0;  ///< twice the L2 cache, from the first flush on
  bool has_persisting_l2_ = true;
};

/// Memory of a GPU.
class CudaMemory {
 public:
  CudaMemory(const CudaContext&, std::size_t bytes);  ///< throws CudaError
  ~CudaMemory();
  CudaMemory(const CudaMemory&) = delete;
  CudaMemory& operator=(const CudaMemory&) = delete;
  [[nodiscard]] CudaAddress address() const { return address_; }

 private:
  const CudaContext& context_;
  CudaAddress address_ = 0;
};

/// Points of a stream whose time is taken.
class CudaEvents {
 public:
  explicit CudaEvents(const CudaContext& context) : context_(context) {}
  ~CudaEvents();
  CudaEvents(const CudaEvents&) = delete;
  CudaEvents& operator=(const CudaEvents&) = delete;

  /// Makes as many: what record() is to be spared between launches.
  void make_room(std::size_t count);
  void record(std::size_t index);
  void wait(std::size_t index, Seconds limit) const { context_.wait(events_.at(index), limit); }
  [[nodiscard]] Seconds between(std::size_t earlier, std::size_t later) const;

 private:
  const CudaContext& context_;
  std::vector<CudaEvent> events_;
};

/// Runs what throws CudaError: a failure of the candidate is returned, and DeviceSpent thrown where
/// nothing can run in this process any more.
template <typename T, typename Act>
Result<T> judged_by_code(const Act& act) {
  try {
    return act();
  } catch (const CudaError& error) {
    if (ends_context(error.result())) throw DeviceSpent(failure_of(error));
    return failure_of(error);
  }
}

}  // namespace evotune
