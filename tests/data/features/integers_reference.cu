#ifndef BINS
#define BINS 16
#endif
extern "C" __global__ void reference(const int* keys, int* counts, int n) {
  const int bin = blockIdx.x * blockDim.x + threadIdx.x;
  if (bin >= BINS) return;
  for (int i = 0; i < n; ++i)
    if (keys[i] == bin) counts[bin] += 1;
}
