#pragma once

#include <functional>

#include "device/cuda/cuda_context.h"

namespace evotune {

/// Work that was put into a stream once and is started again as a whole: a CUDA graph. Between the
/// kernels of one there is no launch by the host, which costs more than a short kernel takes.
class CudaReplay {
 public:
  /// Captures what `enqueue` puts into the context's stream. Throws CudaError.
  CudaReplay(const CudaContext&, const std::function<void()>& enqueue);
  ~CudaReplay();
  CudaReplay(const CudaReplay&) = delete;
  CudaReplay& operator=(const CudaReplay&) = delete;

  void start() const;

 private:
  const CudaContext& context_;
  CudaGraphExec exec_ = nullptr;
};

}  // namespace evotune
