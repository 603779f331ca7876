// Order that goes through atomics, fences and locks: kernels with a race, whose lines end with
// `// race: SCOPE`, and beside them those that are right. Launched as those of racy.cu.
#include <cuda/atomic>

__device__ void block_atomics_on_what_blocks_share(const float*, float*, int* z, int) {
  atomicAdd_block(&z[0], 1);  // race: grid
}

__device__ void block_atomics_within_a_block(const float*, float*, int* z, int) {
  atomicAdd_block(&z[blockIdx.x], 1);
}

__device__ void block_and_device_atomics(const float*, float*, int* z, int) {
  if (blockIdx.x == 0)
    atomicAdd_block(&z[0], 1);  // race: grid
  else
    atomicAdd(&z[0], 1);  // race: grid
}

__device__ void block_and_device_atomics_in_one_block(const float*, float*, int* z, int) {
  if (threadIdx.x < 32)
    atomicAdd_block(&z[blockIdx.x], 1);
  else
    atomicAdd(&z[blockIdx.x], 1);
}

__device__ void flags_by_atomics_and_volatile(const float*, float*, int* z, int) {
  if (blockIdx.x == 0)
    atomicAdd(&z[0], 1);
  else if (*(volatile int*)&z[0] == 1)
    z[1 + blockIdx.x] = threadIdx.x == 0;
}

__device__ void flags_by_atomics_of_a_block_and_volatile(const float*, float*, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0)
    atomicAdd_block(&z[0], 1);  // race: grid
  else if (*(volatile int*)&z[0] == 1)  // race: grid
    z[1 + blockIdx.x] = 1;
}

__device__ void block_fence_between_blocks(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];  // race: grid
    __threadfence_block();
    atomicExch(&z[0], 1);
  } else if (atomicAdd(&z[0], 0) == 1) {
    y[6 + blockIdx.x] = y[5];  // race: grid
  }
}

__device__ void block_fence_within_a_block(const float* x, float* y, int* z, int) {
  float* mine = y + 1024 + blockIdx.x;
  if (threadIdx.x == 0) {
    *mine = x[5];
    __threadfence_block();
    atomicExch(&z[blockIdx.x], 1);
  } else if (threadIdx.x == 40 && atomicAdd(&z[blockIdx.x], 0) == 1) {
    y[6 + blockIdx.x] = *mine;
  }
}

__device__ void flag_without_any_fence(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];  // race: grid
    atomicExch(&z[0], 1);
  } else if (atomicAdd(&z[0], 0) == 1) {
    y[6 + blockIdx.x] = y[5];  // race: grid
  }
}

__device__ void lock_without_a_fence_at_its_end(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    while (atomicCAS(z, 0, 1) != 0) {}
    __threadfence();
    y[0] += x[blockIdx.x];  // race: grid
    atomicExch(z, 0);
  }
}

__device__ void lock_with_both_fences(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    while (atomicCAS(z, 0, 1) != 0) {}
    __threadfence();
    y[0] += x[blockIdx.x];
    __threadfence();
    atomicExch(z, 0);
  }
}

__device__ void lock_of_the_block(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    while (atomicCAS_block(z, 0, 1) != 0) {}  // race: any
    __threadfence();
    y[0] += x[blockIdx.x];  // race: grid
    __threadfence();
    atomicExch_block(z, 0);  // race: grid
  }
}

__device__ void lock_released_by_a_plain_store(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    while (atomicCAS(z, 0, 1) != 0) {}  // race: any
    __threadfence();
    y[0] += x[blockIdx.x];  // race: grid
    __threadfence();
    *z = 0;  // race: grid
  }
}

__device__ void two_locks_for_one_thing(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    int* lock = z + blockIdx.x % 2;
    while (atomicCAS(lock, 0, 1) != 0) {}
    __threadfence();
    y[0] += x[blockIdx.x];  // race: grid
    __threadfence();
    atomicExch(lock, 0);
  }
}

__device__ void ticket_lock(const float* x, float* y, int* z, int) {
  if (threadIdx.x == 0) {
    const int mine = atomicAdd(&z[0], 1);
    while (atomicAdd(&z[1], 0) != mine) {}
    __threadfence();
    y[0] += x[blockIdx.x];
    __threadfence();
    atomicAdd(&z[1], 1);
  }
}

__device__ void semaphore_of_blocks(const float* x, float* y, int* z, int) {
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x == 0) {
    __threadfence();
    atomicAdd(z, 1);
  }
  if (blockIdx.x == 3) {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) < 4) {}
    __syncthreads();
    y[1024 + threadIdx.x] = y[threadIdx.x] + y[64 + 63 - threadIdx.x];
  }
}

__device__ void semaphore_released_too_soon(const float* x, float* y, int* z, int) {
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x];  // race: grid
  if (threadIdx.x == 0) {
    __threadfence();
    atomicAdd(z, 1);
  }
  if (blockIdx.x == 3) {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) < 4) {}
    __syncthreads();
    y[1024 + threadIdx.x] = y[threadIdx.x] + y[64 + 63 - threadIdx.x];  // race: grid
  }
}

__device__ void semaphore_whose_block_does_not_wait(const float* x, float* y, int* z, int) {
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x];  // race: grid
  __syncthreads();
  if (threadIdx.x == 0) {
    __threadfence();
    atomicAdd(z, 1);
  }
  if (blockIdx.x == 3) {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) < 4) {}
    y[1024 + threadIdx.x] = y[threadIdx.x] + y[64 + 63 - threadIdx.x];  // race: grid
  }
}

__device__ void release_and_acquire(const float* x, float* y, int* z, int) {
  cuda::atomic_ref<int, cuda::thread_scope_device> flag(z[0]);
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];
    flag.store(1, cuda::std::memory_order_release);
  } else {
    while (flag.load(cuda::std::memory_order_acquire) == 0) {}
    y[6 + blockIdx.x] = y[5];
  }
}

__device__ void release_that_is_relaxed(const float* x, float* y, int* z, int) {
  cuda::atomic_ref<int, cuda::thread_scope_device> flag(z[0]);
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];  // race: grid
    flag.store(1, cuda::std::memory_order_relaxed);
  } else {
    while (flag.load(cuda::std::memory_order_relaxed) == 0) {}
    y[6 + blockIdx.x] = y[5];  // race: grid
  }
}

__device__ void release_of_the_block(const float* x, float* y, int* z, int) {
  cuda::atomic_ref<int, cuda::thread_scope_block> flag(z[0]);
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];  // race: grid
    flag.store(1, cuda::std::memory_order_release);  // race: grid
  } else {
    while (flag.load(cuda::std::memory_order_acquire) == 0) {}  // race: any
    y[6 + blockIdx.x] = y[5];  // race: grid
  }
}

__device__ void flag_by_cache_hints(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];  // race: grid
    __threadfence();
    __stcg(&z[0], 1);  // race: grid
  } else if (__ldcg(&z[0]) == 1)  // race: grid
    y[6 + blockIdx.x] = y[5];  // race: grid
}

__device__ void acquire_ptx(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[5] = x[5];
    asm volatile("st.release.gpu.global.s32 [%0], %1;" ::"l"(z), "r"(1)
                 : "memory");
  } else {
    int seen;
    do asm volatile("ld.acquire.gpu.global.s32 %0, [%1];"
                    : "=r"(seen)
                    : "l"(z)
                    : "memory");
    while (seen == 0);
    y[6 + blockIdx.x] = y[5];
  }
}

__device__ void ptx_reduction_that_releases(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  y[blockIdx.x] = x[blockIdx.x];
  asm volatile("red.release.gpu.global.add.s32 [%0], %1;" ::"l"(z), "r"(1)
               : "memory");
  if (blockIdx.x == 3) {
    int seen;
    do asm volatile("ld.acquire.gpu.global.s32 %0, [%1];"
                    : "=r"(seen)
                    : "l"(z)
                    : "memory");
    while (seen < 4);
    y[5] = y[0] + y[1] + y[2];
  }
}

__device__ void ptx_reduction_that_is_relaxed(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  y[blockIdx.x] = x[blockIdx.x];  // race: grid
  asm volatile("red.relaxed.gpu.global.add.s32 [%0], %1;" ::"l"(z), "r"(1)
               : "memory");
  if (blockIdx.x == 3) {
    int seen;
    do asm volatile("ld.acquire.gpu.global.s32 %0, [%1];"
                    : "=r"(seen)
                    : "l"(z)
                    : "memory");
    while (seen < 4);
    y[5] = y[0] + y[1] + y[2];  // race: grid
  }
}

__device__ void guarded_maximum(const float* x, float*, int* z, int) {
  const int v = (int)x[blockIdx.x * 64 + threadIdx.x];
  if (z[0] < v)  // race: any
    atomicMax(&z[0], v);  // race: any
}

__device__ void first_lane_fences_for_its_warp(const float* x, float* y, int* z, int) {
  if (threadIdx.x >= 32) return;
  if (blockIdx.x == 0) {
    y[threadIdx.x] = x[threadIdx.x];
    __syncwarp();
    if (threadIdx.x == 0) {
      __threadfence();
      atomicExch(z, 1);
    }
  } else {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) == 0) {}
    __syncwarp();
    y[1024 + blockIdx.x * 32 + threadIdx.x] = y[31 - threadIdx.x];
  }
}

__device__ void first_lane_fences_before_its_warp_has_met(const float* x, float* y, int* z, int) {
  if (threadIdx.x >= 32) return;
  if (blockIdx.x == 0) {
    y[threadIdx.x] = x[threadIdx.x];  // race: grid
    if (threadIdx.x == 31) {
      __threadfence();
      atomicExch(z, 1);
    }
    __syncwarp();
  } else {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) == 0) {}
    __syncwarp();
    y[1024 + blockIdx.x * 32 + threadIdx.x] = y[31 - threadIdx.x];  // race: grid
  }
}

__device__ void every_lane_fences_and_the_first_tells(const float* x, float* y, int* z, int) {
  if (threadIdx.x >= 32) return;
  if (blockIdx.x == 0) {
    y[threadIdx.x] = x[threadIdx.x];
    __threadfence();
    __syncwarp();
    if (threadIdx.x == 0) atomicExch(z, 1);
  } else {
    if (threadIdx.x == 0) while (atomicAdd(z, 0) == 0) {}
    __syncwarp();
    y[1024 + blockIdx.x * 32 + threadIdx.x] = y[31 - threadIdx.x];
  }
}

__device__ void other_lanes_do_not_wait(const float* x, float* y, int* z, int) {
  if (threadIdx.x >= 32) return;
  if (blockIdx.x == 0) {
    y[threadIdx.x] = x[threadIdx.x];  // race: grid
    __syncwarp();
    if (threadIdx.x == 0) {
      __threadfence();
      atomicExch(z, 1);
    }
  } else {
    if (threadIdx.x == 0)
      while (atomicAdd(z, 0) == 0) {}
    y[1024 + blockIdx.x * 32 + threadIdx.x] = y[31 - threadIdx.x];  // race: grid
  }
}

__device__ void look_back(const float* x, float* y, int* z, int) {
  __shared__ float before;
  if (threadIdx.x == 0) {
    float sum = 0;
    if (blockIdx.x > 0) {
      while (*(volatile int*)&z[blockIdx.x - 1] == 0) {}
      __threadfence();
      sum = y[blockIdx.x - 1];
    }
    y[blockIdx.x] = sum + x[blockIdx.x];
    __threadfence();
    *(volatile int*)&z[blockIdx.x] = 1;
    before = sum;
  }
  __syncthreads();
  y[1024 + blockIdx.x * 64 + threadIdx.x] = before;
}

__device__ void chain_of_three_blocks(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  if (blockIdx.x == 0) {
    y[0] = x[0];
    __threadfence();
    atomicExch(&z[0], 1);
  }
  if (blockIdx.x == 1) {
    while (atomicAdd(&z[0], 0) == 0) {}
    __threadfence();
    atomicExch(&z[1], 1);
  }
  if (blockIdx.x == 2) {
    while (atomicAdd(&z[1], 0) == 0) {}
    __threadfence();
    y[5] = y[0];
  }
}

__device__ void within_the_block_and_then_to_another(const float* x, float* y, int* z, int) {
  if (blockIdx.x == 0) {
    if (threadIdx.x == 0) {
      y[0] = x[0];
      __threadfence_block();
      atomicExch_block(&z[0], 1);
    }
    if (threadIdx.x == 40) {
      while (atomicAdd_block(&z[0], 0) == 0) {}
      __threadfence();
      atomicExch(&z[1], 1);
    }
  } else if (threadIdx.x == 0) {
    while (atomicAdd(&z[1], 0) == 0) {}
    __threadfence();
    y[5 + blockIdx.x] = y[0];
  }
}

__device__ void shared_flag_by_atomics_and_block_fence(const float* x, float* y, int*, int) {
  __shared__ float value;
  __shared__ int ready;
  if (threadIdx.x == 0) ready = 0;
  __syncthreads();
  if (threadIdx.x == 0) {
    value = x[3];
    __threadfence_block();
    atomicExch(&ready, 1);
  }
  if (threadIdx.x == 40 && atomicAdd(&ready, 0) == 1) y[blockIdx.x] = value;
}

__device__ void shared_flag_by_atomics_without_a_fence(const float* x, float* y, int*, int) {
  __shared__ float value;
  __shared__ int ready;
  if (threadIdx.x == 0) ready = 0;
  __syncthreads();
  if (threadIdx.x == 0) {
    value = x[3];  // race: any
    atomicExch(&ready, 1);
  }
  if (threadIdx.x == 40 && atomicAdd(&ready, 0) == 1) y[blockIdx.x] = value;  // race: any
}

