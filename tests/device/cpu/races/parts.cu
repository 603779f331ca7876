// Order among parts of a block, and asynchronous copies: kernels with a race, whose lines end with
// `// race: SCOPE`, and beside them those that are right. Launched as those of racy.cu.
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cuda_pipeline.h>

#include <cub/cub.cuh>
#include <cuda/barrier>
#include <cuda/pipeline>

namespace cg = cooperative_groups;
using Barrier = cuda::barrier<cuda::thread_scope_block>;

__device__ void bar_sync(int id, int count) {
  asm volatile("bar.sync %0, %1;" ::"r"(id), "r"(count)
               : "memory");
}
__device__ void bar_arrive(int id, int count) {
  asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(count)
               : "memory");
}

__device__ cuda::pipeline_role role_of(bool makes) {
  return makes ? cuda::pipeline_role::producer : cuda::pipeline_role::consumer;
}

__device__ void copy_waited_for_but_not_by_all(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], x + threadIdx.x, 4);  // race: any
  __pipeline_commit();
  __pipeline_wait_prior(0);  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];  // race: any
}

__device__ void copy_of_a_few_is_not_waited_for(const float* x, float* y, int*, int) {
  __shared__ float a[32], b[64];
  if (threadIdx.x < 32) {
    __pipeline_memcpy_async(&a[threadIdx.x], x + threadIdx.x, 4);  // race: any
    __pipeline_commit();
  }
  __syncthreads();
  __pipeline_memcpy_async(&b[threadIdx.x], x + threadIdx.x, 4);
  __pipeline_commit();
  const float early = a[threadIdx.x % 32];  // race: any
  __pipeline_wait_prior(0);  // race: any
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = early + b[63 - threadIdx.x];
}

__device__ void stages_waits_for_one_too_few(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  float sum = 0;
  __pipeline_memcpy_async(&s[0][threadIdx.x], x + threadIdx.x, 4);  // race: any
  __pipeline_commit();
  for (int k = 0; k < 6; ++k) {
    __pipeline_memcpy_async(&s[(k + 1) % 2][threadIdx.x], x + (k + 1) * 64 + threadIdx.x, 4);  // race: any
    __pipeline_commit();
    __pipeline_wait_prior(2);
    __syncthreads();
    sum += s[k % 2][63 - threadIdx.x];  // race: any
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void stages_fixed(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  float sum = 0;
  __pipeline_memcpy_async(&s[0][threadIdx.x], x + threadIdx.x, 4);
  __pipeline_commit();
  for (int k = 0; k < 6; ++k) {
    __pipeline_memcpy_async(&s[(k + 1) % 2][threadIdx.x], x + (k + 1) * 64 + threadIdx.x, 4);
    __pipeline_commit();
    __pipeline_wait_prior(1);
    __syncthreads();
    sum += s[k % 2][63 - threadIdx.x];
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void commit_after_the_wait(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  float sum = 0;
  __pipeline_memcpy_async(&s[0][threadIdx.x], x + threadIdx.x, 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  for (int k = 0; k < 6; ++k) {
    __pipeline_memcpy_async(&s[(k + 1) % 2][threadIdx.x], x + (k + 1) * 64 + threadIdx.x, 4);  // race: any
    sum += s[k % 2][63 - threadIdx.x];  // race: any
    __pipeline_wait_prior(0);  // race: any
    __pipeline_commit();
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void next_stage_before_all_have_left(const float* x, float* y, int*, int) {
  __shared__ float s[3][64];
  float sum = 0;
  for (int k = 0; k < 2; ++k) {
    __pipeline_memcpy_async(&s[k][threadIdx.x], x + k * 64 + threadIdx.x, 4);
    __pipeline_commit();
  }
  for (int k = 0; k < 6; ++k) {
    __pipeline_memcpy_async(&s[(k + 2) % 3][threadIdx.x], x + (k + 2) * 64 + threadIdx.x, 4);  // race: any
    __pipeline_commit();
    __pipeline_wait_prior(2);
    __syncthreads();
    sum += s[k % 3][63 - threadIdx.x];  // race: any
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void next_stage_after_the_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[3][64];
  float sum = 0;
  for (int k = 0; k < 2; ++k) {
    __pipeline_memcpy_async(&s[k][threadIdx.x], x + k * 64 + threadIdx.x, 4);
    __pipeline_commit();
  }
  for (int k = 0; k < 6; ++k) {
    __pipeline_wait_prior(1);
    __syncthreads();
    __pipeline_memcpy_async(&s[(k + 2) % 3][threadIdx.x], x + (k + 2) * 64 + threadIdx.x, 4);
    __pipeline_commit();
    sum += s[k % 3][63 - threadIdx.x];
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void own_copy_read_without_a_wait(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = 0;
  __pipeline_memcpy_async(&s[threadIdx.x], x + threadIdx.x, 4);  // race: any
  __pipeline_commit();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];  // race: any
}

__device__ void same_copy_by_two_threads(const float* x, float* y, int*, int) {
  __shared__ float s[32];
  __pipeline_memcpy_async(&s[threadIdx.x % 32], x + threadIdx.x % 32, 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[31 - threadIdx.x % 32];
}

__device__ void written_over_while_it_is_copied(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  __pipeline_memcpy_async(&s[threadIdx.x], x + threadIdx.x, 4);  // race: any
  __pipeline_commit();
  if (threadIdx.x % 2) s[threadIdx.x] = -1;  // race: any
  __pipeline_wait_prior(0);
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];
}

__device__ void named_barrier_of_two_pairs(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];  // race: any
  bar_sync(1 + threadIdx.x / 32, 32);
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];  // race: any
}

__device__ void named_barrier_within_its_warp(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  bar_sync(1 + threadIdx.x / 32, 32);
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x ^ 31];
}

__device__ void producer_and_consumer_by_arrival(const float* x, float* y, int*, int) {
  __shared__ float s[32];
  for (int k = 0; k < 3; ++k) {
    if (threadIdx.x < 32) {
      if (k > 0) bar_sync(2, 64);
      s[threadIdx.x] = x[k * 32 + threadIdx.x];
      bar_arrive(1, 64);
    } else {
      bar_sync(1, 64);
      y[blockIdx.x * 32 + threadIdx.x - 32] = s[63 - threadIdx.x];
      if (k < 2) bar_arrive(2, 64);
    }
  }
}

__device__ void producer_writes_after_it_arrived(const float* x, float* y, int*, int) {
  __shared__ float s[32];
  if (threadIdx.x < 32) {
    bar_arrive(1, 64);
    s[threadIdx.x] = x[threadIdx.x];  // race: any
  } else {
    bar_sync(1, 64);
    y[blockIdx.x * 32 + threadIdx.x - 32] = s[63 - threadIdx.x];  // race: any
  }
}

__device__ void only_one_lane_arrives_for_its_warp(const float* x, float* y, int*, int) {
  __shared__ float s[32];
  __shared__ Barrier full;
  if (threadIdx.x == 0) init(&full, 1);
  __syncthreads();
  if (threadIdx.x < 32) {
    s[threadIdx.x] = x[threadIdx.x];  // race: any
    if (threadIdx.x == 0) (void)full.arrive();
  } else {
    full.wait_parity(false);
    y[blockIdx.x * 32 + threadIdx.x - 32] = s[63 - threadIdx.x];  // race: any
  }
}

__device__ void one_lane_arrives_after_the_warp_has_met(const float* x, float* y, int*, int) {
  __shared__ float s[32];
  __shared__ Barrier full;
  if (threadIdx.x == 0) init(&full, 1);
  __syncthreads();
  if (threadIdx.x < 32) {
    s[threadIdx.x] = x[threadIdx.x];
    __syncwarp();
    if (threadIdx.x == 0) (void)full.arrive();
  } else {
    full.wait_parity(false);
    y[blockIdx.x * 32 + threadIdx.x - 32] = s[63 - threadIdx.x];
  }
}

__device__ void all_arrive_and_wait(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  __shared__ Barrier all;
  if (threadIdx.x == 0) init(&all, 64);
  __syncthreads();
  for (int k = 0; k < 3; ++k) {
    s[threadIdx.x] = x[k * 64 + threadIdx.x];
    all.arrive_and_wait();
    y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];
    all.arrive_and_wait();
  }
}

__device__ void barrier_used_before_it_is_initialised(const float* x, float* y, int*, int) {
  __shared__ Barrier all;
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 0) init(&all, 64);  // race: any
  all.arrive_and_wait();  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];
}

__device__ void group_copy_without_wait(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  cg::memcpy_async(cg::this_thread_block(), s, x, 256);  // race: any
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];  // race: any
}

__device__ void pipeline_fixed(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  auto pipe = cuda::make_pipeline(block, &state);
  float sum = 0;
  pipe.producer_acquire();
  cuda::memcpy_async(block, s[0], x, 256, pipe);
  pipe.producer_commit();
  for (int k = 0; k < 5; ++k) {
    pipe.producer_acquire();
    cuda::memcpy_async(block, s[(k + 1) % 2], x + (k + 1) * 64, 256, pipe);
    pipe.producer_commit();
    pipe.consumer_wait();
    sum += s[k % 2][63 - threadIdx.x];
    pipe.consumer_release();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void roles_fixed(const float* x, float* y, int*, int) {
  __shared__ float s[2][32];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  const bool makes = threadIdx.x < 32;
  auto pipe = cuda::make_pipeline(block, &state, role_of(makes));
  for (int k = 0; k < 5; ++k) {
    if (makes) {
      pipe.producer_acquire();
      s[k % 2][threadIdx.x] = x[k * 32 + threadIdx.x];
      pipe.producer_commit();
    } else {
      pipe.consumer_wait();
      y[k * 128 + blockIdx.x * 32 + threadIdx.x - 32] = s[k % 2][63 - threadIdx.x];
      pipe.consumer_release();
    }
  }
}

__device__ void role_that_does_not_acquire(const float* x, float* y, int*, int) {
  __shared__ float s[2][32];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  const bool makes = threadIdx.x < 32;
  auto pipe = cuda::make_pipeline(block, &state, role_of(makes));
  for (int k = 0; k < 5; ++k) {
    if (makes) {
      s[k % 2][threadIdx.x] = x[k * 32 + threadIdx.x];  // race: any
      pipe.producer_commit();
    } else {
      pipe.consumer_wait();
      y[k * 128 + blockIdx.x * 32 + threadIdx.x - 32] = s[k % 2][63 - threadIdx.x];  // race: any
      pipe.consumer_release();
    }
  }
}

__device__ void role_that_releases_before_it_reads(const float* x, float* y, int*, int) {
  __shared__ float s[2][32];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  const bool makes = threadIdx.x < 32;
  auto pipe = cuda::make_pipeline(block, &state, role_of(makes));
  for (int k = 0; k < 5; ++k) {
    if (makes) {
      pipe.producer_acquire();
      s[k % 2][threadIdx.x] = x[k * 32 + threadIdx.x];  // race: any
      pipe.producer_commit();
    } else {
      pipe.consumer_wait();
      pipe.consumer_release();
      y[k * 128 + blockIdx.x * 32 + threadIdx.x - 32] = s[k % 2][63 - threadIdx.x];  // race: any
    }
  }
}

__device__ void accumulator_of_one_thread(const float* x, float* y, int*, int) {
  __shared__ float sums[2];
  if (threadIdx.x == 33) sums[1] = x[1];  // race: any
  const float all = sums[1];  // race: any
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = all;
}

__device__ void one_thread_clears_for_all(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  if (threadIdx.x == 0) memset(s, 0, sizeof s);  // race: any
  s[threadIdx.x] += x[threadIdx.x] + 1;  // race: any
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void first_lane_assigns_to_itself(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  s[threadIdx.x] = x[threadIdx.x];
  __syncwarp();
  s[threadIdx.x] = s[threadIdx.x - lane];  // race: warp
  __syncwarp();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void first_lane_fixed(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  s[threadIdx.x] = x[threadIdx.x];
  __syncwarp();
  if (lane != 0) s[threadIdx.x] = s[threadIdx.x - lane];
  __syncwarp();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void tile_sync_for_two_tiles(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  s[threadIdx.x] = x[threadIdx.x];  // race: warp
  tile.sync();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x ^ 16];  // race: warp
}

__device__ void tile_sync_for_one_tile(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  auto tile = cg::tiled_partition<16>(cg::this_thread_block());
  s[threadIdx.x] = x[threadIdx.x];
  tile.sync();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x ^ 8];
}

__device__ void coalesced_meet_only_those_that_came(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  s[threadIdx.x] = x[threadIdx.x];  // race: warp
  if (lane < 20) {
    auto some = cg::coalesced_threads();
    some.sync();
    y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x + 10];  // race: warp
  }
}

__device__ void coalesced_among_themselves(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  if (lane < 20) {
    auto some = cg::coalesced_threads();
    s[threadIdx.x] = x[threadIdx.x];
    some.sync();
    y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x - lane + 19 - lane];
  }
}

__device__ void block_reduce_twice(const float* x, float* y, int*, int) {
  using Reduce = cub::BlockReduce<float, 64>;
  __shared__ typename Reduce::TempStorage temp;
  const float a = Reduce(temp).Sum(x[threadIdx.x]);  // race: any
  const float b = Reduce(temp).Sum(x[threadIdx.x] * 2);  // race: any
  if (threadIdx.x == 0) y[blockIdx.x] = a + b;
}

__device__ void block_reduce_twice_fixed(const float* x, float* y, int*, int) {
  using Reduce = cub::BlockReduce<float, 64>;
  __shared__ typename Reduce::TempStorage temp;
  const float a = Reduce(temp).Sum(x[threadIdx.x]);
  __syncthreads();
  const float b = Reduce(temp).Sum(x[threadIdx.x] * 2);
  if (threadIdx.x == 0) y[blockIdx.x] = a + b;
}
