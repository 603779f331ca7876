#pragma once

#include <sched.h>

#include <cstddef>
#include <vector>

// What keeps one timing like another, and notices a kernel that changed the process it runs in.

namespace evotune::cpu {

/// Pins the calling thread to a core, for as long as it lives: always the same one of a process, so
/// that what is compared ran in the same place.
class PinnedToCore {
 public:
  PinnedToCore();
  ~PinnedToCore();
  PinnedToCore(const PinnedToCore&) = delete;
  PinnedToCore& operator=(const PinnedToCore&) = delete;

 private:
  cpu_set_t before_{};
  bool changed_ = false;
};

/// Evicts the caches by walking through more memory than they hold (at most 64 MiB: beyond that it
/// costs more time than the last level's leftovers are worth).
class CacheSweep {
 public:
  void operator()();

 private:
  std::vector<unsigned char> memory_;  ///< allocated by the first sweep
};

[[nodiscard]] std::size_t cache_bytes(int level);  ///< 0: unknown

/// Rounding, denormals and exception masks of SSE. A kernel begins with the default (round to
/// nearest, denormals kept) and has to leave it alone.
[[nodiscard]] unsigned floating_point_mode();
void set_floating_point_mode(unsigned);
constexpr unsigned default_floating_point_mode = 0x1f80;
constexpr unsigned floating_point_flags = 0x3f;  ///< what arithmetic raises by itself

/// The system may list a thread for a moment after its end: up to a tenth of a second is waited for
/// this number.
[[nodiscard]] std::size_t thread_count(std::size_t expected = 0);

/// The cores on which this thread may run, and of which its control group may have the time.
[[nodiscard]] unsigned usable_cores();

}  // namespace evotune::cpu
