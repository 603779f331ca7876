#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "device/cpu/faults.h"
#include "device/cpu/mapping.h"

namespace evotune::cpu {

/// Where a buffer lies between its guards. A buffer rarely fills its pages, so only one of its ends
/// can touch a guard; runs alternate, so that misses on both sides are caught.
enum class Placement : std::uint8_t { at_start, at_end };

/// Memory with a mebibyte of inaccessible address space on both sides.
///
/// Buffers begin at a multiple of 16 bytes, as the widest CUDA load needs. So a buffer whose size
/// is no multiple of 16 leaves up to 15 bytes before the guard at its end: a *write* there is found
/// afterwards, because what the buffer does not fill is filled with a pattern; a read is not found,
/// but gets that pattern, which is a NaN.
class GuardedBuffer {
 public:
  static constexpr std::size_t guard_bytes = std::size_t{1} << 20;
  static constexpr std::size_t alignment = 16;

  explicit GuardedBuffer(std::size_t bytes);  ///< throws std::bad_alloc; placed at the end

  void place(Placement);  ///< makes it writable; its content is lost
  void forbid_writes();
  void allow_writes();

  [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] std::span<const std::byte> reach() const {
    return {mapping_.data(), mapping_.size()};
  }
  [[nodiscard]] bool surroundings_intact() const;
  [[nodiscard]] Region region(std::string name, bool read_only) const;

 private:
  [[nodiscard]] std::byte* pages() const { return mapping_.data() + guard_bytes; }

  std::size_t size_;
  std::size_t room_;  ///< of the accessible pages
  Mapping mapping_;
  std::byte* data_ = nullptr;
};

}  // namespace evotune::cpu
