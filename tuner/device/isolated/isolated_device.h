#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "device/device.h"
#include "device/isolated/worker_process.h"

namespace evotune {

/// What a worker may take before it is killed, and what becomes of its words.
struct IsolatedDeviceOptions {
  Seconds start_limit = 30;
  Seconds compile_limit = 300;       ///< at most; before, three times what
  Seconds least_compile_limit = 30;  ///< nine of ten compilations took, and at least this
  std::uint64_t compile_bytes = std::uint64_t{8} << 30;  ///< of memory, for a worker that compiles
  std::uint64_t run_bytes = 0;  ///< for the one that runs kernels; 0: what the machine has
  Seconds load_limit = 30;
  Seconds read_limit = 30;
  Seconds run_slack = 0.5;  ///< on top of Run::limit: inputs are restored and caches evicted in it
  std::size_t kernels_per_worker = 200;  ///< that runs them; then a fresh one takes over
  /// Is given what workers print, one caller at a time, up to a megabyte; else it is dropped,
  /// unless it explains a failure.
  std::function<void(const std::string&)> log = {};
};

class CompilePool;
class Lane;

/// Any device, in child processes that may crash, hang or run out of memory: each costs one
/// Failure. Compiling goes to as many workers as there are callers; everything else to one worker,
/// in which all that is loaded lives together.
///
/// A kernel that kills its worker stays dead: its Loaded gives the same Failure for ever. Others
/// that lived beside it are loaded again, unnoticed, when they run next; the answer of a run before
/// the death cannot be read any more (Stage::infrastructure). A kernel that is late is run once
/// more before it is judged. After a death a kernel that always works (the canary) runs first in
/// the new worker: where it fails, the machine is at fault (Stage::infrastructure).
///
/// Throws DeviceLost when no worker can be started three times in a row, UserError when the worker
/// says that the user must mend something first.
class IsolatedDevice : public Device {
 public:
  explicit IsolatedDevice(WorkerCommand, const IsolatedDeviceOptions& = {});
  ~IsolatedDevice() override;

  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source&) const override;
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

 private:
  std::shared_ptr<CompilePool> compilers_;
  std::shared_ptr<Lane> lane_;  ///< shared with what was loaded, which may live longer
  DeviceInfo info_;
};

}  // namespace evotune
