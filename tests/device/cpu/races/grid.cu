// Kernels with a barrier of the whole grid. A line that takes part in a race ends with
// `// race: SCOPE`; kernels without such a line are right. Blocks of 64 threads, a grid of 4.
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

__device__ void neighbours_after_the_barrier(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = x[i];
  cg::this_grid().sync();
  y[1024 + i] = y[(i + 64) % 256];
}

__device__ void neighbours_without_a_barrier(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  cg::this_grid().sync();
  y[i] = x[i];                      // race: grid
  y[1024 + i] = y[(i + 64) % 256];  // race: grid
}

__device__ void neighbours_behind_a_barrier_of_the_block(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = x[i];
  cg::this_grid().sync();
  y[i] = y[i] * 2;  // race: grid
  __syncthreads();
  y[1024 + i] = y[(i + 64) % 256];  // race: grid
}

__device__ void steps_with_one_barrier_each(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = x[i];
  for (int step = 0; step < 3; ++step) {
    cg::this_grid().sync();
    const float left = y[(i + 255) % 256];  // race: grid
    y[i] = left;                            // race: grid
  }
}

__device__ void steps_with_two_barriers_each(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = x[i];
  for (int step = 0; step < 3; ++step) {
    cg::this_grid().sync();
    const float left = y[(i + 255) % 256];
    cg::this_grid().sync();
    y[i] = left;
  }
}

__device__ void total_of_block_sums(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[blockIdx.x * 64 + threadIdx.x];
  __syncthreads();
  if (threadIdx.x == 0) {
    y[blockIdx.x] = 0;
    for (int i = 0; i < 64; ++i) y[blockIdx.x] += s[i];
  }
  cg::this_grid().sync();
  y[64 + blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x] / (y[0] + y[1] + y[2] + y[3]);
}

__device__ void shared_memory_on_both_sides(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];  // race: any
  if (threadIdx.x < 32) s[threadIdx.x] += s[threadIdx.x + 32];  // race: block
  cg::this_grid().sync();
  y[blockIdx.x * 64 + threadIdx.x] = s[0];
}

__device__ void atomics_count_in_every_step(const float*, float*, int* z, int) {
  atomicAdd(&z[0], 1);
  cg::this_grid().sync();
  if (blockIdx.x == 3 && threadIdx.x == 0) z[1] = z[0];
}

__device__ void flag_of_another_block(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    y[blockIdx.x] = x[blockIdx.x];
    __threadfence();
    atomicAdd(&z[0], 1);
  }
  cg::this_grid().sync();
  if (threadIdx.x == 0) y[100 + blockIdx.x] = y[3 - blockIdx.x];
}
