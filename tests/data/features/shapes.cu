// Sums of x: every block writes one, so how many there are depends on the configuration, and what they
// are does too.
#ifndef BLOCK
#define BLOCK 64
#endif
#ifndef BLOCKS
#define BLOCKS 4
#endif

extern "C" __global__ void sums(const float* x, float* partial, float* work, int n) {
  extern __shared__ float shared[];
  float sum = 0;
  for (int i = blockIdx.x * BLOCK + threadIdx.x; i < n; i += BLOCK * BLOCKS) sum += x[i];
  shared[threadIdx.x] = sum;
  work[blockIdx.x * BLOCK + threadIdx.x] = sum;
  __syncthreads();
  for (int half = BLOCK / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) partial[blockIdx.x] = shared[0];
}
