#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "device/isolated/worker_process.h"

namespace evotune {

/// Starts workers from one thread that lives as long as they do: PR_SET_PDEATHSIG fires when the
/// thread that spawned ends, and whoever needs a worker may be a short-lived thread.
class Spawner {
 public:
  explicit Spawner(WorkerCommand);
  ~Spawner();  ///< workers must be gone by then
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  /// Any thread. Throws IoError.
  [[nodiscard]] std::unique_ptr<WorkerProcess> spawn();

 private:
  using Order = std::packaged_task<std::unique_ptr<WorkerProcess>()>;
  void serve_orders();

  WorkerCommand command_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Order> orders_;
  bool closing_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace evotune
