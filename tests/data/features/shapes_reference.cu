#ifndef BLOCK
#define BLOCK 64
#endif
#ifndef BLOCKS
#define BLOCKS 4
#endif
extern "C" __global__ void reference(const double* x, double* partial, double* work, int n) {
  const int block = blockIdx.x * blockDim.x + threadIdx.x;
  if (block >= BLOCKS) return;
  double sum = 0;
  for (int i = 0; i < n; ++i)
    if (i / BLOCK % BLOCKS == block) sum += x[i];
  partial[block] = sum;
}
