#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "device/cpu/access_listener.h"
#include "device/cpu/race_check.h"
#include "device/cpu/watched_memory.h"

namespace evotune::cpu {

/// What one instruction's accesses cost, in the blocks that were observed.
struct SiteCosts {
  std::uint32_t bytes = 0;  ///< the widest
  double requests = 0, transactions = 0, ideal = 0;
};

/// Counts what a GPU's memory would have to do, warp by warp: passes over the 32 banks of shared
/// memory, 32-byte sectors of global memory. Caches are not modelled.
///
/// Threads run one after the other here, so a warp's requests are put together afterwards: the n-th
/// access of each lane by one instruction belongs to one request. Instructions next to each other
/// that take neighbouring bytes in every lane, 16 at most, count as one: that is what became of a
/// float4 in the host's compiler.
///
/// What a warp moves to or from tensor cores goes in phases of eight rows, 16 bytes of each: so
/// ldmatrix is documented, and so are WMMA's loads and stores taken to be.
class MemoryModel final : public AccessListener {
 public:
  /// Observes so many blocks, spread evenly over the grid, and at most so many accesses.
  static constexpr std::uint64_t most_blocks = 64, most_accesses = 200'000'000;
  MemoryModel(const WatchedMemory& memory, std::uintptr_t image_base, std::uint64_t blocks)
      : memory_(memory), image_base_(image_base), blocks_(blocks) {}

  bool begins(const Block&, std::uint64_t number) override;
  bool accessed(const Fiber&, const Access&) override;
  void rows(const Fiber&, const Access& each, std::span<const void* const>) override;
  void met(const Warp*, std::uint32_t, bool) override {}
  void fenced(const Fiber&, bool) override {}
  void grid_met() override { goes_on_ = true; }

  struct Site {
    Place place = 0;
    AccessKind kind = AccessKind::read;
    bool shared = false;
    auto operator<=>(const Site&) const = default;
  };
  [[nodiscard]] const std::map<Site, SiteCosts>& finish();
  [[nodiscard]] std::uint64_t observed_blocks() const { return observed_blocks_; }

 private:
  static constexpr unsigned lanes = 32;
  /// Of one instruction in one warp, kept until another warp has its turn; more are only counted.
  static constexpr std::size_t most_visits = 4096;

  /// The accesses of a warp that make one request.
  struct Visit {
    std::uint32_t who = 0, bytes = 0;
    std::array<std::uintptr_t, lanes> at{};
  };
  struct Visits {
    std::array<std::uint32_t, lanes> count{};
    std::vector<Visit> visits;
    std::uint32_t most = 0;  ///< visits of one lane
    Place last = 0;          ///< of the instructions that are parts of this one
  };

  [[nodiscard]] Place place_of(const Access&) const;
  void record(const Site&, unsigned lane, std::uintptr_t address, std::uint32_t bytes);
  void join_parts();
  [[nodiscard]] static bool continues(const Visits& first, const Visits& next, Place);
  void flush();
  [[nodiscard]] static double passes(const Visit&, AccessKind, double& ideal);
  [[nodiscard]] static double sectors(const Visit&, double& ideal);

  const WatchedMemory& memory_;
  std::uintptr_t image_base_;
  std::uint64_t blocks_;
  std::uint64_t observed_blocks_ = 0, accesses_ = 0;
  bool goes_on_ = false;        ///< blocks have begun before
  const Warp* warp_ = nullptr;  ///< whose accesses are being put together
  std::map<Site, Visits> visits_;
  std::map<Site, SiteCosts> totals_;
};

}  // namespace evotune::cpu
