// y = 2 x in the element type that the space chooses.
#include <cuda_fp16.h>

#ifndef BLOCK
#define BLOCK 64
#endif

template <int PER_THREAD, typename T>
__global__ void twice(const T* x, T* y, int n) {
  for (int k = 0; k < PER_THREAD; ++k) {
    const int i = (blockIdx.x * PER_THREAD + k) * BLOCK + threadIdx.x;
    if (i < n) y[i] = static_cast<T>(2.0f) * x[i];
  }
}
