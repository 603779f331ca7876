#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "outcome/failure.h"

namespace evotune {

/// What to look for in an observed run.
enum class Watch : std::uint8_t { races, memory };

enum class AccessKind : std::uint8_t { read, write, atomic };
[[nodiscard]] std::string to_text(AccessKind);

/// A line of a kernel's source; line 0 is not known.
struct SourceLine {
  std::string file;
  int line = 0;
  auto operator<=>(const SourceLine&) const = default;
};
[[nodiscard]] std::string to_text(const SourceLine&);  ///< "kernel.cu:12"

/// An access of a thread: one side of a race, or a fault.
struct RacingAccess {
  AccessKind kind = AccessKind::read;
  bool is_volatile = false;
  SourceLine where;
  std::array<std::uint32_t, 3> thread{}, block{};
  bool of_block = false;  ///< an atomic for the threads of its block alone
  bool operator==(const RacingAccess&) const = default;
};

/// What would have to stand between the two accesses: a wait for an asynchronous copy, __syncwarp,
/// __syncthreads, or nothing can.
enum class RaceScope : std::uint8_t { copy, warp, block, grid };

/// Two accesses of the same memory, one of them a write, in an order that nothing decides.
struct Race {
  RaceScope scope = RaceScope::block;
  RacingAccess earlier, later;  ///< as it happened to be here; on a GPU either may be first
  std::string memory;           ///< "shared memory tile", "buffer C"
  std::uint64_t byte = 0;       ///< of that memory
  bool operator==(const Race&) const = default;
};
/// One sentence: who, where, what is missing.
[[nodiscard]] std::string to_text(const Race&);

/// Outside the memory that it is meant for; at an address that its width does not divide; of shared
/// memory that nobody in the block has written; of the value of a lane that takes no part.
enum class AccessFaultKind : std::uint8_t { outside, misaligned, unwritten, absent };
[[nodiscard]] std::string to_text(AccessFaultKind);

/// A faulty access that this machine forgives, so that only a run whose accesses are followed shows
/// it.
struct AccessFault {
  AccessFaultKind kind = AccessFaultKind::outside;
  RacingAccess access;
  std::string memory;       ///< "shared tile", "buffer C"
  std::uint64_t size = 0;   ///< of that memory
  std::int64_t byte = 0;    ///< of that memory, where the access begins; of `absent`: the lane
  std::uint32_t bytes = 0;  ///< that it takes
  bool operator==(const AccessFault&) const = default;
};
[[nodiscard]] std::string to_text(const AccessFault&);

/// What the accesses of one kind in one line cost, summed over a launch.
struct AccessSite {
  SourceLine where;
  AccessKind kind = AccessKind::read;
  bool shared = false;      ///< else global
  std::uint32_t bytes = 0;  ///< that one thread takes at once; the widest of the line
  double requests = 0;      ///< of warps
  double transactions = 0;  ///< shared: passes over the banks; global: sectors of 32 bytes
  double ideal = 0;         ///< as few of them as the bytes asked for need
  bool operator==(const AccessSite&) const = default;
};

/// What an observed run showed. Blocks that were not observed are allowed for in the sites' sums.
struct Observation {
  std::vector<Race> races;          ///< one for each pair of lines, the first that was seen
  std::vector<AccessFault> faults;  ///< one for each kind and line
  std::vector<AccessSite> sites;
  std::uint64_t blocks = 0, observed_blocks = 0;  ///< for races: to their end
  bool operator==(const Observation&) const = default;
};

/// "12 of 64 blocks were followed to their end"; nothing if all were.
[[nodiscard]] std::string what_was_followed(const Observation&);

/// What is wrong with a kernel that showed this, what explains the rest first.
[[nodiscard]] std::vector<Failure> complaints(const Observation&);

}  // namespace evotune
