#include "device/cpu/hands.h"

#include <algorithm>
#include <new>
#include <numeric>
#include <system_error>
#include <thread>
#include <utility>

#include "device/cpu/faults.h"
#include "device/cpu/loaded_kernel.h"

namespace evotune::cpu {

/// As many as there are or as can be had: an image or stacks that there is no room for are no
/// reason to fail.
void Hands::recruit(Core& core, std::size_t count, const GridLaunch& launch,
                    const Arguments& arguments) {
  try {
    while (hands_.size() < count) {
      GuardedBuffer dynamic_shared(launch.dynamic_shared.size());
      auto image = KernelImage::open(compiled_, dynamic_shared.bytes().data());
      if (!image) break;
      hands_.push_back(std::make_unique<Hand>(Hand{std::move(dynamic_shared), std::move(*image)}));
    }
    for (std::size_t i = 0; i < hands_.size(); ++i) {
      if (core.further.size() == i) core.further.push_back(std::make_unique<Executor>());
      core.further[i]->make_room(launch.block[0] * launch.block[1] * launch.block[2]);
      arguments.copy_constants(hands_[i]->image);
    }
  } catch (const std::bad_alloc&) {
    hands_.clear();
  }
}

void Hands::work(Core& core, unsigned runner, GridLaunch launch, const Arguments& arguments) {
  Hand& hand = *hands_[runner - 1];
  Executor& executor = *core.further[runner - 1];
  const Seconds start = monotonic_seconds();
  launch.runner = runner;
  launch.entry = hand.image.entry();
  launch.dynamic_shared = hand.dynamic_shared.bytes();
  launch.static_shared = hand.static_shared;
  try {
    const FaultWatch watch(arguments.regions_beside(hand.dynamic_shared), hand.image.place());
    set_floating_point_mode(default_floating_point_mode);
    if (auto why = executor.run(launch)) launch.queue->end(runner, *std::move(why));
    hand.floating_point_mode = floating_point_mode();
  } catch (const std::bad_alloc&) {
    launch.queue->leave(runner);  // it has no stack for its signals, and has taken no block
  }
  hand.busy = monotonic_seconds() - start;
}

std::optional<std::string> Hands::run(Core& core, const GridLaunch& whole,
                                      const Arguments& arguments) {
  for (const std::unique_ptr<Hand>& hand : hands_) {
    hand->busy = 0;
    hand->floating_point_mode = default_floating_point_mode;
  }
  BlockQueue queue(std::uint64_t{whole.grid[0]} * whole.grid[1] * whole.grid[2]);
  GridLaunch launch = whole;
  launch.queue = &queue;
  queue.pause_at(monotonic_seconds() + core.alone);
  if (auto why = core.executor.run(launch)) return why;
  const std::uint64_t left = queue.left();
  if (left == 0) return std::nullopt;

  queue.pause_at(std::nullopt);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(core.cores, left)) - 1;
  recruit(core, wanted, launch, arguments);
  {
    std::vector<std::jthread> threads;
    threads.reserve(wanted);
    queue.join(0);
    for (unsigned runner = 1; runner <= std::min(wanted, hands_.size()); ++runner) {
      queue.join(runner);
      try {
        threads.emplace_back([&, runner] { work(core, runner, launch, arguments); });
      } catch (const std::exception&) {  // no more threads are allowed, or no memory
        queue.leave(runner);
        break;
      }
    }
    if (auto why = core.executor.run(launch)) queue.end(0, *std::move(why));
  }
  // As if all had been done on this thread.
  for (const std::unique_ptr<Hand>& hand : hands_)
    if ((hand->floating_point_mode & ~floating_point_flags) != default_floating_point_mode)
      set_floating_point_mode(hand->floating_point_mode);
  return queue.why_ended();
}

Seconds Hands::busy() const {
  return std::accumulate(hands_.begin(), hands_.end(), Seconds{0},
                         [](Seconds sum, const auto& hand) { return sum + hand->busy; });
}

bool Hands::surroundings_intact() const {
  return std::all_of(hands_.begin(), hands_.end(),
                     [](const auto& hand) { return hand->dynamic_shared.surroundings_intact(); });
}

}  // namespace evotune::cpu
