#include "device/cuda/cuda_inputs.h"

#include <algorithm>

namespace evotune {
namespace {

constexpr std::size_t share = 32;  // of the GPU's memory, for each of the workloads that are kept

std::size_t input_bytes(const Workload& workload) {
  std::size_t bytes = 0;
  for (const Buffers& set : workload.input_sets)
    for (const Buffer& one : set) bytes += one.size();
  return bytes;
}

}  // namespace

std::optional<CudaAddress> CudaInputs::find(const Workload& workload, std::size_t set,
                                            std::size_t argument) {
  std::unique_ptr<CudaMemory>& kept = kept_.at(set * workload.arguments.size() + argument);
  if (kept != nullptr) return kept->address();
  if (is_full_) return std::nullopt;
  const Buffer& bytes = workload.input_sets[set][argument];
  try {
    kept = std::make_unique<CudaMemory>(context_, bytes.size());
  } catch (const CudaError& error) {
    if (error.result() != CudaResult::out_of_memory) throw;
    is_full_ = true;  // others use this GPU too, and the kernel itself needs the rest
    return std::nullopt;
  }
  context_.check(context_.call().memcpy_htod_async(kept->address(), bytes.data(), bytes.size(),
                                                   context_.stream()),
                 "bringing inputs to the GPU");
  return kept->address();
}

std::shared_ptr<CudaInputs> CudaInputCache::inputs_of(const CudaContext& context,
                                                      const Workload& workload) {
  if (workload.id.empty() || input_bytes(workload) > context.total_bytes() / share) return nullptr;
  const auto known = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& one) { return one->id() == workload.id; });
  if (known != kept_.end()) return *known;
  if (kept_.size() == most_kept) kept_.pop_front();
  return kept_.emplace_back(std::make_shared<CudaInputs>(context, workload));
}

}  // namespace evotune
