#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "device/cuda/cuda_arguments.h"
#include "device/cuda/cuda_module.h"
#include "device/cuda/cuda_replay.h"
#include "device/device.h"

namespace evotune {

/// A kernel on a GPU. How its time is taken depends on how often it is launched, which is the same
/// for a candidate and its baseline: see docs/gpu-device.md.
class CudaLoaded final : public Loaded {
 public:
  /// Throws CudaError.
  CudaLoaded(std::shared_ptr<CudaContext>, std::unique_ptr<CudaModule>, const Launch&,
             const Workload&, std::shared_ptr<CudaInputs>);

  Result<Sample> run(const Run&) override;
  Result<Buffers> read() override;

 private:
  [[nodiscard]] bool is_replayed(const Run&) const;
  [[nodiscard]] Result<Sample> run_once(const Run&);
  [[nodiscard]] Sample launch_one_by_one(const Run&);
  [[nodiscard]] Sample replay(const Run&);
  [[nodiscard]] Seconds time_of_nothing();
  void record(const Run&);
  [[nodiscard]] std::optional<Failure> find_damage() const;

  /// One set of arguments for each launch of a replay: each finds its own inputs outside the cache
  /// and its own outputs poisoned.
  struct Rehearsed {
    CudaArguments arguments;
    std::unique_ptr<CudaReplay> replay;
    Buffers scalars;  ///< that are built into it
  };

  std::shared_ptr<CudaContext> context_;
  std::unique_ptr<CudaModule> module_;
  Launch launch_;
  const Workload& workload_;
  std::shared_ptr<CudaInputs> inputs_;
  CudaArguments arguments_;
  CudaEvents events_;
  std::unique_ptr<Rehearsed> rehearsed_;
  std::optional<Seconds> nothing_;  ///< what starting an empty graph takes
  CudaArguments* last_run_ = nullptr;
  bool inputs_compared_ = false;  ///< after the last run
};

}  // namespace evotune
