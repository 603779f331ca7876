// y = x of one number. BLOCK threads are there for the space's sake.
#ifndef BLOCK
#define BLOCK 32
#endif
extern "C" __global__ void nothing(const float* x, float* y) {
  if (threadIdx.x % BLOCK == 0) y[0] = x[0];
}
