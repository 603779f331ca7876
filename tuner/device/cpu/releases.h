#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "device/cpu/thread_clocks.h"

namespace evotune::cpu {

/// How far an atomic operation or a fence reaches.
enum class Reach : bool { device, block };

/// Order that goes through atomics and fences: the last block of a grid that reads what the others
/// left, a lock. A thread that has fenced and then touches an atomic releases what happened before
/// its fence, and what its block did before a barrier that it has passed; a thread that touches it
/// later acquires that. More lenient than the PTX memory model, which also asks for a fence on the
/// acquiring side.
class Releases {
 public:
  Releases() : fences_(ThreadClocks::most_threads) {}

  void begin_block(std::uint32_t block);
  /// All that was released is ordered by a barrier of the grid now.
  void forget() {
    begin_block(0);
    lists_.clear();
    heard_.clear();
    kept_ = 0;
    acquired_ = &heard_[0];
  }
  void fence(ThreadClocks::Past, Reach);
  /// An atomic operation of a thread. What its own block has released it knows from now on.
  void touch(std::uintptr_t address, const Moment& now, Reach, ThreadClocks&);
  /// Whether `earlier`, of another block, was released to `now` in the meantime.
  [[nodiscard]] bool order(const Moment& earlier, const Moment& now,
                           const ThreadClocks& clocks) const {
    return !acquired_->empty() && find(earlier, now, clocks);
  }
  /// Bytes, about, that it holds of all blocks.
  [[nodiscard]] std::size_t kept() const { return kept_; }

 private:
  /// Changed only by who alone holds it.
  using Before = std::shared_ptr<ThreadClocks::Past>;
  struct Fences {
    Before device, any;  ///< the last of a thread
  };
  /// All that a block has released at an address: who acquires it is of a later block, and within
  /// the block order goes by clocks.
  struct Release {
    std::uint32_t block = 0;
    std::uint32_t epochs = 0;  ///< that barriers and fences of any of its threads have released
    Before fenced;             ///< by those threads that released or others of their warps
    [[nodiscard]] bool covers(const Moment& earlier) const {
      return earlier.epoch < epochs || (fenced && fenced->covers(earlier));
    }
  };
  struct Touched {
    std::vector<Release> releases;  ///< blocks run one after the other: sorted by block
    std::uint32_t block = 0;        ///< that released last
    Before within;                  ///< what that block has released, for itself
    Moment acquired;                ///< the last time that anybody did
  };
  struct Acquisition {
    const Touched* from = nullptr;
    std::size_t count = 0;  ///< of its releases that came before, all of other blocks
    Moment at;
  };
  using Acquisitions = std::vector<Acquisition>;
  /// How many releases of blocks in between are asked what they had acquired: who hears by more
  /// than these has heard nothing.
  static constexpr unsigned most_steps = 32;

  [[nodiscard]] bool find(const Moment& earlier, const Moment& now, const ThreadClocks&) const;
  [[nodiscard]] bool heard_by(const Release&, const Moment& earlier, unsigned& steps) const;
  [[nodiscard]] bool told_by(const Acquisition&, const Moment& earlier, unsigned& steps) const;
  [[nodiscard]] Before fenced_before(const Moment& now, Reach, const ThreadClocks&) const;
  void acquire(Touched&, const Moment& now, Reach, ThreadClocks&);
  void release(Touched&, const Moment& now, const ThreadClocks&);
  void add(const Before& past, Before& to, const ThreadClocks&);

  std::unordered_map<std::uintptr_t, Touched> lists_;      ///< by the atomic's address
  std::unordered_map<std::uint32_t, Acquisitions> heard_;  ///< by block
  Acquisitions* acquired_ = &heard_[0];                    ///< by the block that runs
  std::vector<Fences> fences_;                             ///< of its threads
  bool fenced_ = false, fenced_for_all_ = false;           ///< by any of its threads
  std::uint32_t fence_epoch_ = 0;
  std::size_t kept_ = 0;
  const ThreadClocks::Past* counted_ = nullptr;  ///< the last that was shared
};

}  // namespace evotune::cpu
