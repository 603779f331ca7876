#pragma once

#include <memory>
#include <string>

#include "device/device.h"

namespace evotune {

/// A device whose kernels do what their source says, a list of words: "compile_crash",
/// "load_hang", "run_garbage", … A kernel without such words reverses every input into the output
/// that follows it. Its source with "compile_pid" logs the process it was compiled in.
class FaultyDevice : public Device {
 public:
  FaultyDevice();
  [[nodiscard]] const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source&) const override;
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override;

 private:
  DeviceInfo info_;
};

/// Does what `text` says about this step ("compile", "load", "run"): crashes, hangs, throws, …
/// A failure is returned; doing nothing returns success.
Result<bool> misbehave(const std::string& text, const std::string& step);

}  // namespace evotune
