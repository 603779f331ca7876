#pragma once

#include <memory>

#include "device/cached/compile_cache.h"
#include "device/device.h"

namespace evotune {

/// Any device, that compiles nothing twice. Failures are not kept: the next compiler may do better.
class CachedDevice : public Device {
 public:
  CachedDevice(std::unique_ptr<Device> device, std::filesystem::path folder,
               std::uint64_t cap = CompileCache::default_cap)
      : device_(std::move(device)), cache_(std::move(folder), cap) {}

  [[nodiscard]] const DeviceInfo& info() const override { return device_->info(); }
  Result<Compiled> compile(const Source&) const override;
  Result<std::unique_ptr<Loaded>> load(const Compiled& compiled, const Launch& launch,
                                       const Workload& workload) override {
    return device_->load(compiled, launch, workload);
  }

 private:
  std::unique_ptr<Device> device_;
  mutable CompileCache cache_;  ///< any thread
};

}  // namespace evotune
