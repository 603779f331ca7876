#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "device/device.h"
#include "engine/kernel_evaluator.h"
#include "engine/oracle.h"
#include "engine/problem.h"

namespace evotune {

/// Reads a space and all it names, checked against each other and against this device. Throws
/// UserError with every mistake found.
[[nodiscard]] Problem load_problem(const std::filesystem::path& space_file,
                                   const Bindings& problem_overrides, const DeviceInfo&);
[[nodiscard]] Problem load_problem(SpaceFile, const DeviceInfo&);

/// What it takes to evaluate candidates of one problem: the device, another one for the reference,
/// the oracle between them. The problem must outlive it.
class Workbench {
 public:
  Workbench(const Problem&, std::unique_ptr<Device> device,
            std::unique_ptr<Device> reference_device, std::uint64_t seed, Renderer = {});

  [[nodiscard]] KernelEvaluator& evaluator() { return evaluator_; }
  [[nodiscard]] const DeviceInfo& device() const { return device_->info(); }

 private:
  std::unique_ptr<Device> device_, reference_device_;
  Oracle oracle_;
  KernelEvaluator evaluator_;
};

}  // namespace evotune
