#ifndef SQUARE
#define SQUARE "files_multiply.cuh"
#endif
#include SQUARE

extern "C" __global__ void squares(const float* x, float* y, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = square(x[i]);
}
