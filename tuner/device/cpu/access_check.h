#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "device/cpu/access_listener.h"
#include "device/cpu/mapping.h"
#include "device/cpu/race_shadow.h"
#include "device/cpu/watched_memory.h"

namespace evotune::cpu {

/// A faulty access as it is seen, before its place is a line.
struct FoundFault {
  AccessFaultKind kind = AccessFaultKind::outside;
  FoundAccess access;
  std::size_t region = 0;
  std::uintptr_t address = 0;  ///< of `absent`: the lane
  std::uint32_t bytes = 0;
};

/// Looks at each access by itself: whether it stays within what it begins in, whether its address
/// is what the compiler was told of its alignment (this processor does not mind, a GPU does), and
/// whether somebody has written the shared memory of the block, the output or the scratch that it
/// reads.
class AccessCheck {
 public:
  static constexpr std::size_t most_faults = 64;
  /// What shared memory holds before a block begins, outputs and scratch before the launch.
  static constexpr std::byte poison{0xff};

  /// The memory outlives it. `whole`: blocks are under way at once.
  AccessCheck(const WatchedMemory&, bool whole);

  void begins(std::uint64_t block);
  void look(std::size_t region, const Stamp&, const Access&);
  void took_nothing(int lane, const Stamp&);

  /// One for each kind and place.
  [[nodiscard]] const std::vector<FoundFault>& found() const { return found_; }

 private:
  using Written = std::vector<unsigned char>;  ///< a flag for each byte of the shared memory

  void look_at_written(unsigned char* flags, std::size_t region, const Stamp&, const Access&);
  void report(AccessFaultKind, std::size_t region, const Stamp&, const Access&);

  const WatchedMemory& memory_;
  std::vector<std::size_t> first_;  ///< of each region, in the flags
  Written written_;
  std::vector<Mapping>
      written_for_all_;  ///< a flag for each byte of outputs and scratch, by region
  bool whole_;
  std::uint64_t block_ = 0;
  std::map<std::uint64_t, Written> waiting_;  ///< the flags of blocks at a barrier of the grid
  std::set<std::pair<AccessFaultKind, Place>> seen_;
  std::vector<FoundFault> found_;
};

/// As much of a launch as a check has seen, once more.
class FirstBlocks final : public AccessListener {
 public:
  FirstBlocks(std::uint64_t blocks, std::uint64_t accesses)
      : blocks_(blocks), accesses_left_(accesses) {}
  bool begins(const Block&, std::uint64_t number) override;
  bool accessed(const Fiber&, const Access&) override;
  void rows(const Fiber&, const Access&, std::span<const void* const>) override {}
  void met(const Warp*, std::uint32_t, bool) override {}
  void fenced(const Fiber&, bool) override {}
  void grid_met() override {}

 private:
  std::uint64_t blocks_, accesses_left_;
};

}  // namespace evotune::cpu
