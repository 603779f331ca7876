#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/cuda/cuda_context.h"
#include "kernel/workload.h"

namespace evotune {

/// The inputs of a workload in a GPU's memory, as they were made: a run takes its own copy of them
/// from there, at the GPU's pace. Each is brought when it is first asked for.
class CudaInputs {
 public:
  CudaInputs(const CudaContext& context, const Workload& workload)
      : context_(context),
        id_(workload.id),
        kept_(workload.input_sets.size() * workload.arguments.size()) {}

  [[nodiscard]] const std::string& id() const { return id_; }
  /// None where there is no memory for it.
  [[nodiscard]] std::optional<CudaAddress> find(const Workload&, std::size_t set,
                                                std::size_t argument);

 private:
  const CudaContext& context_;
  std::string id_;
  std::vector<std::unique_ptr<CudaMemory>> kept_;  ///< per set, per argument
  bool is_full_ = false;
};

/// The workloads that were used last: a candidate and its baseline share theirs.
class CudaInputCache {
 public:
  static constexpr std::size_t most_kept = 8;

  /// Null for a workload without a name, and for one that would take more than its share of the
  /// memory.
  [[nodiscard]] std::shared_ptr<CudaInputs> inputs_of(const CudaContext&, const Workload&);

 private:
  std::deque<std::shared_ptr<CudaInputs>> kept_;  ///< oldest first
};

}  // namespace evotune
