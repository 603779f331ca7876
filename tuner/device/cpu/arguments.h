#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/cpu/guarded_buffer.h"
#include "device/cpu/kernel_image.h"
#include "device/device.h"
#include "kernel/workload.h"

namespace evotune::cpu {

/// What outputs and scratch hold before a run: a NaN, or a finite number, in every floating type,
/// unlikely ones in every integer type.
constexpr std::byte nan_poison{0xff}, finite_poison{0x4b};

/// Nothing when the workload's arguments fit the kernel's parameters and variables, else what does
/// not (Stage::load).
[[nodiscard]] std::optional<Failure> mismatch(const KernelImage&, const Workload&);

/// A workload's arguments in this process: guarded buffers, scalars, and the variables that
/// constants fill.
class Arguments {
 public:
  /// What mismatch() found no fault with. Throws std::bad_alloc.
  Arguments(const KernelImage&, const Workload&);

  /// Everything as a run wants it: inputs from the set and closed to writing, inouts restored, the
  /// rest poisoned.
  void prepare(const Run&, Placement);
  /// Outputs and scratch alone, where they lie.
  void poison(const Run&);
  void poison(Role, std::byte with);
  /// Names the first buffer around which something was written.
  [[nodiscard]] std::optional<std::string> overrun() const;
  [[nodiscard]] Buffers read() const;
  [[nodiscard]] void** pointers() { return pointers_.data(); }
  [[nodiscard]] std::vector<Region> regions() const;
  /// With the dynamic shared memory of those who run it: what a FaultWatch is to know.
  [[nodiscard]] std::vector<Region> regions_beside(const GuardedBuffer& dynamic_shared) const;
  /// Gives another image of the kernel the constants that this one was given.
  void copy_constants(const KernelImage& to) const;

 private:
  struct Slot {
    std::optional<GuardedBuffer> buffer;  ///< of everything that is passed by address
    Buffer value;  ///< what is passed: an address or a scalar; aligned as all that is allocated
    std::span<std::byte> variable;      ///< of a constant
    std::optional<std::size_t> holder;  ///< the structure that is passed with the address in it
  };
  void fill(std::size_t index, const Run&, Placement);

  const Workload& workload_;
  std::vector<Slot> slots_;               ///< one per argument
  std::vector<void*> pointers_;           ///< one per kernel parameter
  std::optional<std::size_t> input_set_;  ///< that the pure inputs hold now
  std::optional<Placement> placement_;
};

}  // namespace evotune::cpu
