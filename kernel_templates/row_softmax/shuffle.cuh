// Shuffles within a warp; beyond a warp, each warp's result through shared memory.
template <typename Combine>
__device__ __forceinline__ float across_row(float value, Combine combine) {
#pragma unroll
  for (int offset = (LANES < 32 ? LANES : 32) / 2; offset > 0; offset /= 2)
    value = combine(value, __shfl_xor_sync(0xffffffffu, value, offset));
#if LANES > 32
  __shared__ float of_warp[ROWS][LANES / 32];
  const int row = threadIdx.x / LANES;
  __syncthreads();  // an earlier call's results have been read by all
  if (threadIdx.x % 32 == 0) of_warp[row][threadIdx.x % LANES / 32] = value;
  __syncthreads();
  value = of_warp[row][0];
#pragma unroll
  for (int warp = 1; warp < LANES / 32; ++warp) value = combine(value, of_warp[row][warp]);
#endif
  return value;
}
