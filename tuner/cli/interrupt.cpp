#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace evotune {
namespace {

volatile std::sig_atomic_t signals_seen = 0;

void on_signal(int) {
  if (signals_seen > 0) _exit(interrupted_exit_code);
  signals_seen = 1;
  constexpr char note[] = "\nevotune: ending after the current evaluation; again to end at once\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, note, sizeof note - 1);
}

}  // namespace

void watch_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return signals_seen > 0; }

}  // namespace evotune
