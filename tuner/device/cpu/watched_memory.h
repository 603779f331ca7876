#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace evotune::cpu {

/// A buffer or variable whose accesses are followed.
struct WatchedRegion {
  std::string name;  ///< "buffer C", "shared memory tile"
  std::uintptr_t begin = 0, end = 0;
  bool shared = false;     ///< by the threads of one block; else global
  bool read_only = false;  ///< nobody can write it
  bool garbage = false;    ///< of global memory: what it holds at first means nothing
  /// Where the variable lies that this is not, but the surroundings of; 0: it is the variable.
  std::uintptr_t body_begin = 0, body_end = 0;
  [[nodiscard]] bool surrounds() const { return body_end != 0; }
};

/// What memory belongs to a launch. Everything else (stacks, the executor's own) is nobody's
/// business.
class WatchedMemory {
 public:
  static constexpr std::size_t none = ~std::size_t{0};

  explicit WatchedMemory(std::vector<WatchedRegion> regions);

  /// The index of the region that holds this address, or none.
  [[nodiscard]] std::size_t find(std::uintptr_t address) const {
    std::size_t low = 0, high = begins_.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (begins_[middle] <= address)
        low = middle + 1;
      else
        high = middle;
    }
    return low != 0 && address < regions_[low - 1].end ? low - 1 : none;
  }
  [[nodiscard]] const WatchedRegion& operator[](std::size_t index) const { return regions_[index]; }
  [[nodiscard]] std::size_t size() const { return regions_.size(); }

 private:
  std::vector<WatchedRegion> regions_;  ///< by address
  std::vector<std::uintptr_t> begins_;
};

}  // namespace evotune::cpu
