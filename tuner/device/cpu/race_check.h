#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "device/cpu/access_check.h"
#include "device/cpu/access_listener.h"
#include "device/cpu/pending_copies.h"
#include "device/cpu/race_shadow.h"
#include "device/cpu/releases.h"
#include "device/cpu/thread_clocks.h"
#include "device/cpu/watched_memory.h"

namespace evotune::cpu {

/// A race as it is seen, before its places are lines.
struct FoundRace {
  RaceScope scope = RaceScope::block;
  FoundAccess earlier, later;
  std::size_t region = 0;
  std::uintptr_t address = 0;
};

/// Finds accesses of the same memory that nothing orders, whatever order they had in this run: by
/// barriers of the block (epochs), of the grid (from where epochs go on), of the warp and of other
/// parts of the block (vector clocks; shuffles and votes order nothing but the read of what they
/// are given), and by atomics after a fence. Two writes of the same value are no race, nor are
/// atomics among themselves, unless they are of two blocks and one is meant for its own alone, nor
/// volatile accesses of global memory by different blocks, nor the plain read that is the first
/// guess of a compare-and-swap: CUDA's guide writes it so. An asynchronous copy writes at any time
/// until it is waited for.
class RaceCheck final : public AccessListener {
 public:
  /// After so many accesses or words the rest of the blocks is left out, after the most also the
  /// rest of the block that runs.
  static constexpr std::uint64_t enough_accesses = 20'000'000, enough_words = 8'000'000;
  static constexpr std::uint64_t most_accesses = 2 * enough_accesses;
  /// Bytes of what atomics after fences have released: the same.
  static constexpr std::size_t enough_kept = std::size_t{64} << 20, most_kept = 2 * enough_kept;
  static constexpr std::size_t most_races = 64;
  /// The memory outlives it. `whole`: blocks are under way at once. Throws std::bad_alloc.
  RaceCheck(const WatchedMemory& memory, std::uintptr_t image_base, bool whole = false)
      : memory_(memory),
        shadow_(memory),
        access_check_(memory, whole),
        image_base_(image_base),
        whole_(whole) {}

  bool begins(const Block&, std::uint64_t number) override;
  bool accessed(const Fiber&, const Access&) override;
  void rows(const Fiber&, const Access&, std::span<const void* const>) override {}
  void met(const Warp*, std::uint32_t lanes, bool ordered) override;
  void fenced(const Fiber&, bool for_all) override;
  void arrived(const Fiber&, const void* barrier, unsigned phase) override;
  void passed(const Fiber&, const void* barrier, unsigned phase) override;
  void woke(const void* barrier) override;
  void copies(const Fiber&, const Access&) override;
  void copied(const Fiber&, const Access&) override;
  void took_nothing(const Fiber& fiber, int lane, const Access& where) override {
    access_check_.took_nothing(lane, stamp_of(fiber, where));
  }
  void grid_met() override;

  /// One race for each pair of places, in the order of being found; of several the one between
  /// threads that are the farthest apart, because what orders them orders the others too.
  [[nodiscard]] const std::vector<FoundRace>& finish();
  /// But for reads that take part in a race. After finish().
  [[nodiscard]] std::vector<FoundFault> faults() const;
  [[nodiscard]] std::uint64_t observed_blocks() const { return observed_blocks_; }
  /// Of them those that were followed to their end.
  [[nodiscard]] std::uint64_t whole_blocks() const;

 private:
  /// Two writes: a race only if the second changes what the first has left, which is known once it
  /// is done.
  struct Doubt {
    FoundRace race;
    std::uint32_t bytes = 0;
    std::uint32_t before = 0;
  };

  /// What those have told that arrived at a barrier for a part of the block, and before.
  struct Phase {
    unsigned number = 0;
    ThreadClocks::Far told;
  };
  /// Who passes is late by a few at most: others may have met before it runs again.
  static constexpr std::size_t most_phases = 8;

  /// Of the thread's own; no bytes: its last access was another.
  struct LastRead {
    std::size_t region = 0;
    std::uintptr_t address = 0;
    std::uint32_t bytes = 0;
  };

  void hand_over(unsigned warp, std::uint32_t lanes);
  [[nodiscard]] Stamp stamp_of(const Fiber&, const Access&) const;
  void look_for_copies(const Stamp& now, const Access&, std::size_t region);
  void check(ShadowWord&, const Stamp& now, AccessKind, std::size_t region, std::uintptr_t address,
             std::uint32_t bytes);
  void compare(const Stamp& then, AccessKind, const FoundRace& now, std::uint32_t bytes);
  [[nodiscard]] bool ordered(const Stamp& then, const FoundRace& now) const;
  void remember_read(ShadowWord&, const FoundRace& now) const;
  void remember_guess(const ShadowWord&, const Stamp& now);
  [[nodiscard]] bool is_guess(const FoundRace&) const;
  void report(const FoundRace&);
  void settle_doubts();

  const WatchedMemory& memory_;
  RaceShadow shadow_;
  ThreadClocks clocks_;
  Releases releases_;
  PendingCopies pending_;
  std::pair<std::uintptr_t, unsigned> done_;  ///< a copy whose write is next, and its thread
  std::vector<LastRead> last_reads_;          ///< by thread
  std::map<const void*, std::vector<Phase>> arrivals_;  ///< sorted, the last phases of a barrier
  AccessCheck access_check_;
  std::uintptr_t image_base_;
  bool whole_;
  std::uint32_t block_ = 0, epoch_ = 0, latest_epoch_ = 0;
  std::uint32_t grid_epoch_ = 0;  ///< in which all blocks go on from the last barrier of the grid
  std::uint64_t accesses_ = 0, words_ = 0, observed_blocks_ = 0;
  std::uint64_t broken_off_ = 0;  ///< blocks that were
  std::array<Doubt, 32> doubts_;
  std::size_t doubt_count_ = 0;
  std::map<std::pair<Place, Place>, std::size_t> seen_;  ///< which of the found it is
  std::set<Place> guesses_;  ///< reads of what their thread compares and swaps next
  std::vector<FoundRace> found_;
};

}  // namespace evotune::cpu
