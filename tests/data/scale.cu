// y = factor * x, for end-to-end tests: a kernel that compiles and runs in no time.
#ifndef BLOCK
#define BLOCK 32
#endif
#ifndef PER_THREAD
#define PER_THREAD 1
#endif
#ifndef ORDER
#define ORDER blocked
#define ORDER_blocked 1
#endif

extern "C" __global__ void scale(const float* x, float* y, float factor, int n) {
  const int first = blockIdx.x * BLOCK * PER_THREAD;
  for (int k = 0; k < PER_THREAD; ++k) {
#ifdef ORDER_blocked
    const int i = first + threadIdx.x * PER_THREAD + k;
#else
    const int i = first + k * BLOCK + threadIdx.x;
#endif
    if (i < n) y[i] = factor * x[i];
  }
}
