// counts[key] += 1 for every key, on top of what is there.
#ifndef BLOCK
#define BLOCK 64
#endif

extern "C" __global__ void count(const int* keys, int* counts, int n) {
  const int i = blockIdx.x * BLOCK + threadIdx.x;
  if (i < n) atomicAdd(&counts[keys[i]], 1);
}
