// A tree in shared memory: half of the lanes add to the other half, then a quarter, …
__device__ __forceinline__ float sum_across_row(float value) {
#if LANES > 1
  __shared__ float values[ROWS * LANES];
  const int lane = threadIdx.x % LANES;
  values[threadIdx.x] = value;
  for (int half = LANES / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half) values[threadIdx.x] += values[threadIdx.x + half];
  }
  value = values[threadIdx.x];  // lane 0 wrote its own last
#endif
  return value;
}
