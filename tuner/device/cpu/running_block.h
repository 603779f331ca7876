#pragma once

#include <cstdint>

#include "device/cpu/access_listener.h"
#include "device/cpu/executor.h"
#include "device/cpu/shim/abi.h"

// Between executor.cpp, which sets blocks up, and waits.cpp, which runs in their fibers. Everything
// here is built without sanitizers: they do not follow a change of stacks.

namespace evotune::cpu {

/// Why a block cannot go on.
struct Stop {
  enum class Kind : std::uint8_t {
    none,
    deadlock,
    divergent,
    outside_mask,
    trap,
    grid_barrier,
    enough
  };
  Kind kind = Kind::none;
  const Fiber* fiber = nullptr;  ///< who noticed
  const char* what = nullptr;
  int line = 0;
  int other_line = 0;  ///< of the barrier at which the others wait
};

/// A block and the state of its fibers.
struct RunningBlock : Block {
  unsigned threads = 0, warp_count = 0;
  unsigned arrived = 0, exited = 0;  ///< at the barrier; for good
  std::uint32_t warps_ready = 0;     ///< one bit per warp with a lane that can run
  int barrier_line = 0;              ///< of the barrier now filling; 0: none
  bool at_grid_barrier = false;      ///< it is one of all blocks
  Warp* warps = nullptr;
  Fiber* fibers = nullptr;
  Warp* current = nullptr;  ///< the warp that had the last turn
  Fiber executor = {};      ///< what started the block, and goes on when it is done
  Entry entry = nullptr;
  void** arguments = nullptr;
  Order order = Order::forward;
  std::uint64_t random = 1;
  AccessListener* listener = nullptr;
  BlockQueue* queue = nullptr;  ///< as GridLaunch has it
  unsigned runner = 0;
  int collective_line = 0;  ///< of the collective that acts now; 0: none
  bool in_rows = false;     ///< what is accessed now are parts of rows that were told of
  Stop stop;
  const FiberStacks* stacks = nullptr;
};

[[nodiscard]] inline RunningBlock& running(const Fiber& fiber) {
  return static_cast<RunningBlock&>(*fiber.block);
}

/// Leaves the running fiber and its launch for good, because nothing more is to be learnt from
/// them.
void end_launch();

[[nodiscard]] inline unsigned lowest(std::uint32_t set) {
  return static_cast<unsigned>(__builtin_ctz(set));
}
[[nodiscard]] inline unsigned highest(std::uint32_t set) {
  return 31u - static_cast<unsigned>(__builtin_clz(set));
}
/// The first member at or after `from`, round the circle.
[[nodiscard]] inline unsigned next_member(std::uint32_t set, unsigned from) {
  const std::uint32_t turned = from == 0 ? set : (set >> from) | (set << (32 - from));
  return (lowest(turned) + from) & 31u;
}

[[nodiscard]] inline Fiber* pick_at_random(RunningBlock& block) {
  block.random ^= block.random << 13;
  block.random ^= block.random >> 7;
  block.random ^= block.random << 17;
  const unsigned warp = static_cast<unsigned>(block.random >> 20) & 31u;
  const unsigned lane = static_cast<unsigned>(block.random >> 40) & 31u;
  block.current = &block.warps[next_member(block.warps_ready, warp)];
  return &block.current->lanes[next_member(block.current->ready, lane)];
}

/// Whose turn it is: the same warp while it can, so that its lanes stay together. Null: nobody's.
[[nodiscard]] inline Fiber* pick(RunningBlock& block) {
  if (block.warps_ready == 0) return nullptr;
  if (block.order == Order::random) return pick_at_random(block);
  const bool forward = block.order == Order::forward;
  if (block.current->ready == 0)
    block.current = &block.warps[forward ? lowest(block.warps_ready) : highest(block.warps_ready)];
  Warp& warp = *block.current;
  return &warp.lanes[forward ? lowest(warp.ready) : highest(warp.ready)];
}

/// Lets all threads of a block go on from the barrier at which they are.
void open_barrier(RunningBlock&);

/// Back to the first warp in this block's order.
inline void rewind(RunningBlock& block) {
  block.current =
      block.order == Order::reverse ? &block.warps[block.warp_count - 1] : &block.warps[0];
}

}  // namespace evotune::cpu
