#include "device/cpu/releases.h"

#include <algorithm>

namespace evotune::cpu {

void Releases::touch(std::uintptr_t address, const Moment& now) {
  if (!fenced_ && lists_.empty()) return;
  List& list = lists_[address];
  if (!list.empty()) acquired_.push_back({&list, list.size(), now});
  if (fenced_) list.push_back({now, fence_epoch_});
}

bool Releases::covers(const Release& release, const Moment& earlier) {
  const bool before_atomic =
      earlier.epoch < release.at.epoch || earlier.thread == release.at.thread;
  return before_atomic && earlier.epoch <= release.fence_epoch;
}

bool Releases::find(const Moment& earlier, const Moment& now) const {
  for (const Acquisition& one : acquired_) {
    const bool reached = one.at.thread == now.thread || one.at.epoch < now.epoch;
    if (!reached) continue;
    const auto end = one.from->begin() + static_cast<std::ptrdiff_t>(one.count);
    auto at = std::lower_bound(one.from->begin(), end, earlier.block,
                               [](const Release& a, std::uint32_t b) { return a.at.block < b; });
    for (; at != end && at->at.block == earlier.block; ++at)
      if (covers(*at, earlier)) return true;
  }
  return false;
}

}  // namespace evotune::cpu
