#pragma once

#include <optional>

#include "device/cuda/cuda_context.h"
#include "kernel/compiled.h"
#include "kernel/workload.h"

namespace evotune {

/// A compiled kernel in a context.
class CudaModule {
 public:
  /// Throws CudaError.
  CudaModule(const CudaContext&, const Compiled&);
  ~CudaModule();
  CudaModule(const CudaModule&) = delete;
  CudaModule& operator=(const CudaModule&) = delete;

  /// Nothing when this is the build that was asked for, can be launched so, and takes what is
  /// passed; else what does not fit. Opts in to large shared memory.
  [[nodiscard]] std::optional<Failure> prepare(const Compiled&, const Launch&, const Workload&);

  struct Variable {
    CudaAddress address = 0;
    std::size_t bytes = 0;
  };
  /// A `__constant__` or `__device__` variable, as the source says it: "filter", "ns::filter".
  [[nodiscard]] std::optional<Variable> find_variable(const std::string& name) const;

  /// Into the context's stream. `parameters`: the address of each argument's value.
  void launch(const Launch&, void** parameters) const;
  /// Its blocks wait for each other, so all are under way at once.
  [[nodiscard]] bool cooperative() const { return cooperative_; }

 private:
  [[nodiscard]] std::optional<Failure> refuse_launch(const Launch&) const;
  [[nodiscard]] std::optional<Failure> mismatch(const Workload&) const;

  const CudaContext& context_;
  CudaModuleHandle module_ = nullptr;
  CudaFunction function_ = nullptr;
  bool cooperative_ = false;
};

}  // namespace evotune
