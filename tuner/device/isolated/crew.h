#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
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
  void log(const std::string& output);

  IsolatedDeviceOptions options_;
  Spawner spawner_;
  std::atomic<int> failures_ = 0;
  std::atomic<bool> hired_ = false;  ///< ever
  std::mutex logging_;
  std::size_t logged_ = 0;  ///< bytes
};

/// Workers that compile: as many as there have ever been callers at once.
class CompilePool {
 public:
  explicit CompilePool(std::shared_ptr<Crew> crew) : crew_(std::move(crew)) {}
  [[nodiscard]] Result<Compiled> compile(const Source&);
  void add(std::unique_ptr<Worker>);

 private:
  [[nodiscard]] Result<std::unique_ptr<Worker>> take();
  [[nodiscard]] Seconds limit() const;  ///< with the lock held

  std::shared_ptr<Crew> crew_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> idle_;
  std::vector<Seconds> took_;  ///< compilations that ended by themselves, sorted
};

/// The one worker that runs kernels. Serves one caller at a time.
class Lane {
 public:
  Lane(std::shared_ptr<Crew> crew, std::shared_ptr<CompilePool> compilers)
      : crew_(std::move(crew)), compilers_(std::move(compilers)) {}

  [[nodiscard]] const IsolatedDeviceOptions& options() const { return crew_->options(); }
  [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  // With the lock held:
  /// The present worker, or a new one where it has died, which must run the canary first.
  [[nodiscard]] Result<Worker*> worker();
  /// Lets the worker go that has had its share of kernels; this one is about to be loaded.
  void renew_for(const std::string& build_id);
  /// The present worker as it is; none before the first or after one has died.
  [[nodiscard]] Worker* present() const;
  /// Tells one worker from the next: what was loaded in one is not in another.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  [[nodiscard]] std::optional<Failure> fault_of_machine(Worker&);

  std::shared_ptr<Crew> crew_;
  std::shared_ptr<CompilePool> compilers_;
  std::mutex mutex_;
  std::unique_ptr<Worker> worker_;
  std::uint64_t generation_ = 0;
  std::set<std::string> kernels_;  ///< since it was renewed, by build id
  bool suspicious_ = false;        ///< the last one died
  std::optional<Compiled> canary_;
};

}  // namespace evotune
