// Asynchronous copies: the pipeline primitives, our wrappers, inline PTX, cuda::pipeline and
// cuda::barrier. Each turns the input around through shared memory, in two stages.
#include <cooperative_groups.h>
#include <cuda_pipeline.h>
#include <evotune/copy.cuh>

#include <cuda/barrier>
#include <cuda/pipeline>
namespace cg = cooperative_groups;

#define CP_ASYNC_CG(dst, src, bytes)                                                   \
  asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], %2;\n" ::"r"(dst), "l"(src), \
               "n"(bytes))

extern "C" __global__ void pipeline_primitives(const float* in, float* out) {
  __shared__ __align__(16) float line[2][128];
  const int t = threadIdx.x;
  if (t < 32) __pipeline_memcpy_async(&line[0][4 * t], in + 4 * t, 16);
  __pipeline_commit();
  __pipeline_memcpy_async(&line[1][t], in + t, 4);
  __pipeline_commit();
  __pipeline_wait_prior(1);
  __syncthreads();
  float v = line[0][127 - t];
  __pipeline_wait_prior(0);
  __syncthreads();
  out[t] = v + line[1][127 - t];
}
extern "C" __global__ void copies_by_wrapper(const float* in, float* out) {
  __shared__ __align__(16) float line[2][128];
  const int t = threadIdx.x;
  if (t < 32) evotune::copy_async<16>(&line[0][4 * t], in + 4 * t);
  evotune::commit_copies();
  evotune::copy_async<4>(&line[1][t], in + t);
  evotune::commit_copies();
  evotune::wait_copies<1>();
  __syncthreads();
  float v = line[0][127 - t];
  evotune::wait_copies<0>();
  __syncthreads();
  out[t] = v + line[1][127 - t];
}
template <int bytes>
__device__ void fetch(unsigned to, const float* __restrict__ from, int at) {
  const auto copy = [&](int stage) { CP_ASYNC_CG(to + 4 * stage, &from[at + stage], bytes); };
  copy(0);
}
extern "C" __global__ void copies_by_ptx(const float* in, float* out) {
  extern __shared__ __align__(16) float whole[];
  __shared__ __align__(16) float line[128];
  const int t = threadIdx.x;
  const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(whole));
  if (t < 32) fetch<16>(to + 16 * t, in, 4 * t);
  asm volatile("cp.async.commit_group;\n" ::);
  const unsigned own = static_cast<unsigned>(__cvta_generic_to_shared(&line[t]));
  const int valid = t < 128;
  asm volatile("{\n .reg .pred p;\n setp.ne.b32 p, %0, 0;\n @p cp.async.ca.shared.global [%1], [%2], 4, %3;\n}\n" ::"r"(valid),
               "r"(own), "l"(in + t), "r"(t == 5 ? 0 : 4));
  asm volatile("cp.async.commit_group;\n" ::);
  asm volatile("cp.async.wait_group %0;\n" ::"n"(1));
  __syncthreads();
  float v = whole[127 - t];
  asm volatile("cp.async.wait_all;\n" ::);
  __syncthreads();
  out[t] = v + line[127 - t];
}
extern "C" __global__ void block_pipeline(const float* in, float* out) {
  __shared__ __align__(16) float line[2][64];
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  auto stages = cuda::make_pipeline(block, &state);
  for (int i = 0; i < 2; ++i) {
    stages.producer_acquire();
    cuda::memcpy_async(block, line[i], in + 64 * i, cuda::aligned_size_t<16>(64 * sizeof(float)), stages);
    stages.producer_commit();
  }
  float v = 0;
  for (int i = 0; i < 2; ++i) {
    stages.consumer_wait();
    v += line[i][63 - threadIdx.x % 64];
    stages.consumer_release();
  }
  out[threadIdx.x] = v;
}
/// Warps 2 and 3 copy what warps 0 and 1 read.
extern "C" __global__ void pipeline_of_two_roles(const float* in, float* out) {
  __shared__ float line[2][64];
#ifndef EVOTUNE_CPU_DEVICE
#pragma nv_diag_suppress static_var_with_dynamic_init
#endif
  __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
  auto block = cg::this_thread_block();
  const auto role = threadIdx.x < 64 ? cuda::pipeline_role::consumer : cuda::pipeline_role::producer;
  auto stages = cuda::make_pipeline(block, &state, role);
  const int t = threadIdx.x % 64;
  float v = in[t];
  for (int i = 0; i < 4; ++i) {
    if (role == cuda::pipeline_role::producer) {
      stages.producer_acquire();
      cuda::memcpy_async(&line[i % 2][t], in + 64 * i + t, sizeof(float), stages);
      stages.producer_commit();
    } else {
      stages.consumer_wait();
      v += line[i % 2][63 - t];
      stages.consumer_release();
    }
  }
  out[threadIdx.x] = v;
}
extern "C" __global__ void thread_pipeline(const float* in, float* out) {
  __shared__ float line[128];
  auto stages = cuda::make_pipeline();
  stages.producer_acquire();
  cuda::memcpy_async(&line[threadIdx.x], in + threadIdx.x, sizeof(float), stages);
  stages.producer_commit();
  cuda::pipeline_consumer_wait_prior<0>(stages);
  __syncthreads();
  out[threadIdx.x] = line[127 - threadIdx.x];
}
extern "C" __global__ void split_barrier(const float* in, float* out) {
  using Barrier = cuda::barrier<cuda::thread_scope_block>;
#ifdef EVOTUNE_CPU_DEVICE
  __shared__ Barrier barrier;
#else
#pragma nv_diag_suppress static_var_with_dynamic_init
  __shared__ Barrier barrier;
#endif
  __shared__ float line[128];
  if (threadIdx.x == 0) init(&barrier, 128);
  __syncthreads();
  for (int i = 0; i < 2; ++i) {
    line[threadIdx.x] = in[threadIdx.x] + static_cast<float>(i);
    auto token = barrier.arrive();
    barrier.wait(static_cast<decltype(token)&&>(token));
    out[threadIdx.x] = line[127 - threadIdx.x];
    barrier.arrive_and_wait();
  }
}
/// Warps 2 and 3 copy for warps 0 and 1: `full` and `empty` are of PTX, as kernels of sm_80 spell them.
__device__ __forceinline__ unsigned barrier_at(unsigned long long* barrier) {
  return static_cast<unsigned>(__cvta_generic_to_shared(barrier));
}
__device__ __forceinline__ void wait_for_phase(unsigned long long* barrier, unsigned parity) {
  asm volatile(
      "{\n"
      ".reg .pred done;\n"
      "AGAIN:\n"
      "mbarrier.test_wait.parity.shared.b64 done, [%0], %1;\n"
      "@done bra OVER;\n"
      "bra AGAIN;\n"
      "OVER:\n"
      "}\n" ::"r"(barrier_at(barrier)), "r"(parity) : "memory");
}
extern "C" __global__ void barriers_in_memory(const float* in, float* out) {
  __shared__ float line[64];
  __shared__ unsigned long long full, empty, end;
  const int t = threadIdx.x % 64;
  const bool copies = threadIdx.x >= 64;
  if (threadIdx.x == 0) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(barrier_at(&full)), "r"(64));
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(barrier_at(&end)), "r"(128));
    asm volatile("mbarrier.init.shared.b64 [%0], 64;" ::"r"(barrier_at(&empty)));
  }
  __syncthreads();
  unsigned long long state = 0;
  float v = in[t];
  for (unsigned i = 0; i < 3; ++i) {
    if (copies) {
      if (i > 0) wait_for_phase(&empty, (i - 1) & 1);
      const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(&line[t]));
      asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(to), "l"(in + 64 * i + t));
      asm volatile("cp.async.mbarrier.arrive.noinc.shared.b64 [%0];" ::"r"(barrier_at(&full)) : "memory");
    } else {
      wait_for_phase(&full, i & 1);
      v += line[63 - t];
      asm volatile("mbarrier.arrive.shared.b64 %0, [%1];" : "=l"(state) : "r"(barrier_at(&empty)) : "memory");
    }
  }
  if (!copies) {
    unsigned over;
    asm volatile("{ .reg .pred p;\n mbarrier.test_wait.shared.b64 p, [%1], %2;\n selp.u32 %0, 1, 0, p; }"
                 : "=r"(over) : "r"(barrier_at(&empty)), "l"(state) : "memory");
    unsigned pending;
    asm volatile("mbarrier.pending_count.b64 %0, %1;" : "=r"(pending) : "l"(state));
    v += over + (pending == 0 || pending > 64 ? 1000 : 0);
  }
  if (copies)  // for the last time
    asm volatile("mbarrier.arrive_drop.shared.b64 %0, [%1];" : "=l"(state) : "r"(barrier_at(&end)) : "memory");
  else
    for (unsigned i = 0; i < 2; ++i) {
      asm volatile("mbarrier.arrive.shared.b64 %0, [%1];" : "=l"(state) : "r"(barrier_at(&end)) : "memory");
      wait_for_phase(&end, i);
    }
  __syncthreads();
  if (threadIdx.x == 0) asm volatile("mbarrier.inval.shared.b64 [%0];" ::"r"(barrier_at(&full)));
  out[threadIdx.x] = v;
}
