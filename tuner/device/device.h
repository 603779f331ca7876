#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "expr/value.h"
#include "kernel/compiled.h"
#include "kernel/source.h"
#include "kernel/workload.h"
#include "outcome/failure.h"
#include "outcome/observation.h"

namespace evotune {

struct DeviceInfo {
  std::string id;          ///< what --device accepts: "cpu", "cuda:0"
  std::string name;        ///< "AMD EPYC 7B13", "NVIDIA H200": part of every result's identity
  std::string arch;        ///< "x86-64", "sm_90"
  std::string compiler;    ///< name and version: part of every result's identity
  Bindings facts;          ///< "device.sms", "device.shared_bytes", …: what constraints may ask
  bool observes = false;   ///< it compiles a Source that is to be observed
  bool aside = false;      ///< what is compiled meanwhile does not disturb its timing
  std::string build = {};  ///< names what else decides what it compiles a Source to
};

/// One request to run a loaded kernel. Outputs and scratch are poisoned before every launch (that
/// takes none of its time), in and inout restored from the input set before the first.
struct Run {
  std::size_t input_set = 0;
  int launches = 1;            ///< back to back; only for kernels without inout arguments
  bool flush = true;           ///< caches evicted first
  bool finite_poison = false;  ///< poison with a finite pattern instead of a NaN
  Seconds limit = 10;          ///< a kernel that runs longer ends as Stage::timeout
};

struct Sample {
  Seconds seconds = 0;       ///< one launch, by the device's own clock
  Seconds host_seconds = 0;  ///< the whole run, by the host's; never less than seconds × launches,
                             ///< but for a check whose seconds several cores have shared
  double clock_hz = 0;       ///< how fast the device went; 0: unknown, or the kernel's own doing
};

/// Thrown by a device that can run nothing more in this process, with what became of the kernel
/// that ran last. A worker answers it, and is replaced.
class DeviceSpent : public std::exception {
 public:
  explicit DeviceSpent(Failure failure) : failure_(std::move(failure)) {}
  [[nodiscard]] const Failure& failure() const { return failure_; }
  [[nodiscard]] const char* what() const noexcept override { return failure_.message.c_str(); }

 private:
  Failure failure_;
};

/// A kernel on a device, bound to its arguments. Another kernel's crash does not harm it: where
/// they share a process, the device loads it again.
class Loaded {
 public:
  virtual ~Loaded() = default;
  virtual Result<Sample> run(const Run&) = 0;
  /// The arguments as the last run left them, one buffer each; empty for scalars and pure inputs
  /// (a device that finds a pure input changed fails the run).
  virtual Result<Buffers> read() = 0;
  /// One launch on an input set, every access of memory followed. What it leaves in its arguments
  /// is not defined: blocks beyond what is worth observing are left out. Only for what was compiled
  /// from a Source with `observed` by a device that observes.
  virtual Result<Observation> observe(std::size_t input_set, Watch, Seconds limit);
};

/// Something that can run kernels. One folder of tuner/device/ each.
class Device {
 public:
  virtual ~Device() = default;
  [[nodiscard]] virtual const DeviceInfo& info() const = 0;
  /// Any thread; needs no hardware.
  virtual Result<Compiled> compile(const Source&) const = 0;
  /// One thread. The workload must outlive the Loaded.
  virtual Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) = 0;
};

inline Result<Observation> Loaded::observe(std::size_t, Watch, Seconds) {
  return Failure{Stage::infrastructure, "this device cannot observe a kernel's accesses"};
}

}  // namespace evotune
