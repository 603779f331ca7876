// Shuffles within a warp; beyond a warp, each warp's sum through shared memory.
__device__ __forceinline__ float sum_across_row(float value) {
#pragma unroll
  for (int offset = (LANES < 32 ? LANES : 32) / 2; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffffu, value, offset);
#if LANES > 32
  __shared__ float of_warp[ROWS][LANES / 32];
  const int row = threadIdx.x / LANES;
  if (threadIdx.x % 32 == 0) of_warp[row][threadIdx.x % LANES / 32] = value;
  __syncthreads();
  value = 0;
#pragma unroll
  for (int warp = 0; warp < LANES / 32; ++warp) value += of_warp[row][warp];
#endif
  return value;
}
