#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "device/cpu/mapping.h"
#include "device/cpu/watched_memory.h"
#include "outcome/observation.h"

namespace evotune::cpu {

/// Where an access is written: below line_bit the distance of its instruction from the image's
/// begin, else line_bit and the line of the collective that does it.
using Place = std::uint32_t;
constexpr Place line_bit = Place{1} << 31;

/// Who touched a word, packed: what is known of a word fills one cache line.
struct Stamp {
  Place place = 0;
  std::uint32_t block = 0;           ///< 1 + its number; 0: nobody
  std::uint32_t epoch : 29 {};       ///< barriers that its block had passed
  std::uint32_t handed_over : 1 {};  ///< a read of what its thread has then given to a shuffle
  std::uint32_t is_volatile : 1 {};
  std::uint32_t of_block : 1 {};  ///< an atomic for the threads of its block alone
  std::uint32_t clock : 22 {};    ///< of the lane in its warp
  std::uint32_t thread : 10 {};
};

/// An access as it is seen, before its place is a line.
struct FoundAccess {
  AccessKind kind = AccessKind::read;
  Stamp stamp;
};

/// The last write, two reads since by different threads where there were two, the last atomic.
struct ShadowWord {
  Stamp write, read, other_read, atomic;
};

/// Shadow words of all that a kernel can write, four bytes each, or one byte each where threads
/// have touched parts of a word. Memory is taken as it is used.
class RaceShadow {
 public:
  /// Throws std::bad_alloc.
  explicit RaceShadow(const WatchedMemory&);

  /// Calls visit(word, address, bytes) for the shadow of all these bytes of a region.
  template <typename Visit>
  void each(const WatchedMemory& memory, std::size_t region, std::uintptr_t from,
            std::uint32_t bytes, Visit visit) {
    const std::uintptr_t end = std::min(from + bytes, memory[region].end);
    while (from < end) {
      const std::uintptr_t word = from & ~std::uintptr_t{3};
      const std::uintptr_t next = std::min(word + 4, end);
      ShadowWord& shadow = word_of(memory, region, word);
      if (next - from == 4 && !is_split(shadow))
        visit(shadow, word, 4u);
      else
        for (auto& parts = split(shadow); from < next; ++from) visit(parts[from & 3], from, 1u);
      from = next;
    }
  }

 private:
  static constexpr std::uint32_t split_mark = ~0u;
  using Parts = std::array<ShadowWord, 4>;

  [[nodiscard]] ShadowWord& word_of(const WatchedMemory& memory, std::size_t region,
                                    std::uintptr_t word) {
    const std::uintptr_t first = memory[region].begin & ~std::uintptr_t{3};
    return reinterpret_cast<ShadowWord*>(shadows_[region].data())[(word - first) / 4];
  }
  [[nodiscard]] static bool is_split(const ShadowWord& word) {
    return word.write.block == split_mark;
  }
  /// The four bytes of a word, from now on apart.
  [[nodiscard]] Parts& split(ShadowWord&);

  std::vector<Mapping> shadows_;  ///< one per region
  std::vector<std::unique_ptr<Parts>> parts_;
};

}  // namespace evotune::cpu
