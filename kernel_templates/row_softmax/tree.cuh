// A tree in shared memory: half of the lanes combine with the other half, then a quarter, …
template <typename Combine>
__device__ __forceinline__ float across_row(float value, Combine combine) {
#if LANES > 1
  __shared__ float values[ROWS * LANES];
  const int lane = threadIdx.x % LANES;
  __syncthreads();  // an earlier call's result has been read by all
  values[threadIdx.x] = value;
  for (int half = LANES / 2; half > 0; half /= 2) {
    __syncthreads();
    if (lane < half)
      values[threadIdx.x] = combine(values[threadIdx.x], values[threadIdx.x + half]);
  }
  __syncthreads();
  value = values[threadIdx.x - lane];
#endif
  return value;
}
