#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "device/cpu/arguments.h"
#include "device/cpu/block_queue.h"
#include "device/cpu/executor.h"
#include "device/cpu/guarded_buffer.h"
#include "device/cpu/kernel_image.h"
#include "device/cpu/steady.h"

namespace evotune::cpu {

struct Core;

/// What one more core needs to run blocks of a kernel. Shared memory, and what the shim remembers
/// of a block, are statics of the kernel's image, so it has an image of its own.
struct Hand {
  GuardedBuffer dynamic_shared;
  KernelImage image;
  std::vector<std::span<std::byte>> static_shared = image.shared_variables();
  Seconds busy = 0;                                            ///< in the last launch
  unsigned floating_point_mode = default_floating_point_mode;  ///< that it left behind
};

/// The further cores over which a kernel's checks are spread.
class Hands {
 public:
  explicit Hands(Compiled compiled) : compiled_(std::move(compiled)) {}

  /// One launch: on this thread, and from the moment that it lasts longer than Core::alone with the
  /// other cores. What the arguments hold is as run() of the executor leaves it.
  [[nodiscard]] std::optional<std::string> run(Core&, const GridLaunch&, const Arguments&);

  /// Of the last launch, all hands together.
  [[nodiscard]] Seconds busy() const;
  [[nodiscard]] bool surroundings_intact() const;

 private:
  void recruit(Core&, std::size_t count, const GridLaunch&, const Arguments&);
  void work(Core&, unsigned runner, GridLaunch, const Arguments&);

  Compiled compiled_;
  std::vector<std::unique_ptr<Hand>> hands_;  ///< runners 1, 2, …; this thread is runner 0
};

}  // namespace evotune::cpu
