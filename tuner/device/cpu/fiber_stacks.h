#pragma once

#include <cstddef>
#include <span>

#include "device/cpu/mapping.h"

namespace evotune::cpu {

/// The stacks of fibers, side by side, each with a guard at its low end. Below the lowest is room
/// that nobody may touch, so that of a frame too large for its stack the accesses are still known.
class FiberStacks {
 public:
  static constexpr std::size_t stack_bytes = std::size_t{64} << 10;  ///< 8 KiB were too few
  static constexpr std::size_t guard_bytes = page_bytes;

  FiberStacks() = default;
  /// Throws std::bad_alloc.
  explicit FiberStacks(unsigned count);

  [[nodiscard]] std::byte* top_of(unsigned fiber) const {
    return memory_.data() + room_below + (fiber + 1) * stack_bytes;
  }
  /// What a fiber may use.
  [[nodiscard]] std::span<const std::byte> of(unsigned fiber) const {
    return {top_of(fiber) - stack_bytes + guard_bytes, top_of(fiber)};
  }
  /// Whether that is in a stack, a guard or the room below.
  [[nodiscard]] bool surround(const std::byte* at) const {
    return at >= memory_.data() && at < memory_.data() + memory_.size();
  }
  /// From now on whoever uses another stack, or more than this one, faults. For a signal handler.
  void close_all_but(unsigned fiber) const;

 private:
  static constexpr std::size_t room_below = std::size_t{1} << 20;
  Mapping memory_;
};

}  // namespace evotune::cpu
