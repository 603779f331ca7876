#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/handle.h"
#include "device/isolated/memory_file.h"

namespace evotune {

/// How to start a worker. "--fd N --report-fd N" is appended: its socket, and where the one line
/// goes that explains a crash.
struct WorkerCommand {
  std::vector<std::string> argv;
  Seconds dies_within = 30;  ///< of being killed, or its device counts as lost
};

/// How a process ended: by this signal, or with this exit code when `signal` is 0.
struct Ending {
  int exit_code = 0;
  int signal = 0;
  bool by_itself = true;  ///< not because we killed it
};

/// A child process in a process group of its own, which dies with this object.
class WorkerProcess {
 public:
  /// Throws IoError. PDEATHSIG fires when the calling *thread* ends: see Spawner.
  [[nodiscard]] static std::unique_ptr<WorkerProcess> start(const WorkerCommand&);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  [[nodiscard]] Handle take_socket() { return std::move(socket_); }
  void limit_memory(std::uint64_t bytes) const;
  void clear_logs();
  [[nodiscard]] std::string output() const { return output_.text(); }
  [[nodiscard]] std::string crash_report() const { return report_.text(); }

  /// Asks it to end and to say where it is, if it can.
  void ask_to_end() const;

  /// Gives it `grace` to end by itself, then kills whatever is left of its group. Throws DeviceLost
  /// when it does not die even so: it hangs in a driver. It is then left to itself.
  Ending end(Seconds grace);

 private:
  WorkerProcess() = default;
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] bool ends_within(Seconds) const;

  pid_t pid_ = -1;  ///< and process group; -1 once reaped, or given up
  Seconds dies_within_ = 0;
  TemporaryDirectory scratch_;  ///< its TMPDIR: what it leaves when it is killed goes with it
  Handle socket_;
  CappedLog output_{std::size_t{64} << 10};
  CappedLog report_{std::size_t{4} << 10};
};

}  // namespace evotune
