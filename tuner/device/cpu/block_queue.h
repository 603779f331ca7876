#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace evotune::cpu {

/// The blocks of one launch, taken in ascending order by the threads that run them, its runners.
/// What ends a launch early is what its lowest such block says, as if all had run one by one.
class BlockQueue {
 public:
  static constexpr std::uint64_t none = ~std::uint64_t{0};
  static constexpr unsigned most_runners = 8;

  explicit BlockQueue(std::uint64_t blocks);

  /// For a runner: before it takes its first block, and if it takes none.
  void join(unsigned runner) { at_[runner] = 0; }
  void leave(unsigned runner) { at_[runner] = none; }
  /// The next block, or none; the runner's last one is done by then.
  [[nodiscard]] std::uint64_t take(unsigned runner);
  /// The runner's block has ended the launch.
  void end(unsigned runner, std::string why);

  /// From this moment on none is given out, until it is another or nothing; no one else is running.
  void pause_at(std::optional<Seconds> moment) { pause_at_ = moment; }
  [[nodiscard]] std::uint64_t left() const;
  /// What ended the launch; when all is quiet.
  [[nodiscard]] const std::optional<std::string>& why_ended() const { return why_; }

  /// In a signal handler: whether the runner's block is the lowest that goes wrong. Waits for the
  /// lower ones.
  [[nodiscard]] bool is_first_to_fail(unsigned runner) const;

 private:
  const std::uint64_t blocks_;
  std::atomic<std::uint64_t> next_ = 0;
  /// Each runner's block. It is never more than what the runner has not finished.
  std::array<std::atomic<std::uint64_t>, most_runners> at_;
  std::optional<Seconds> pause_at_;
  std::mutex ending_;
  std::atomic<std::uint64_t> ended_at_ = none;
  std::optional<std::string> why_;
};

}  // namespace evotune::cpu
