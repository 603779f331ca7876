#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace evotune::cpu {

/// A moment in a thread's life: what barriers its block had passed orders it against the rest.
struct Moment {
  std::uint32_t block = 0, epoch = 0, thread = 0;
};

/// Order that goes through atomics and fences: the last block of a grid that reads what the others
/// left, a lock. A thread that has fenced and then touches an atomic releases what its block has
/// done so far; a thread that touches it later acquires that. More lenient than the PTX memory
/// model, which also asks for a fence on the acquiring side.
class Releases {
 public:
  void begin_block() {
    fenced_ = false;
    acquired_.clear();
  }
  /// All that was released is ordered by a barrier of the grid now.
  void forget() {
    begin_block();
    lists_.clear();
  }
  void fence(std::uint32_t epoch) {
    fenced_ = true;
    fence_epoch_ = epoch;
  }
  /// An atomic operation of a thread.
  void touch(std::uintptr_t address, const Moment& now);
  /// Whether `earlier` was released to `now` in the meantime.
  [[nodiscard]] bool order(const Moment& earlier, const Moment& now) const {
    return !acquired_.empty() && find(earlier, now);
  }

 private:
  struct Release {
    Moment at;
    std::uint32_t fence_epoch = 0;
  };
  using List = std::vector<Release>;  ///< blocks run one after the other: sorted by block
  struct Acquisition {
    const List* from = nullptr;
    std::size_t count = 0;  ///< of its releases that came before
    Moment at;
  };
  [[nodiscard]] bool find(const Moment& earlier, const Moment& now) const;
  [[nodiscard]] static bool covers(const Release&, const Moment& earlier);

  std::unordered_map<std::uintptr_t, List> lists_;  ///< by the atomic's address
  std::vector<Acquisition> acquired_;               ///< by the block that runs
  bool fenced_ = false;
  std::uint32_t fence_epoch_ = 0;
};

}  // namespace evotune::cpu
