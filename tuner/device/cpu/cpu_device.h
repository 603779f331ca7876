#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "device/cpu/executor.h"
#include "device/device.h"

namespace evotune {

struct CpuOptions {
  std::string compiler = {};  ///< a program; empty: $EVOTUNE_CXX, else clang++, else g++
  cpu::Order order = cpu::Order::forward;
  std::uint64_t seed = 1;  ///< of the random order
  /// Over which the blocks of a check are spread, at most; 0: those that this thread may use, up to
  /// eight. Kernels whose blocks may speak to each other stay on one.
  unsigned cores = 0;
  Seconds alone = 1e-3;  ///< what a check takes on one core before it is spread
  /// After which a compilation ends as Stage::timeout. Behind device/isolated its limit comes
  /// first, and ends all that the compiler has started.
  Seconds compile_limit = 600;
  std::uint64_t compile_bytes = std::uint64_t{8} << 30;  ///< of memory
};

/// Runs CUDA kernels on this machine's processor: the host compiler makes a shared object of them,
/// which runs *in this process*. So it belongs behind device/isolated: a fault ends the process
/// (exit code 134) after one line to the descriptor of set_crash_report_fd, and an endless loop
/// does not end.
///
/// Runs with one launch and without flush are checks: there shared memory is poisoned before every
/// block, and buffers lie with their end at a guard page in one run and with their start in the
/// next. Timed runs do without the poison, their buffers always end at a guard page, and they stay
/// on one core.
[[nodiscard]] std::unique_ptr<Device> make_cpu_device(const CpuOptions& = {});

/// Where a fault in a kernel writes its one line before the process ends; -1: standard error.
void set_crash_report_fd(int fd);

}  // namespace evotune
