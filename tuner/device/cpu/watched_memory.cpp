#include "device/cpu/watched_memory.h"

#include <algorithm>
#include <utility>

namespace evotune::cpu {

WatchedMemory::WatchedMemory(std::vector<WatchedRegion> regions) : regions_(std::move(regions)) {
  std::erase_if(regions_, [](const WatchedRegion& one) { return one.begin == one.end; });
  std::sort(regions_.begin(), regions_.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (const WatchedRegion& one : regions_) begins_.push_back(one.begin);
}

}  // namespace evotune::cpu
