#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/cuda/cuda_inputs.h"
#include "device/cuda/cuda_module.h"
#include "device/device.h"

namespace evotune {

/// A workload's arguments on a GPU, any number of copies of them: buffers with guard zones between
/// them, and scalars. All work goes into the context's stream.
class CudaArguments {
 public:
  /// On both sides of every buffer.
  static constexpr std::size_t guard_bytes = 16 << 10;

  /// `inputs` may be null: they are then brought from the host every time. Throws CudaError.
  CudaArguments(const CudaContext&, const CudaModule&, const Workload&,
                std::shared_ptr<CudaInputs> inputs, std::size_t copies);
  /// What that many copies take.
  [[nodiscard]] static std::size_t bytes_of(const Workload&, std::size_t copies);

  /// Everything in every copy as a run wants it: inputs and inouts from the set, the rest poisoned.
  void prepare(const Run&);
  /// Outputs and scratch alone.
  void poison(const Run&);
  /// The addresses of the values that a launch on this copy takes.
  [[nodiscard]] void** pointers(std::size_t copy) { return pointers_[copy].data(); }
  [[nodiscard]] std::size_t copies() const { return copies_; }
  /// The values that are not buffers: a graph of launches has them built in.
  [[nodiscard]] const Buffers& scalars() const { return scalars_.front(); }

  // Waiting for the stream:
  /// Throws DeviceSpent when something was written around buffers: it may have hit anything.
  void check_surroundings(std::size_t copy) const;
  /// Pure inputs are compared with what they were.
  [[nodiscard]] std::optional<Failure> changed_input(std::size_t copy) const;
  [[nodiscard]] Buffers read(std::size_t copy) const;

 private:
  [[nodiscard]] CudaAddress address(std::size_t index, std::size_t copy) const {
    return memory_.address() + copy * stride_ + offsets_[index];
  }
  [[nodiscard]] bool is_spoilt(std::size_t index) const;
  void restore(std::size_t index, std::size_t input_set);
  [[nodiscard]] Buffer download(CudaAddress, std::size_t bytes) const;

  const CudaContext& context_;
  const Workload& workload_;
  std::shared_ptr<CudaInputs> inputs_;
  std::size_t copies_;
  std::size_t stride_;                ///< from one copy to the next
  std::vector<std::size_t> offsets_;  ///< of each argument's buffer within a copy
  CudaMemory memory_;
  std::vector<Buffers> scalars_;  ///< per copy, per argument; with the addresses of arrays
  std::vector<std::vector<CudaAddress>> addresses_;  ///< per copy, per argument
  std::vector<std::vector<void*>> pointers_;         ///< per copy, per kernel parameter
  std::vector<CudaModule::Variable> variables_;      ///< of constants
  std::optional<std::size_t> input_set_;             ///< that the pure inputs hold now
};

}  // namespace evotune
