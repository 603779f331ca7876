// Runs on the fibers' stacks, before every access of a kernel: built without sanitizers.
#include "device/cpu/race_check.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "device/cpu/running_block.h"

namespace evotune::cpu {
namespace {

constexpr unsigned warp_of(const Stamp& stamp) { return stamp.thread / ThreadClocks::lanes; }

Moment moment_of(const Stamp& stamp) {
  return {stamp.block, stamp.epoch, stamp.thread, stamp.clock};
}

std::uint32_t content(std::uintptr_t address, std::uint32_t bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
  return value;
}

}  // namespace

bool RaceCheck::begins(const Block& block, std::uint64_t number) {
  settle_doubts();
  if (accesses_ >= enough_accesses || words_ >= enough_words || releases_.kept() >= enough_kept) {
    if (grid_epoch_ != 0) broken_off_ = observed_blocks_;  // each has more to do
    return false;
  }
  observed_blocks_ += grid_epoch_ == 0 ? 1 : 0;
  block_ = static_cast<std::uint32_t>(number + 1);
  epoch_ = grid_epoch_;
  clocks_.restart(static_cast<const RunningBlock&>(block).warp_count);
  last_reads_.assign(ThreadClocks::most_threads, {});
  releases_.begin_block(block_);
  pending_.begin_block();
  arrivals_.clear();
  access_check_.begins(number);
  return true;
}

void RaceCheck::grid_met() {
  settle_doubts();
  grid_epoch_ = latest_epoch_ + 1;
  releases_.forget();
}

void RaceCheck::met(const Warp* warp, std::uint32_t lanes, bool ordered) {
  settle_doubts();
  if (!ordered) return hand_over(warp->number, lanes);
  if (warp != nullptr) return clocks_.meet(warp->number, lanes);
  latest_epoch_ = std::max(latest_epoch_, ++epoch_);
  clocks_.forget_far();
}

/// What a lane reads last before a shuffle or a vote is the operand, mostly: it is in a register
/// before any lane goes on, whoever then writes where it was. No other access is ordered.
void RaceCheck::hand_over(unsigned warp, std::uint32_t lanes) {
  for (std::uint32_t left = lanes; left != 0; left &= left - 1) {
    const unsigned thread = warp * ThreadClocks::lanes + static_cast<unsigned>(__builtin_ctz(left));
    const LastRead read = std::exchange(last_reads_[thread], {});
    if (read.bytes == 0) continue;
    shadow_.each(memory_, read.region, read.address, read.bytes,
                 [&](ShadowWord& word, std::uintptr_t, std::uint32_t) {
                   for (Stamp* one : {&word.read, &word.other_read})
                     if (one->block == block_ && one->thread == thread &&
                         one->clock == (clocks_.now(thread) & 0x3fffffu))
                       one->handed_over = 1;
                 });
  }
  clocks_.exchange(warp, lanes);
}

void RaceCheck::fenced(const Fiber& fiber, bool for_all) {
  releases_.fence(clocks_.past(fiber.number, epoch_), for_all ? Reach::device : Reach::block);
  clocks_.tick(fiber.number);
}

void RaceCheck::arrived(const Fiber& fiber, const void* barrier, unsigned phase) {
  settle_doubts();
  std::vector<Phase>& phases = arrivals_[barrier];
  if (!phases.empty() && phase < phases.front().number) phases.clear();  // initialised again
  if (phases.empty() || phases.back().number < phase) {
    if (phases.size() == most_phases) phases.erase(phases.begin());
    // A phase begins with what the one before has ended with.
    phases.push_back({phase, phases.empty() ? ThreadClocks::Far{} : phases.back().told});
  }
  const auto at =
      std::lower_bound(phases.begin(), phases.end(), phase,
                       [](const Phase& one, unsigned number) { return one.number < number; });
  clocks_.note(clocks_.past(fiber.number, epoch_), at->told);
  clocks_.tick(fiber.number);
}

void RaceCheck::passed(const Fiber& fiber, const void* barrier, unsigned phase) {
  settle_doubts();
  const auto phases = arrivals_.find(barrier);
  if (phases == arrivals_.end()) return;
  const auto& kept = phases->second;
  const auto at = std::find_if(kept.begin(), kept.end(),
                               [phase](const Phase& one) { return one.number >= phase; });
  // Of a phase that is kept no more the next one tells all, of one without arrivals the last.
  if (at != kept.end())
    clocks_.learn(fiber.number,
                  at->number == phase || at == kept.begin() ? at->told : (at - 1)->told);
}

void RaceCheck::woke(const void* barrier) {
  if (arrivals_.count(barrier) == 0) met(nullptr, 0, true);
}

void RaceCheck::copies(const Fiber& fiber, const Access& access) {
  const std::size_t region = memory_.find(access.address);
  if (region == WatchedMemory::none || !memory_[region].shared || memory_[region].surrounds())
    return;
  const Stamp now = stamp_of(fiber, access);
  shadow_.each(
      memory_, region, access.address, access.bytes,
      [&](ShadowWord& word, std::uintptr_t address, std::uint32_t bytes) {
        const FoundRace possible{RaceScope::block, {}, {AccessKind::write, now}, region, address};
        compare(word.read, AccessKind::read, possible, bytes);
        compare(word.other_read, AccessKind::read, possible, bytes);
      });
  pending_.begin(region, access.address - memory_[region].begin, access.bytes, now);
}

void RaceCheck::copied(const Fiber& fiber, const Access& access) {
  const std::size_t region = memory_.find(access.address);
  if (region == WatchedMemory::none || !memory_[region].shared || memory_[region].surrounds())
    return;
  pending_.end(region, access.address - memory_[region].begin, access.bytes, fiber.number);
  done_ = {access.address, fiber.number};
}

/// Nothing orders what a copy under way writes, not even for its own thread.
void RaceCheck::look_for_copies(const Stamp& now, const Access& access, std::size_t region) {
  const std::size_t byte = access.address - memory_[region].begin;
  const Stamp* const copy = pending_.find(region, byte, access.bytes);
  const bool is_a_copy = access.kind == AccessKind::write && done_.first == access.address &&
                         done_.second == now.thread;
  if (copy == nullptr || is_a_copy) return;
  report({RaceScope::copy, {AccessKind::write, *copy}, {access.kind, now}, region, access.address});
}

Stamp RaceCheck::stamp_of(const Fiber& fiber, const Access& access) const {
  Stamp stamp;
  stamp.place = access.collective_line != 0
                    ? line_bit | static_cast<Place>(access.collective_line)
                    : static_cast<Place>(access.instruction - image_base_) & ~line_bit;
  stamp.block = block_;
  stamp.epoch = epoch_ & 0x1fffffffu;
  // Of blocks, a volatile access and an atomic do not race either.
  stamp.is_volatile = access.is_volatile || (access.kind == AccessKind::atomic && !access.of_block);
  stamp.of_block = access.of_block;
  stamp.clock = clocks_.now(fiber.number) & 0x3fffffu;
  stamp.thread = fiber.number & 1023u;
  return stamp;
}

bool RaceCheck::accessed(const Fiber& fiber, const Access& access) {
  if (doubt_count_ != 0) settle_doubts();
  if (++accesses_ >= most_accesses || releases_.kept() >= most_kept) {
    broken_off_ = whole_ ? observed_blocks_ : 1;
    return false;
  }
  const std::size_t region = memory_.find(access.address);
  if (region == WatchedMemory::none) return true;
  const Stamp now = stamp_of(fiber, access);
  access_check_.look(region, now, access);
  last_reads_[fiber.number] = {};
  if (memory_[region].read_only || memory_[region].surrounds()) return true;
  if (access.kind == AccessKind::read)
    last_reads_[fiber.number] = {region, access.address, access.bytes};
  // Across blocks volatile accesses of global memory are what relaxed atomics are.
  const bool shared = memory_[region].shared;
  if (access.kind == AccessKind::atomic || (access.is_volatile && !shared))
    releases_.touch(access.address, moment_of(now),
                    shared || access.of_block ? Reach::block : Reach::device, clocks_);
  if (shared && pending_.any()) look_for_copies(now, access, region);
  shadow_.each(memory_, region, access.address, access.bytes,
               [&](ShadowWord& word, std::uintptr_t address, std::uint32_t bytes) {
                 if (access.compares) remember_guess(word, now);
                 check(word, now, access.kind, region, address, bytes);
               });
  return true;
}

void RaceCheck::check(ShadowWord& word, const Stamp& now, AccessKind kind, std::size_t region,
                      std::uintptr_t address, std::uint32_t bytes) {
  words_ += (word.write.block | word.read.block | word.atomic.block) == 0 ? 1u : 0u;
  const FoundRace possible{RaceScope::block, {}, {kind, now}, region, address};
  compare(word.write, AccessKind::write, possible, bytes);
  const bool together = kind == AccessKind::atomic &&
                        (now.block == word.atomic.block || !(now.of_block || word.atomic.of_block));
  if (!together) compare(word.atomic, AccessKind::atomic, possible, bytes);
  if (kind == AccessKind::read) return remember_read(word, possible);
  compare(word.read, AccessKind::read, possible, bytes);
  compare(word.other_read, AccessKind::read, possible, bytes);
  if (kind == AccessKind::atomic)
    word.atomic = now;
  else
    word = {now, {}, {}, {}};
}

// Two reads are enough to know of: one of them is another thread's than whoever writes next. A
// later read takes the place of one that happens before it, and two warps are kept where there are
// two.
void RaceCheck::remember_read(ShadowWord& word, const FoundRace& possible) const {
  const Stamp& now = possible.later.stamp;
  const auto comes_before_now = [&](const Stamp& then) {
    return then.block == 0 || ordered(then, possible);
  };
  if (comes_before_now(word.read))
    word.read = now;
  else if (comes_before_now(word.other_read) || warp_of(word.read) == warp_of(word.other_read))
    word.other_read = now;
}

void RaceCheck::remember_guess(const ShadowWord& word, const Stamp& now) {
  for (const Stamp& read : {word.read, word.other_read})
    if (read.block == now.block && read.epoch == now.epoch && read.thread == now.thread)
      guesses_.insert(read.place);
}

bool RaceCheck::is_guess(const FoundRace& race) const {
  const auto guessed = [this](const FoundAccess& side, const FoundAccess& other) {
    return side.kind == AccessKind::read && other.kind == AccessKind::atomic &&
           guesses_.count(side.stamp.place) > 0;
  };
  return guessed(race.earlier, race.later) || guessed(race.later, race.earlier);
}

void RaceCheck::compare(const Stamp& then, AccessKind kind, const FoundRace& now,
                        std::uint32_t bytes) {
  if (then.block == 0 || ordered(then, now)) return;
  const Stamp& stamp = now.later.stamp;
  if (then.handed_over != 0 && then.block == stamp.block &&
      clocks_.has_taken(stamp.thread, then.thread, then.clock))
    return;
  FoundRace race = now;
  race.earlier = {kind, then};
  race.scope = then.block != now.later.stamp.block         ? RaceScope::grid
               : warp_of(then) == warp_of(now.later.stamp) ? RaceScope::warp
                                                           : RaceScope::block;
  if (kind == AccessKind::write && now.later.kind == AccessKind::write) {
    if (doubt_count_ < doubts_.size())
      doubts_[doubt_count_++] = {race, bytes, content(race.address, bytes)};
  } else {
    report(race);
  }
}

bool RaceCheck::ordered(const Stamp& then, const FoundRace& found) const {
  const Stamp& now = found.later.stamp;
  const bool shared = memory_[found.region].shared;
  if (then.block == now.block)
    return then.epoch != now.epoch || then.thread == now.thread ||
           clocks_.knows(now.thread, then.thread, then.clock);
  if (shared || (then.is_volatile && now.is_volatile) || then.epoch < grid_epoch_) return true;
  return releases_.order(moment_of(then), moment_of(now), clocks_);
}

void RaceCheck::settle_doubts() {
  const std::size_t count = std::exchange(doubt_count_, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const Doubt& doubt = doubts_[i];
    if (content(doubt.race.address, doubt.bytes) != doubt.before) report(doubt.race);
  }
}

void RaceCheck::report(const FoundRace& race) {
  if (found_.size() == most_races) return;
  const auto places = std::minmax(race.earlier.stamp.place, race.later.stamp.place);
  const auto [at, fresh] = seen_.try_emplace(places, found_.size());
  if (fresh)
    found_.push_back(race);
  else if (race.scope > found_[at->second].scope)
    found_[at->second] = race;
}

const std::vector<FoundRace>& RaceCheck::finish() {
  settle_doubts();
  std::erase_if(found_, [this](const FoundRace& race) { return is_guess(race); });
  return found_;
}

std::uint64_t RaceCheck::whole_blocks() const { return observed_blocks_ - broken_off_; }

std::vector<FoundFault> RaceCheck::faults() const {
  std::vector<FoundFault> faults = access_check_.found();
  std::erase_if(faults, [this](const FoundFault& fault) {
    const Place place = fault.access.stamp.place;
    return fault.kind == AccessFaultKind::unwritten &&
           std::any_of(found_.begin(), found_.end(), [place](const FoundRace& race) {
             return race.earlier.stamp.place == place || race.later.stamp.place == place;
           });
  });
  return faults;
}

}  // namespace evotune::cpu
