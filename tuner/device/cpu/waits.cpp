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

/// The stack to go on with when this fiber is the next to run.
void* resume(Fiber& next) {
  evotune_self = &next;
  return next.stack;
}

void* stop(RunningBlock& block, const Stop& why) {
  block.stop = why;
  return block.executor_stack;
}

/// `me` cannot go on: whose stack is next? The neighbour is guessed and checked, because a branch
/// that predicts well costs less than the chain of loads through the ready masks.
[[gnu::always_inline]] inline void* give_way(Fiber& me) {
  RunningBlock& block = running(me);
  const unsigned lane = me.lane + static_cast<unsigned>(block.neighbour);
  if (__builtin_expect(block.neighbour != 0 && lane < 32 && ((me.warp->ready >> lane) & 1u), 1))
    return resume(*(&me + block.neighbour));
  if (Fiber* next = pick(block)) return resume(*next);
  return stop(block, {Stop::Kind::deadlock, &me});
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

/// None of the fiber's warp can run.
[[gnu::noinline]] void set_warp_unready(Fiber& fiber) {
  Warp& warp = *fiber.warp;
  running(fiber).warps_ready &= ~(1u << warp.number);
  if (warp.gathering_count != 0) complete_unmasked(running(fiber), warp);
}

[[gnu::always_inline]] inline void set_unready(Fiber& fiber) {
  Warp& warp = *fiber.warp;
  warp.ready &= ~(1u << fiber.lane);
  if (__builtin_expect(warp.ready == 0, 0)) set_warp_unready(fiber);
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
  evotune_switch(&me.stack, stop(running(me), {Stop::Kind::enough, &me}));
}

}  // namespace evotune::cpu

using namespace evotune::cpu;

extern "C" {
void* evotune_barrier_wait(const char* name, int line);
void* evotune_sleep_wait(const void* key, const char* name, int line);
void* evotune_grid_barrier_wait(const char* name, int line);
void* evotune_collective_wait(Collective act, std::uint32_t mask, void* operand, const char* name,
                              int line);
void evotune_fiber_main();

__attribute__((visibility("hidden"))) void* evotune_barrier_wait(const char* name, int line) {
  Fiber& me = *evotune_self;
  RunningBlock& block = running(me);
  me.wait_name = name;
  me.wait_line = line;
  if (__builtin_expect(block.barrier_line != 0 && block.barrier_line != line, 0))
    return stop(block, {Stop::Kind::divergent, &me, name, line, block.barrier_line});
  block.barrier_line = line;
  if (++block.arrived + block.exited != block.threads) {
    set_unready(me);
    return give_way(me);
  }
  open_barrier(block);
  rewind(block);
  return resume(*pick(block));
}

__attribute__((visibility("hidden"))) void* evotune_collective_wait(Collective act,
                                                                    std::uint32_t mask,
                                                                    void* operand, const char* name,
                                                                    int line) {
  Fiber& me = *evotune_self;
  Warp& warp = *me.warp;
  const std::uint32_t bit = 1u << me.lane;
  me.operand = operand;
  me.wait_name = name;
  me.wait_line = line;
  if (__builtin_expect((mask & bit) == 0 && mask != 0, 0))
    return stop(running(me), {Stop::Kind::outside_mask, &me, name, line});
  Gathering& gathering = gathering_of(warp, act, mask, line);
  gathering.arrived |= bit;
  if (gathering.arrived != wanted(warp, gathering)) {
    set_unready(me);
    return give_way(me);
  }
  RunningBlock& block = running(me);
  complete(block, warp, gathering);
  return block.order == Order::random ? give_way(me) : me.stack;
}

/// As a barrier of the block, but for the last to come: it hands over to the executor, which opens
/// the barrier when all blocks have come.
__attribute__((visibility("hidden"))) void* evotune_grid_barrier_wait(const char* name, int line) {
  Fiber& me = *evotune_self;
  RunningBlock& block = running(me);
  block.at_grid_barrier = true;
  const bool last = block.arrived + 1 == block.threads;
  const bool alike = block.barrier_line == 0 || block.barrier_line == line;
  if (!last || !alike) return evotune_barrier_wait(name, line);
  me.wait_name = name;
  me.wait_line = line;
  block.barrier_line = line;
  ++block.arrived;
  return stop(block, {Stop::Kind::grid_barrier, &me, name, line});
}

__attribute__((visibility("hidden"))) void* evotune_sleep_wait(const void* key, const char* name,
                                                               int line) {
  Fiber& me = *evotune_self;
  me.operand = const_cast<void*>(key);
  me.wait_name = name;
  me.wait_line = line;
  set_unready(me);
  return give_way(me);
}

void evotune_wake(const void* key) {
  RunningBlock& block = running(*evotune_self);
  // Who sleeps and who wakes are taken to be ordered, and all others with them.
  if (block.listener != nullptr) block.listener->met(nullptr, 0, true);
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
  evotune_switch(&me.stack, block.executor_stack);
}

__attribute__((visibility("hidden"))) void evotune_fiber_main() {
  running(*evotune_self).entry(running(*evotune_self).arguments);
  Fiber& me = *evotune_self;
  RunningBlock& block = running(me);
  leave(me);
  Fiber* next = pick(block);
  if (next == nullptr && block.exited != block.threads) stop(block, {Stop::Kind::deadlock, &me});
  evotune_switch(&me.stack, next != nullptr ? resume(*next) : block.executor_stack);
  __builtin_unreachable();
}
}
