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
  struct Reading {
    /// Why it is slower than times may be taken on; empty when it is not. Limits of power that a
    /// GPU always has are no reason.
    std::string slowdown;
    double hz = 0;  ///< 0: not told, or as low as the work makes it (its power, or idleness)
  };
  [[nodiscard]] Reading read() const;

 private:
  using Gpu = struct nvmlDevice_st*;

  [[nodiscard]] unsigned megahertz(int (*clock)(Gpu, int type, unsigned*)) const;

  Gpu gpu_ = nullptr;
  std::string why_not_;
  int (*clock_)(Gpu, int type, unsigned*) = nullptr;
  int (*most_clock_)(Gpu, int type, unsigned*) = nullptr;
  int (*reasons_)(Gpu, unsigned long long*) = nullptr;
};

}  // namespace evotune
