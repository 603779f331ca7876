#pragma once

#include <optional>
#include <string>

namespace evotune {

/// What NVML, opened at run time, says of one GPU's clocks. Nothing where it is missing: a GPU can
/// be used without it.
class GpuClocks {
 public:
  /// The library is EVOTUNE_LIBNVML's, else libnvidia-ml.so.1.
  explicit GpuClocks(const std::string& pci_bus_id);

  /// Empty when NVML answers for this GPU.
  [[nodiscard]] const std::string& why_not() const { return why_not_; }
  /// "1755 of 1980 MHz"; none where that is not told.
  [[nodiscard]] std::optional<std::string> text() const;
  /// Why the hardware itself runs slower than it could, at this moment; empty when it does not.
  /// Limits of power that a GPU always has are no reason.
  [[nodiscard]] std::string slowdown() const;

 private:
  using Gpu = struct nvmlDevice_st*;

  Gpu gpu_ = nullptr;
  std::string why_not_;
  int (*clock_)(Gpu, int type, unsigned*) = nullptr;
  int (*most_clock_)(Gpu, int type, unsigned*) = nullptr;
  int (*reasons_)(Gpu, unsigned long long*) = nullptr;
};

}  // namespace evotune
