#pragma once

#include <cstdint>
#include <string>

namespace evotune {

/// What a kernel takes of a multiprocessor.
struct BlockNeeds {
  std::uint32_t threads = 0;       ///< of a block
  int registers = 0;               ///< of a thread
  std::uint64_t shared_bytes = 0;  ///< of a block, static and dynamic
};

struct Occupancy {
  int blocks = 0;      ///< that run at once on a multiprocessor; 0: not even one does
  int warps = 0;       ///< of all these blocks
  int most_warps = 0;  ///< that the multiprocessor could hold
  /// What allows no more: "registers", "shared memory", "warps", "blocks".
  std::string limited_by;
  [[nodiscard]] double fraction() const {
    return most_warps == 0 ? 0 : static_cast<double>(warps) / most_warps;
  }
};

/// How many blocks a multiprocessor of this architecture holds ("sm_90"; an unknown one counts as
/// sm_90), by the rules of CUDA's own calculator.
[[nodiscard]] Occupancy occupancy_of(const BlockNeeds&, const std::string& arch);

}  // namespace evotune
