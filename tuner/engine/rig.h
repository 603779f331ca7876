#pragma once

#include <memory>
#include <string>

#include "device/device.h"
#include "engine/kernel_evaluator.h"
#include "engine/timing.h"

namespace evotune {

/// A variant loaded at one shape with its arguments.
struct KernelEvaluator::Rig {
  static constexpr Seconds first_limit = 60;  ///< of one launch, while nothing is known yet

  std::string place;  ///< purpose and shape
  std::string shape;
  Bindings bound;
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<Loaded> loaded;
  Seconds limit = first_limit;
  Seconds took = 0;  ///< the last launch, on one core
  const Shape* at = nullptr;
  Purpose purpose = Purpose::checking;

  /// This is the baseline: what times both next to each other.
  [[nodiscard]] TimingRequest beside(const Rig& candidate) const;
};

}  // namespace evotune
