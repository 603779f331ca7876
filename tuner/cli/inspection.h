#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "device/cuda/nvrtc.h"
#include "device/cuda/occupancy.h"
#include "engine/kernel_evaluator.h"
#include "engine/problem.h"
#include "kernel/source.h"
#include "outcome/observation.h"

namespace evotune {

/// One architecture's compiler about the variant.
struct ArchitectureReport {
  std::string arch;
  Result<CompilerFacts> facts = Failure{};
  Occupancy occupancy;
};

/// What was looked for at one shape. `seen` may be the kernel's own failure (a crash, a deadlock).
struct ObservedShape {
  std::string shape;
  Result<Observation> seen = Failure{};
};

/// One variant, as far as it can be known without a GPU.
struct Inspection {
  std::string space, configuration, problem;
  Bindings config;
  Source source;
  Launch launch;
  std::string compiler;  ///< of the architectures: "NVRTC 13.0"; empty: there is none
  std::string why_no_compiler;
  std::vector<ArchitectureReport> architectures;
  std::vector<ObservedShape> races;  ///< the check shapes and the tuning shapes
  ObservedShape memory;              ///< at the first tuning shape
  double least_bytes = 0;            ///< every buffer moved once; those that are in and out twice
  std::optional<double> flops;       ///< by the space's metric flops, gflops or tflops

  [[nodiscard]] bool sound() const;  ///< it compiles wherever it was tried, runs, and has no fault
};

/// Throws UserError where the variant cannot even be written out.
[[nodiscard]] Inspection inspect(const Problem&, const Config&, KernelEvaluator&,
                                 const CudaCompiler&, const std::vector<std::string>& archs);

/// The floating-point operations of one launch: what the file's metric `flops` says, or `gflops` or
/// `tflops`, which are per second, at a latency of one microsecond.
[[nodiscard]] std::optional<double> flops_of(const SpaceFile&, const Bindings& bound);

/// Sums over the sites of one kind of memory.
struct Traffic {
  double transactions = 0, ideal = 0;
};
[[nodiscard]] Traffic traffic_of(const Observation&, bool shared);

}  // namespace evotune
