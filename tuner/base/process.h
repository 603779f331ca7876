#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace evotune {

struct ProcessLimits {
  Seconds seconds = 300;
  std::size_t output_bytes = std::size_t{64}
                             << 10;  ///< what is kept; the rest is drained and dropped
  std::uint64_t memory_bytes = 0;    ///< that it may write to; 0: as much as the caller
};

struct ProcessResult {
  int exit_code = -1;      ///< meaningful when `signal` is 0
  int signal = 0;          ///< the signal that ended it, else 0
  bool timed_out = false;  ///< killed at the limit
  std::string output;      ///< stdout and stderr together, as they came
};

/// Runs a program by argument vector (never a shell) and waits for it, at most `seconds`; so much
/// processor time it has too, and each process that it starts. It stays in the caller's process
/// group, so that whoever kills the group kills it too.
/// Throws IoError when it cannot be started at all.
[[nodiscard]] ProcessResult run_process(const std::vector<std::string>& argv,
                                        const ProcessLimits& = {});

/// What this variable of the environment says; nothing where it is not set, or empty.
[[nodiscard]] std::optional<std::string> environment_variable(const char* name);

/// Where PATH finds this program, if it does.
[[nodiscard]] std::optional<std::string> find_program(const std::string& name);

}  // namespace evotune
