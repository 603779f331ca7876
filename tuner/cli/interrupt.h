#pragma once

#include <stdexcept>

namespace evotune {

constexpr int interrupted_exit_code = 130;

/// What a command throws after it has put everything away because of Ctrl-C or SIGTERM.
class Interrupted : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// From here on the first SIGINT or SIGTERM asks the run to end after the current evaluation; the
/// second ends the process at once (workers die with it).
void watch_for_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace evotune
