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
  mine.any = std::make_shared<ThreadClocks::Past>(std::move(past));
  if (reach == Reach::block) return;
  fenced_for_all_ = true;
  fence_epoch_ = mine.any->epoch;
  mine.device = mine.any;
}

void Releases::acquire(Touched& list, const Moment& now, Reach reach, ThreadClocks& clocks) {
  if (list.block == now.block && list.within && list.within->epoch == now.epoch)
    clocks.learn(now.thread, *list.within);
  if (reach == Reach::block || list.releases.empty()) return;
  const std::size_t count =
      list.releases.size() - (list.releases.back().block == now.block ? 1u : 0u);
  // The same releases again tell nothing to who knows of the time before.
  const Moment& last = list.acquired;
  const bool known =
      last.block == now.block && (last.thread == now.thread || last.epoch < now.epoch ||
                                  clocks.knows(now.thread, last.thread, last.clock));
  if (count == 0 || known) return;
  acquired_->push_back({&list, count, now});
  list.acquired = now;
  kept_ += sizeof(Acquisition);
}

void Releases::touch(std::uintptr_t address, const Moment& now, Reach reach, ThreadClocks& clocks) {
  if (!fenced_ && lists_.empty()) return;
  const auto [at, fresh] = lists_.try_emplace(address);
  if (fresh) kept_ += sizeof *at;
  Touched& list = at->second;
  acquire(list, now, reach, clocks);
  if (!fenced_) return;
  if (const Before fenced = fenced_before(now, Reach::block, clocks)) {
    if (list.block != now.block) list.within.reset();
    list.block = now.block;
    add(fenced, list.within, clocks);
  }
  if (fenced_for_all_ && reach == Reach::device) release(list, now, clocks);
}

void Releases::release(Touched& list, const Moment& now, const ThreadClocks& clocks) {
  if (list.releases.empty() || list.releases.back().block != now.block) {
    list.releases.push_back({now.block, 0, nullptr});
    kept_ += sizeof(Release);
  }
  Release& mine = list.releases.back();
  mine.epochs = std::max(mine.epochs, std::min(now.epoch, fence_epoch_ + 1));
  if (const Before fenced = fenced_before(now, Reach::device, clocks))
    add(fenced, mine.fenced, clocks);
}

// What is known of an earlier epoch says less than that of a later one.
void Releases::add(const Before& past, Before& to, const ThreadClocks& clocks) {
  if (past == to || (to && past->epoch < to->epoch)) return;
  const auto size_of = [](const Before& one) { return sizeof *one + one->far.bytes(); };
  if (to && to.use_count() == 1) kept_ -= std::min(kept_, size_of(to));
  if (!to || to->epoch < past->epoch || past->tells_all_of(*to)) {
    to = past;
    if (std::exchange(counted_, past.get()) == past.get()) return;
  } else {
    if (to.use_count() != 1) to = std::make_shared<ThreadClocks::Past>(*to);
    to->add(*past, clocks.threads());
  }
  kept_ += size_of(to);
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
    joined->add(*other, clocks.threads());
  }
  return joined ? joined : own;
}

bool Releases::heard_by(const Release& release, const Moment& earlier, unsigned& steps) const {
  const auto all = heard_.find(release.block);
  return all != heard_.end() &&
         std::any_of(all->second.begin(), all->second.end(), [&](const Acquisition& one) {
           return release.covers(one.at) && told_by(one, earlier, steps);
         });
}

bool Releases::told_by(const Acquisition& one, const Moment& earlier, unsigned& steps) const {
  const auto end = one.from->releases.begin() + static_cast<std::ptrdiff_t>(one.count);
  auto at = std::lower_bound(one.from->releases.begin(), end, earlier.block,
                             [](const Release& a, std::uint32_t b) { return a.block < b; });
  for (; at != end && at->block == earlier.block; ++at)
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
