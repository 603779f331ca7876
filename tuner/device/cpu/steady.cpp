#include "device/cpu/steady.h"

#include <unistd.h>
#include <xmmintrin.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

namespace evotune::cpu {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t most_swept = std::size_t{64} << 20;

}  // namespace

PinnedToCore::PinnedToCore() {
  // Where the scheduler had put this process first: two that time at once then rarely share a core.
  static const int core = sched_getcpu();
  if (core < 0 || sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(core), &one);
  changed_ = sched_setaffinity(0, sizeof one, &one) == 0;
}

PinnedToCore::~PinnedToCore() {
  if (changed_) sched_setaffinity(0, sizeof before_, &before_);
}

std::size_t cache_bytes(int level) {
  const long bytes = sysconf(level == 2 ? _SC_LEVEL2_CACHE_SIZE : _SC_LEVEL3_CACHE_SIZE);
  return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

void CacheSweep::operator()() {
  if (memory_.empty()) {
    const std::size_t largest = std::max(cache_bytes(2), cache_bytes(3));
    memory_.assign(largest == 0 ? most_swept : std::min(2 * largest, most_swept), 1);
  }
  // Written, not only read: so the lines are this core's own and nothing can be skipped.
  volatile unsigned char* const lines = memory_.data();
  for (std::size_t i = 0; i < memory_.size(); i += line_bytes)
    lines[i] = static_cast<unsigned char>(lines[i] + 1);
}

unsigned floating_point_mode() { return _mm_getcsr(); }
void set_floating_point_mode(unsigned mode) { _mm_setcsr(mode); }

std::size_t thread_count(std::size_t expected) {
  for (int patience = expected == 0 ? 0 : 100;; --patience) {
    std::error_code ignored;  // without /proc nothing is counted, before and after alike
    const std::filesystem::directory_iterator tasks("/proc/self/task", ignored);
    const auto count = static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
    if (count <= expected || patience == 0) return count;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

unsigned usable_cores() {
  cpu_set_t mask;
  unsigned cores =
      sched_getaffinity(0, sizeof mask, &mask) == 0 ? static_cast<unsigned>(CPU_COUNT(&mask)) : 1;
  // "200000 100000": two cores' time. "max", or no such file: all of it.
  std::ifstream group("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (group >> quota >> period && quota > 0 && period > 0)
    cores = std::min(cores, static_cast<unsigned>(std::ceil(quota / period)));
  return cores;
}

}  // namespace evotune::cpu
