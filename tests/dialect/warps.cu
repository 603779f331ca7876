// Barriers with predicates, warp shuffles, votes, matches, reductions; atomics and fences.
#include <cuda/atomic>
#include <cuda/std/atomic>

__device__ unsigned blocks_done;

extern "C" __global__ void shuffles(const float* in, float* out) {
  const int t = threadIdx.x;
  float v = in[t];
  for (int o = 16; o > 0; o >>= 1) v += __shfl_xor_sync(~0u, v, o);
  v += __shfl_sync(~0u, in[t], 3, 8) + __shfl_up_sync(~0u, in[t], 2) + __shfl_down_sync(~0u, in[t], 1, 16);
  v += static_cast<float>(__shfl_sync(~0u, static_cast<double>(in[t]), 31)) +
       static_cast<float>(__shfl_sync(~0u, static_cast<long long>(t), 7));
  out[t] = v;
}
extern "C" __global__ void votes_and_matches(const float*, float* out) {
  const int t = threadIdx.x;
  int all = 0;
  const unsigned same = __match_all_sync(~0u, 5, &all);
  const unsigned mixed = __match_any_sync(~0u, t % 5);
  out[t] = static_cast<float>(__popc(__ballot_sync(~0u, t % 3 == 0)) + 100 * __any_sync(~0u, t == 40) +
                              200 * __all_sync(~0u, t < 64) + 1000 * all + __popc(mixed) +
                              (same == ~0u ? 4000 : 0));
}
extern "C" __global__ void warp_reductions(const float*, float* out) {
  const int t = threadIdx.x;
  out[t] = static_cast<float>(__reduce_add_sync(~0u, t) + __reduce_max_sync(~0u, t - 500) +
                              __reduce_min_sync(~0u, t) +
                              static_cast<int>(__reduce_or_sync(~0u, 1u << (t % 4)) +
                                               __reduce_xor_sync(~0u, static_cast<unsigned>(t)) +
                                               __reduce_and_sync(~0u, t | 64u)));
}
extern "C" __global__ void converged_lanes(const float*, float* out) {
  const int t = threadIdx.x;
  float v = 0;
  if (t % 4 == 1) {
    const unsigned mask = __activemask();
    v = static_cast<float>(__popc(mask) * 100 + __shfl_sync(mask, t, __ffs(static_cast<int>(mask)) - 1));
  }
  __syncwarp();
  out[t] = v;
}
extern "C" __global__ void counting_barriers(const float* in, float* out) {
  const int t = threadIdx.x;
  const int count = __syncthreads_count(in[t] > 0);
  const int every = __syncthreads_and(in[t] > -1000), some = __syncthreads_or(t == 77);
  out[t] = static_cast<float>(count + 1000 * every + 2000 * some);
}
extern "C" __global__ void atomics_in_shared_memory(const float*, float* out) {
  __shared__ int sum, most, least, bits, turns;
  __shared__ float real;
  __shared__ unsigned long long wide;
  const int t = threadIdx.x;
  if (t == 0) sum = 0, most = -1, least = 1000, bits = 0, turns = 0, real = 0, wide = 0;
  __syncthreads();
  atomicAdd(&sum, t);
  atomicMax(&most, t);
  atomicMin(&least, t + 3);
  atomicOr(&bits, 1 << (t % 8));
  atomicAdd(&real, 0.5f);
  atomicAdd_block(&wide, 1ull << 33);
  atomicInc(reinterpret_cast<unsigned*>(&turns), 99u);
  __syncthreads();
  out[t] = static_cast<float>(sum + most + least + bits + turns) + real + static_cast<float>(wide >> 33);
}
extern "C" __global__ void a_lock_and_a_ticket(const float* in, float* out) {
  __shared__ float total;
  __shared__ bool last;
  const int t = threadIdx.x;
  if (t == 0) total = 0;
  __syncthreads();
  // Compare-and-swap of a type that has no atomic of its own.
  int* bits = reinterpret_cast<int*>(&total);
  int seen = atomicAdd(bits, 0), wanted;
  do {
    wanted = seen;
    seen = atomicCAS(bits, wanted, __float_as_int(fmaxf(__int_as_float(wanted), in[t])));
  } while (seen != wanted);
  __threadfence();
  __syncthreads();
  if (t == 0) last = atomicInc(&blocks_done, gridDim.x - 1) == gridDim.x - 1;
  __syncthreads();
  if (last || gridDim.x == 1) out[t] = total;
}
extern "C" __global__ void atomic_objects(const float*, float* out) {
  __shared__ cuda::atomic<int, cuda::thread_scope_block> arrived;
  __shared__ cuda::std::atomic<unsigned> bits;
  static_assert(sizeof(arrived) == 4 && sizeof(bits) == 4, "kernels take arrays of them");
  const int t = threadIdx.x;
  if (t == 0) arrived = 0, bits.store(0, cuda::std::memory_order_relaxed);
  __syncthreads();
  arrived.fetch_add(2, cuda::memory_order_relaxed);
  arrived--;
  bits |= 1u << t % 8;
  bits ^= 0u;
  bits &= 255u;
  arrived.wait(0);
  arrived.notify_all();
  cuda::atomic_thread_fence(cuda::memory_order_seq_cst, cuda::thread_scope_block);
  __syncthreads();
  out[t] = static_cast<float>(arrived + static_cast<int>(bits.load()));
}
