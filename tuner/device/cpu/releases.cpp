#include "device/cpu/releases.h"

#include <algorithm>
#include <utility>

namespace evotune::cpu {

void Releases::begin_block(std::uint32_t block) {
  if (fenced_) std::fill(fences_.begin(), fences_.end(), Fences{});
  fenced_ = fenced_for_all_ = false;
  acquired_ = &heard_[block];
}

void Releases::fence(ThreadClocks::Past past, Reach reach) {
  fenced_ = true;
  Fences& mine = fences_[past.thread];
  mine.any = std::make_shared<const ThreadClocks::Past>(std::move(past));
  if (reach == Reach::block) return;
  fenced_for_all_ = true;
  fence_epoch_ = mine.any->epoch;
  mine.device = mine.any;
}

void Releases::acquire(const Touched& list, const Moment& now, Reach reach, ThreadClocks& clocks) {
  if (list.block == now.block) clocks.learn(now.thread, list.within);
  if (reach == Reach::block || list.releases.empty()) return;
  const bool known = !acquired_->empty() && acquired_->back().from == &list &&
                     acquired_->back().count == list.releases.size() &&
                     acquired_->back().at.thread == now.thread;
  if (!known) acquired_->push_back({&list, list.releases.size(), now});
}

void Releases::touch(std::uintptr_t address, const Moment& now, Reach reach, ThreadClocks& clocks) {
  if (!fenced_ && lists_.empty()) return;
  Touched& list = lists_[address];
  acquire(list, now, reach, clocks);
  if (!fenced_) return;
  if (const Before fenced = fenced_before(now, Reach::block, clocks)) {
    if (list.block != now.block) list.within.clear();
    list.block = now.block;
    ThreadClocks::note(*fenced, list.within);
  }
  if (fenced_for_all_ && reach == Reach::device)
    list.releases.push_back(
        {now, fenced_before(now, Reach::device, clocks), fence_epoch_, acquired_->size()});
}

// Also the fences of lanes that have met this one since.
Releases::Before Releases::fenced_before(const Moment& now, Reach reach,
                                         const ThreadClocks& clocks) const {
  const auto of = [&](unsigned thread) -> const Before& {
    return reach == Reach::device ? fences_[thread].device : fences_[thread].any;
  };
  const Before& own = of(now.thread);
  std::shared_ptr<ThreadClocks::Past> joined;
  const unsigned first = now.thread / ThreadClocks::lanes * ThreadClocks::lanes;
  for (unsigned lane = 0; lane < ThreadClocks::lanes; ++lane) {
    const Before& other = of(first + lane);
    const bool heard = other && other != own && other->epoch == now.epoch &&
                       clocks.knows(now.thread, first + lane, other->row[lane]);
    if (!heard) continue;
    if (!joined)
      joined = std::make_shared<ThreadClocks::Past>(
          own && own->epoch == now.epoch ? *own
                                         : ThreadClocks::Past{now.epoch, now.thread, {}, {}});
    joined->add(*other);
  }
  return joined ? joined : own;
}

bool Releases::Release::covers(const Moment& earlier) const {
  if (fenced && fenced->covers(earlier)) return true;
  return earlier.epoch < at.epoch && earlier.epoch <= fence_epoch;
}

bool Releases::heard_by(const Release& release, const Moment& earlier, unsigned& steps) const {
  const auto all = heard_.find(release.at.block);
  for (std::size_t i = 0; all != heard_.end() && i < release.heard; ++i)
    if (release.covers(all->second[i].at) && told_by(all->second[i], earlier, steps)) return true;
  return false;
}

bool Releases::told_by(const Acquisition& one, const Moment& earlier, unsigned& steps) const {
  const auto end = one.from->releases.begin() + static_cast<std::ptrdiff_t>(one.count);
  auto at = std::lower_bound(one.from->releases.begin(), end, earlier.block,
                             [](const Release& a, std::uint32_t b) { return a.at.block < b; });
  for (; at != end && at->at.block == earlier.block; ++at)
    if (at->covers(earlier)) return true;
  for (; at != end && steps != 0; ++at) {
    --steps;
    if (heard_by(*at, earlier, steps)) return true;
  }
  return false;
}

bool Releases::find(const Moment& earlier, const Moment& now, const ThreadClocks& clocks) const {
  unsigned steps = most_steps;
  return std::any_of(acquired_->begin(), acquired_->end(), [&](const Acquisition& one) {
    const bool reached = one.at.thread == now.thread || one.at.epoch < now.epoch ||
                         clocks.knows(now.thread, one.at.thread, one.at.clock);
    return reached && told_by(one, earlier, steps);
  });
}

}  // namespace evotune::cpu
