#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/cpu/arguments.h"
#include "device/cpu/executor.h"
#include "device/cpu/guarded_buffer.h"
#include "device/cpu/hands.h"
#include "device/cpu/kernel_image.h"
#include "device/cpu/steady.h"
#include "device/device.h"

namespace evotune::cpu {

/// What all kernels of a device share, so that a candidate and its baseline run on the same stacks.
struct Core {
  Executor executor;
  CacheSweep sweep;
  Order order = Order::forward;
  std::uint64_t seed = 0;
  unsigned cores = 1;                              ///< over which checks are spread, at most
  Seconds alone = 0;                               ///< what a check takes before it is
  std::vector<std::unique_ptr<Executor>> further;  ///< of the other cores
};

/// Limits of a launch, as a GPU has them.
[[nodiscard]] std::optional<Failure> refuse_launch(const Launch&, int static_shared_bytes);

/// A run with one launch and without flush is a *checking* run: buffers change their place between
/// their guards from run to run, and shared memory is poisoned before every block. Other runs are
/// timed: they pay for no poison, find their buffers always in the same place (the end at a guard),
/// and are pinned to one core.
class LoadedKernel final : public Loaded {
 public:
  /// `compiled` is what the image was opened from; kept where it can be observed, or spread.
  LoadedKernel(std::shared_ptr<Core>, KernelImage, GuardedBuffer dynamic_shared, const Launch&,
               const Workload&, const Compiled& compiled);

  Result<Sample> run(const Run&) override;
  Result<Observation> observe(std::size_t input_set, Watch, Seconds limit) override;
  Result<Buffers> read() override { return arguments_.read(); }

 private:
  [[nodiscard]] Result<Sample> launch(const Run&, bool checking);
  /// What the kernel did to the process beside its work.
  [[nodiscard]] std::optional<Failure> find_damage(std::size_t threads_before) const;
  [[nodiscard]] std::vector<WatchedRegion> watched_regions() const;
  [[nodiscard]] GridLaunch grid_launch();
  [[nodiscard]] std::optional<std::string> run_followed(AccessListener&, std::byte poison);
  [[nodiscard]] std::optional<Failure> find_races(std::size_t input_set, const WatchedMemory&,
                                                  Observation&);
  [[nodiscard]] std::optional<Failure> count_costs(const WatchedMemory&, Observation&);
  /// Whether what shared memory holds before a block begins has a part in the answer.
  [[nodiscard]] bool depends_on_poison(std::size_t input_set, std::uint64_t blocks);
  [[nodiscard]] bool can_be_spread() const;

  std::shared_ptr<Core> core_;
  KernelImage image_;
  GuardedBuffer dynamic_shared_;
  std::vector<std::span<std::byte>> static_shared_;
  Launch launch_;
  const Workload& workload_;
  Arguments arguments_;
  std::vector<std::byte> file_;  ///< with the debug information of what can be observed
  std::optional<Hands> hands_;   ///< of a kernel that can be spread
  Placement next_check_ = Placement::at_end;
};

}  // namespace evotune::cpu
