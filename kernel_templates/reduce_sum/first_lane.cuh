// One barrier: the first lane adds up what the others left in shared memory.
__device__ __forceinline__ float sum_across_row(float value) {
#if LANES > 1
  __shared__ float values[ROWS * LANES];
  values[threadIdx.x] = value;
  __syncthreads();
  if (threadIdx.x % LANES == 0)
    for (int lane = 1; lane < LANES; ++lane) value += values[threadIdx.x + lane];
#endif
  return value;
}
