#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/cpu/fiber_stacks.h"
#include "device/cpu/shim/abi.h"
#include "kernel/source.h"

namespace evotune::cpu {

/// In which order the threads of a block, and the blocks of a grid, get their turn. A missing
/// barrier shows in some orders and hides in others.
enum class Order : std::uint8_t { forward, reverse, random };

class AccessListener;
class BlockQueue;

using Entry = void (*)(void** arguments);

struct GridLaunch {
  Extent grid{1, 1, 1};
  Extent block{1, 1, 1};
  Entry entry = nullptr;
  void** arguments = nullptr;
  std::span<std::byte> dynamic_shared;
  std::span<const std::span<std::byte>> static_shared;  ///< used only to poison it
  bool poison_shared = false;                           ///< at the start of every block
  std::byte poison{0xff};                               ///< with this
  Order order = Order::forward;
  std::uint64_t seed = 0;              ///< of the random order
  bool whole = false;                  ///< blocks wait for each other: all are under way at once
  AccessListener* listener = nullptr;  ///< of a kernel that was compiled to be observed
  BlockQueue* queue = nullptr;         ///< if others run blocks of it too: gives them out
  unsigned runner = 0;                 ///< of the queue
};

/// Runs a grid block after block on the calling thread, each thread of a block as a fiber that
/// gives way at barriers and warp collectives. One at a time per executor.
class Executor {
 public:
  /// Nothing when the grid ran to its end, else what went wrong: a deadlock, a divergent barrier, a
  /// lane outside its own mask, a trap. make_room() was called before.
  [[nodiscard]] std::optional<std::string> run(const GridLaunch&);

  /// Makes the stacks that blocks of this many threads need. Throws std::bad_alloc.
  void make_room(unsigned threads);

  /// Of kernels with a barrier of the grid, more threads than these are refused: each takes two of
  /// the 65,530 mappings that a process may have.
  static constexpr std::uint64_t most_threads_at_once = 30720;

 private:
  [[nodiscard]] std::optional<std::string> run_whole(const GridLaunch&);

  FiberStacks stacks_;
  std::vector<Fiber> fibers_;
  std::vector<Warp> warps_;
};

}  // namespace evotune::cpu
