#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "device/isolated/isolated_device.h"
#include "device/isolated/spawner.h"
#include "device/isolated/worker.h"

namespace evotune {

/// Where workers come from. Any thread.
class Crew {
 public:
  Crew(WorkerCommand command, const IsolatedDeviceOptions& options)
      : options_(options), spawner_(std::move(command)) {}

  [[nodiscard]] const IsolatedDeviceOptions& options() const { return options_; }
  /// Throws DeviceLost at the third failure in a row.
  [[nodiscard]] Result<std::unique_ptr<Worker>> hire();

 private:
  IsolatedDeviceOptions options_;
  Spawner spawner_;
  std::atomic<int> failures_ = 0;
};

/// Workers that compile: as many as there have ever been callers at once.
class CompilePool {
 public:
  explicit CompilePool(std::shared_ptr<Crew> crew) : crew_(std::move(crew)) {}
  [[nodiscard]] Result<Compiled> compile(const Source&);
  void add(std::unique_ptr<Worker>);

 private:
  [[nodiscard]] Result<std::unique_ptr<Worker>> take();

  std::shared_ptr<Crew> crew_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> idle_;
};

/// The one worker that runs kernels. Serves one caller at a time.
class Lane {
 public:
  explicit Lane(std::shared_ptr<Crew> crew) : crew_(std::move(crew)) {}

  [[nodiscard]] const IsolatedDeviceOptions& options() const { return crew_->options(); }
  [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  // With the lock held:
  /// The present worker, or a new one where it has died.
  [[nodiscard]] Result<Worker*> worker();
  /// The present worker as it is; none before the first or after one has died.
  [[nodiscard]] Worker* present() const;
  /// Tells one worker from the next: what was loaded in one is not in another.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  std::shared_ptr<Crew> crew_;
  std::mutex mutex_;
  std::unique_ptr<Worker> worker_;
  std::uint64_t generation_ = 0;
};

}  // namespace evotune
