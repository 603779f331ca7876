// y = 2 x, and every way of not doing so. FAULT says which.
#ifndef FAULT
#define FAULT none
#define FAULT_none 1
#endif
#ifndef BLOCK
#define BLOCK 64
#endif

#ifdef FAULT_does_not_compile
#error this one does not compile
#endif

__device__ int deeper(volatile int* depth) {
  volatile int here[256];
  here[*depth % 256] = 1;
  *depth += 1;
  return *depth < 0 ? here[0] : deeper(depth) + here[*depth % 256];
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
  const int i = blockIdx.x * BLOCK + threadIdx.x;
  if (i < n) y[i] = 2 * x[i];
#ifdef FAULT_wrong
  if (i == n - 1) y[i] = 3 * x[i] + 1;
#endif
#ifdef FAULT_nan
  if (i == 0) y[i] = 0.0f * (1e38f * 1e38f);
#endif
#ifdef FAULT_null_pointer
  if (i == 0) *static_cast<volatile float*>(nullptr) = 1;
#endif
#ifdef FAULT_beyond_the_end
  if (i == 0) y[n] = 1;
#endif
#ifdef FAULT_before_the_start
  if (i == 0) y[-1] = 1;
#endif
#ifdef FAULT_endless
  if (i == 0)
    for (volatile int spin = 0;; spin = 1 - spin) {
    }
#endif
#ifdef FAULT_deadlock
  if (threadIdx.x % 2 == 0)
    __syncthreads();
  else
    __shfl_xor_sync(0xffffffffu, i, 1);
#endif
#ifdef FAULT_deep_recursion
  if (i == 0) {
    volatile int depth = 0;
    y[i] += 0 * deeper(&depth);
  }
#endif
#ifdef FAULT_writes_its_input
  if (i == 0) const_cast<float*>(x)[0] = 7;
#endif
#ifdef FAULT_traps
  if (i == 0) __builtin_trap();
#endif
}
