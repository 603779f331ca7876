// What a fiber does when it waits: runs on the fiber's own stack, called by the stubs of
// switch.cpp.
#include "device/cpu/running_block.h"
#include "device/cpu/switch.h"

__thread evotune::cpu::Fiber* evotune_self = nullptr;  // C linkage and TLS model: abi.h

namespace evotune::cpu {
namespace {

void set_ready(RunningBlock& block, Warp& warp, std::uint32_t lanes) {
  warp.ready |= lanes;
  if (lanes != 0) block.warps_ready |= 1u << warp.number;
}

}  // namespace

void open_barrier(RunningBlock& block) {
  block.votes_cast = block.votes;
  block.voters_cast = block.arrived;
  block.votes = block.arrived = 0;
  block.barrier_line = 0;
  block.at_grid_barrier = false;
  if (block.listener != nullptr) block.listener->met(nullptr, 0, true);
  for (unsigned i = 0; i < block.warp_count; ++i) {
    Warp& warp = block.warps[i];
    set_ready(block, warp, warp.present & ~warp.exited);
  }
}

namespace {

// Functions that say who is next: what is likely, short and without a frame of their own; what is
// not, in functions of its own that are called last.

Fiber* stop(RunningBlock& block, const Stop& why) {
  block.stop = why;
  return &block.executor;
}

[[gnu::noinline]] Fiber* give_way_anywhere(Fiber& me) {
  RunningBlock& block = running(me);
  if (Fiber* next = pick(block)) return next;
  return stop(block, {Stop::Kind::deadlock, &me});
}

/// `me` cannot go on. The next lane is guessed and checked, because a branch that predicts well
/// costs less than the chain of loads through the ready masks.
[[gnu::always_inline]] inline Fiber* give_way(Fiber& me) {
  const std::uint32_t following = me.warp->ready >> me.lane;
  if (__builtin_expect((following & 2u) != 0 && running(me).order == Order::forward, 1))
    return &me + 1;
  return give_way_anywhere(me);
}

/// The lanes that a gathering waits for: those of its mask that have not returned.
std::uint32_t wanted(const Warp& warp, const Gathering& gathering) {
  return gathering.mask & warp.present & ~warp.exited;
}

void complete(RunningBlock& block, Warp& warp, Gathering& gathering) {  // of one lane or more
  const Gathering done = gathering;
  gathering = warp.gatherings[--warp.gathering_count];
  const Fiber& any = warp.lanes[lowest(done.arrived)];
  block.collective_line = any.wait_line;
  done.act(&warp, done.arrived);
  block.collective_line = 0;
  // Only what moves no operands orders memory: a shuffle is no barrier.
  if (block.listener != nullptr) block.listener->met(&warp, done.arrived, any.operand == nullptr);
  set_ready(block, warp, done.arrived);
}

/// When no lane of a warp can go on, whoever came together without a mask is complete. One such
/// gathering at a time: its lanes may join the next.
void complete_unmasked(RunningBlock& block, Warp& warp) {
  for (unsigned i = 0; i < warp.gathering_count; ++i)
    if (warp.gatherings[i].mask == 0) return complete(block, warp, warp.gatherings[i]);
}

void set_unready(Fiber& fiber) {
  Warp& warp = *fiber.warp;
  warp.ready &= ~(1u << fiber.lane);
  if (warp.ready != 0) return;
  running(fiber).warps_ready &= ~(1u << warp.number);
  if (warp.gathering_count != 0) complete_unmasked(running(fiber), warp);
}

/// The last of its warp that could go on.
[[gnu::noinline]] Fiber* wait_as_last(Fiber& me) {
  set_unready(me);
  return give_way_anywhere(me);
}

[[gnu::always_inline]] inline Fiber* wait(Fiber& me) {
  Warp& warp = *me.warp;
  const std::uint32_t others = warp.ready & ~(1u << me.lane);
  if (__builtin_expect(others == 0, 0)) return wait_as_last(me);
  warp.ready = others;
  return give_way(me);
}

/// Arrivals are grouped by operation and mask, so that halves of a warp may meet apart.
Gathering& gathering_of(Warp& warp, Collective act, std::uint32_t mask, int line) {
  for (unsigned i = 0; i < warp.gathering_count; ++i) {
    Gathering& one = warp.gatherings[i];
    if (one.act == act && one.mask == mask && (mask != 0 || one.line == line)) return one;
  }
  Gathering& fresh = warp.gatherings[warp.gathering_count++];
  fresh = {act, mask, 0, line};
  return fresh;
}

/// A thread that returned is waited for no longer (sm_70 and later).
void leave(Fiber& me) {
  RunningBlock& block = running(me);
  Warp& warp = *me.warp;
  set_unready(me);
  warp.exited |= 1u << me.lane;
  ++block.exited;
  for (unsigned i = 0; i < warp.gathering_count;) {
    Gathering& one = warp.gatherings[i];
    if (one.arrived == wanted(warp, one))
      complete(block, warp, one);
    else
      ++i;
  }
  // A barrier of the grid would wait for ever for a thread that has returned.
  if (block.arrived != 0 && block.arrived + block.exited == block.threads && !block.at_grid_barrier)
    open_barrier(block);
}

}  // namespace

void end_launch() {
  Fiber& me = *evotune_self;
  evotune_switch(&me, stop(running(me), {Stop::Kind::enough, &me}));
}

}  // namespace evotune::cpu

using namespace evotune::cpu;

namespace {

/// Not one of many at this barrier: the first, the last, or one that has come to another.
[[gnu::noinline]] Fiber* begin_or_end_barrier(Fiber& me) {
  RunningBlock& block = running(me);
  if (block.barrier_line != 0 && block.barrier_line != me.wait_line)
    return stop(block,
                {Stop::Kind::divergent, &me, me.wait_name, me.wait_line, block.barrier_line});
  block.barrier_line = me.wait_line;
  if (++block.arrived + block.exited != block.threads) return wait(me);
  open_barrier(block);
  rewind(block);
  return pick(block);
}

/// The first of its collective, the last, or one that has no business there.
[[gnu::noinline]] Fiber* begin_or_end_collective(Fiber& me, Collective act, std::uint32_t mask) {
  Warp& warp = *me.warp;
  const std::uint32_t bit = 1u << me.lane;
  if ((mask & bit) == 0 && mask != 0)
    return stop(running(me), {Stop::Kind::outside_mask, &me, me.wait_name, me.wait_line});
  Gathering& gathering = gathering_of(warp, act, mask, me.wait_line);
  gathering.arrived |= bit;
  if (gathering.arrived != wanted(warp, gathering)) return wait(me);
  RunningBlock& block = running(me);
  complete(block, warp, gathering);
  return block.order == Order::random ? give_way(me) : &me;
}

}  // namespace

// What the stubs of switch.cpp call: the fiber to go on with.
extern "C" {
Fiber* evotune_barrier_wait(const char* name, int line, Fiber* me);
Fiber* evotune_sleep_wait(const void* key, const char* name, int line, Fiber* me);
Fiber* evotune_grid_barrier_wait(const char* name, int line, Fiber* me);
Fiber* evotune_collective_wait(Collective act, std::uint32_t mask, void* operand, const char* name,
                               int line, Fiber* me);
void evotune_fiber_main();

__attribute__((visibility("hidden"))) Fiber* evotune_barrier_wait(const char* name, int line,
                                                                  Fiber* me) {
  RunningBlock& block = running(*me);
  me->wait_name = name;
  me->wait_line = line;
  const unsigned arrived = block.arrived + 1;
  if (__builtin_expect(block.barrier_line != line || arrived + block.exited == block.threads, 0))
    return begin_or_end_barrier(*me);
  block.arrived = arrived;
  return wait(*me);
}

__attribute__((visibility("hidden"))) Fiber* evotune_collective_wait(
    Collective act, std::uint32_t mask, void* operand, const char* name, int line, Fiber* me) {
  Warp& warp = *me->warp;
  me->operand = operand;
  me->wait_name = name;
  me->wait_line = line;
  // Most likely the first gathering is the one, and others are still to come.
  Gathering& first = warp.gatherings[0];
  const std::uint32_t bit = 1u << me->lane, arrived = first.arrived | bit;
  const bool joins = warp.gathering_count != 0 && first.act == act && first.mask == mask;
  if (__builtin_expect(!joins || (mask & bit) == 0 || arrived == wanted(warp, first), 0))
    return begin_or_end_collective(*me, act, mask);
  first.arrived = arrived;
  return wait(*me);
}

/// As a barrier of the block, but for the last to come: it hands over to the executor, which opens
/// the barrier when all blocks have come.
__attribute__((visibility("hidden"))) Fiber* evotune_grid_barrier_wait(const char* name, int line,
                                                                       Fiber* me) {
  RunningBlock& block = running(*me);
  block.at_grid_barrier = true;
  const bool last = block.arrived + 1 == block.threads;
  const bool alike = block.barrier_line == 0 || block.barrier_line == line;
  if (!last || !alike) return evotune_barrier_wait(name, line, me);
  me->wait_name = name;
  me->wait_line = line;
  block.barrier_line = line;
  ++block.arrived;
  return stop(block, {Stop::Kind::grid_barrier, me, name, line});
}

__attribute__((visibility("hidden"))) Fiber* evotune_sleep_wait(const void* key, const char* name,
                                                                int line, Fiber* me) {
  me->operand = const_cast<void*>(key);
  me->wait_name = name;
  me->wait_line = line;
  set_unready(*me);
  return give_way(*me);
}

void evotune_wake(const void* key) {
  RunningBlock& block = running(*evotune_self);
  if (block.listener != nullptr) block.listener->woke(key);
  for (unsigned i = 0; i < block.threads; ++i) {
    Fiber& fiber = block.fibers[i];
    if (fiber.operand != key) continue;
    fiber.operand = nullptr;
    set_ready(block, *fiber.warp, 1u << fiber.lane);
  }
}

void evotune_trap(const char* what, int line) {
  Fiber& me = *evotune_self;
  RunningBlock& block = running(me);
  stop(block, {Stop::Kind::trap, &me, what, line});
  evotune_switch(&me, &block.executor);
}

void evotune_exit() {
  Fiber& me = *evotune_self;
  RunningBlock& block = running(me);
  leave(me);
  Fiber* next = pick(block);
  if (next == nullptr && block.exited != block.threads) stop(block, {Stop::Kind::deadlock, &me});
  evotune_switch(&me, next != nullptr ? next : &block.executor);
  __builtin_unreachable();
}

__attribute__((visibility("hidden"))) void evotune_fiber_main() {
  running(*evotune_self).entry(running(*evotune_self).arguments);
  evotune_exit();
}
}
