#include "device/cpu/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

#include "device/cpu/block_queue.h"
#include "device/cpu/running_block.h"
#include "device/cpu/switch.h"

namespace evotune::cpu {
namespace {

constexpr unsigned warp_lanes = 32;

Index index_in(unsigned number, const Extent& extent) {
  return {number % extent[0], number / extent[0] % extent[1], number / extent[0] / extent[1]};
}

/// What stays the same from block to block.
void tie_together(RunningBlock& block, const GridLaunch& launch) {
  for (unsigned i = 0; i < block.warp_count; ++i) {
    Warp& warp = block.warps[i];
    const unsigned lanes = std::min(block.threads - i * warp_lanes, warp_lanes);
    warp.present = lanes == warp_lanes ? ~0u : (1u << lanes) - 1;
    warp.number = i;
    warp.lanes = block.fibers + i * warp_lanes;
  }
  for (unsigned i = 0; i < block.threads; ++i) {
    Fiber& fiber = block.fibers[i];
    fiber = {};
    fiber.warp = &block.warps[i / warp_lanes];
    fiber.block = &block;
    fiber.thread = index_in(i, launch.block);
    fiber.lane = i % warp_lanes;
    fiber.number = i;
  }
}

RunningBlock running_block(const GridLaunch& launch) {
  RunningBlock block;
  block.dim = {launch.block[0], launch.block[1], launch.block[2]};
  block.grid = {launch.grid[0], launch.grid[1], launch.grid[2]};
  block.dynamic_shared = launch.dynamic_shared.data();
  block.threads = launch.block[0] * launch.block[1] * launch.block[2];
  block.warp_count = (block.threads + warp_lanes - 1) / warp_lanes;
  block.entry = launch.entry;
  block.arguments = launch.arguments;
  block.order = launch.order;
  block.listener = launch.listener;
  block.queue = launch.queue;
  block.nothing = 0x0101010101010101u * std::to_integer<std::uint64_t>(launch.poison);
  block.runner = launch.runner;
  block.random = launch.seed * 0x9E3779B97F4A7C15u + 88172645463325252u;
  return block;
}

void poison(const GridLaunch& launch) {
  const auto fill = [&launch](std::span<std::byte> bytes) {
    std::fill(bytes.begin(), bytes.end(), launch.poison);
  };
  fill(launch.dynamic_shared);
  for (const std::span<std::byte>& variable : launch.static_shared) fill(variable);
}

/// Puts every fiber at the kernel's start. Stack tops are staggered, because stacks that begin at
/// the same place of a page fight for the same cache sets (attention: 1.4 times as fast).
void start(RunningBlock& block) {
  block.votes = block.arrived = block.exited = 0;
  block.barrier_line = 0;
  block.at_grid_barrier = false;
  static std::atomic<std::uint64_t> blocks_started = 0;
  block.serial = ++blocks_started;
  block.warps_ready = block.warp_count == 32 ? ~0u : (1u << block.warp_count) - 1;
  for (unsigned i = 0; i < block.warp_count; ++i) {
    Warp& warp = block.warps[i];
    warp.ready = warp.present;
    warp.exited = 0;
    warp.gathering_count = 0;
  }
  for (unsigned i = 0; i < block.threads; ++i) {
    const std::size_t stagger = (i * 448u) & 0xfc0u;
    block.fibers[i].stack = new_stack(block.stacks->top_of(i) - 64 - stagger);
  }
  rewind(block);
}

bool has_returned(const Fiber& fiber) { return ((fiber.warp->exited >> fiber.lane) & 1u) != 0; }

bool wait_alike(const Fiber& a, const Fiber& b) {
  if (has_returned(a) || has_returned(b)) return has_returned(a) == has_returned(b);
  return a.wait_line == b.wait_line && std::strcmp(a.wait_name, b.wait_name) == 0;
}

/// "threads 0..31 wait in __syncthreads, line 12; threads 32..63 have returned"
std::string where_threads_wait(const RunningBlock& block) {
  std::string text;
  constexpr int enough = 6;
  int shown = 0;
  for (unsigned first = 0; first < block.threads && shown < enough; ++shown) {
    const Fiber& fiber = block.fibers[first];
    unsigned end = first + 1;
    while (end < block.threads && wait_alike(fiber, block.fibers[end])) ++end;
    const bool one = end == first + 1;
    if (!text.empty()) text += "; ";
    text += one ? fmt::format("thread {} ", first) : fmt::format("threads {}..{} ", first, end - 1);
    if (has_returned(fiber))
      text += one ? "has returned" : "have returned";
    else
      text += fmt::format("{} in {}, line {}", one ? "waits" : "wait", fiber.wait_name,
                          fiber.wait_line);
    first = end;
  }
  return text;
}

std::string place(const Index& at) { return fmt::format("({},{},{})", at.x, at.y, at.z); }

std::string explain(const RunningBlock& block) {
  const Stop& stop = block.stop;
  const std::string who =
      fmt::format("thread {} block {}", place(stop.fiber->thread), place(block.index));
  switch (stop.kind) {
    case Stop::Kind::deadlock:
      return fmt::format("deadlock in block {}: {}", place(block.index), where_threads_wait(block));
    case Stop::Kind::divergent:
      return fmt::format(
          "divergent barrier: {} comes to {} in line {} while others wait in line {}", who,
          stop.what, stop.line, stop.other_line);
    case Stop::Kind::outside_mask:
      return fmt::format("{} calls {} in line {} with a mask that does not name its own lane", who,
                         stop.what, stop.line);
    default:
      return fmt::format("{}, line {}, {}", stop.what, stop.line, who);
  }
}

}  // namespace

namespace {

Index block_index(const GridLaunch& launch, std::uint64_t turn) {
  const std::uint64_t row = turn / launch.grid[0];
  return {static_cast<unsigned>(turn % launch.grid[0]), static_cast<unsigned>(row % launch.grid[1]),
          static_cast<unsigned>(row / launch.grid[1])};
}

void go_on(RunningBlock& block) {
  evotune_switch(&block.executor, pick(block));
  evotune_self = nullptr;
}

/// A block that is under way beside others, and what its shared memory holds meanwhile.
struct Crew {
  RunningBlock block;
  FiberStacks stacks;
  std::vector<Fiber> fibers;
  std::vector<Warp> warps;
  std::vector<std::byte> shared;

  explicit Crew(const GridLaunch& launch)
      : block(running_block(launch)), stacks(block.warp_count * warp_lanes) {
    block.stacks = &stacks;
    fibers.resize(block.warp_count * warp_lanes);
    warps.resize(block.warp_count);
    block.fibers = fibers.data();
    block.warps = warps.data();
    tie_together(block, launch);
  }

  /// From its start, or from the barrier of the grid at which it is.
  void go_on(const GridLaunch& launch, bool first) {
    if (first) {
      if (launch.poison_shared) poison(launch);
      start(block);
    } else {
      restore(launch);
      open_barrier(block);
      rewind(block);
    }
    block.stop = {};
    cpu::go_on(block);
    if (block.stop.kind == Stop::Kind::grid_barrier) save(launch);
  }

 private:
  void save(const GridLaunch& launch) {
    shared.assign(launch.dynamic_shared.begin(), launch.dynamic_shared.end());
    for (const std::span<std::byte>& one : launch.static_shared)
      shared.insert(shared.end(), one.begin(), one.end());
  }
  void restore(const GridLaunch& launch) const {
    const std::byte* from = shared.data();
    const auto give_back = [&from](std::span<std::byte> to) {
      std::copy(from, from + to.size(), to.begin());
      from += to.size();
    };
    give_back(launch.dynamic_shared);
    for (const std::span<std::byte>& one : launch.static_shared) give_back(one);
  }
};

/// Whether what the block does next is followed.
bool follow(RunningBlock& block, AccessListener* listener, std::uint64_t number) {
  block.listener = listener != nullptr && listener->begins(block, number) ? listener : nullptr;
  return block.listener != nullptr;
}

}  // namespace

void Executor::make_room(unsigned threads) {
  const unsigned rounded = (threads + warp_lanes - 1) / warp_lanes * warp_lanes;
  if (rounded <= fibers_.size()) return;
  stacks_ = FiberStacks(rounded);
  fibers_.resize(rounded);
  warps_.resize(rounded / warp_lanes);
}

/// From one barrier of the grid to the next, block after block.
std::optional<std::string> Executor::run_whole(const GridLaunch& launch) {
  const std::uint64_t blocks = std::uint64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
  const std::uint64_t threads = blocks * launch.block[0] * launch.block[1] * launch.block[2];
  if (threads > most_threads_at_once)
    return fmt::format("{} threads of a kernel with a barrier of the whole grid are more than {}",
                       threads, most_threads_at_once);
  std::vector<std::unique_ptr<Crew>> crews;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    Crew& crew = *crews.emplace_back(std::make_unique<Crew>(launch));
    crew.block.index = block_index(launch, launch.order == Order::reverse ? blocks - 1 - i : i);
  }
  for (bool first = true;; first = false) {
    std::uint64_t waiting = 0, followed = 0;
    for (std::uint64_t i = 0; i < blocks; ++i) {
      Crew& crew = *crews[i];
      followed += follow(crew.block, launch.listener, i) ? 1u : 0u;
      crew.go_on(launch, first);
      const Stop::Kind stop = crew.block.stop.kind;
      if (stop == Stop::Kind::enough) return std::nullopt;
      if (stop != Stop::Kind::none && stop != Stop::Kind::grid_barrier) return explain(crew.block);
      waiting += stop == Stop::Kind::grid_barrier ? 1u : 0u;
    }
    if (waiting == 0) return std::nullopt;
    if (waiting != blocks)
      return fmt::format(
          "deadlock: {} blocks wait at a barrier of the whole grid, {} have returned", waiting,
          blocks - waiting);
    if (launch.listener == nullptr) continue;
    if (followed == 0) return std::nullopt;  // nothing more is to be learnt
    launch.listener->grid_met();
  }
}

std::optional<std::string> Executor::run(const GridLaunch& launch) {
  if (launch.whole) return run_whole(launch);
  RunningBlock block = running_block(launch);
  block.stacks = &stacks_;
  block.fibers = fibers_.data();
  block.warps = warps_.data();
  tie_together(block, launch);

  const std::uint64_t blocks = std::uint64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
  const auto from = [&launch](std::uint64_t number) {
    return launch.queue != nullptr ? launch.queue->take(launch.runner) : number;
  };
  for (std::uint64_t i = from(0); i < blocks; i = from(i + 1)) {
    const std::uint64_t turn = launch.order == Order::reverse ? blocks - 1 - i : i;
    block.index = block_index(launch, turn);
    if (launch.listener != nullptr && !follow(block, launch.listener, i)) continue;
    if (launch.poison_shared) poison(launch);
    start(block);
    go_on(block);
    if (block.stop.kind != Stop::Kind::none) break;
  }
  if (block.stop.kind == Stop::Kind::none || block.stop.kind == Stop::Kind::enough)
    return std::nullopt;
  return explain(block);
}

}  // namespace evotune::cpu
