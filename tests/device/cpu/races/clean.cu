// Kernels without a race, among them those that look as if they had one. Launched as those of
// racy.cu.
#include <cuda_fp16.h>

constexpr int tile = 8;

__device__ void gemm_tiled(const float* x, float* y, int*, int) {
  __shared__ float a[tile][tile], b[tile][tile + 1];
  const int tx = threadIdx.x % tile, ty = threadIdx.x / tile;
  float sum = 0;
  for (int k = 0; k < 16; k += tile) {
    a[ty][tx] = x[k + threadIdx.x];
    b[ty][tx] = x[64 + k + threadIdx.x];
    __syncthreads();
    for (int i = 0; i < tile; ++i) sum += a[ty][i] * b[i][tx];
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_in_two_stages(const float* x, float* y, int*, int) {
  __shared__ float a[2][64];
  float sum = 0;
  a[0][threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  for (int k = 1; k < 4; ++k) {
    a[k & 1][threadIdx.x] = x[k * 64 + threadIdx.x];
    for (int i = 0; i < 64; ++i) sum += a[(k & 1) ^ 1][i];
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_split_k_with_atomics(const float* x, float* y, int*, int) {
  float sum = 0;
  for (int k = 0; k < 8; ++k) sum += x[blockIdx.x * 8 + k];
  atomicAdd(&y[threadIdx.x], sum);
}

__device__ void reduce_tree(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  for (int half = 32; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) s[threadIdx.x] += s[threadIdx.x + half];
  }
  if (threadIdx.x == 0) y[blockIdx.x] = s[0];
}

__device__ void reduce_by_shuffles(const float* x, float* y, int*, int) {
  __shared__ float s[2];
  float value = x[threadIdx.x];
  for (int offset = 16; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffffu, value, offset);
  if (threadIdx.x % 32 == 0) s[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x == 0) y[blockIdx.x] = s[0] + s[1];
}

__device__ void reduce_last_warp_with_syncwarp(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    volatile float* v = s;
    v[threadIdx.x] += v[threadIdx.x + 32];
    __syncwarp();
    for (int half = 16; half > 0; half /= 2) {
      const float other = v[threadIdx.x + half];
      __syncwarp();
      v[threadIdx.x] += other;
      __syncwarp();
    }
    if (threadIdx.x == 0) y[blockIdx.x] = v[0];
  }
}

__device__ void last_block_by_its_first_thread(const float* x, float* y, int* z, int) {
  __shared__ bool last;
  if (threadIdx.x == 0) {
    y[blockIdx.x] = x[blockIdx.x];
    __threadfence();
    last = atomicAdd(z, 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (last) {
    float sum = 0;
    for (int i = 0; i < gridDim.x; ++i) sum += y[i];
    y[64 + threadIdx.x] = sum;
  }
}

__device__ void last_block_after_all_have_fenced(const float* x, float* y, int* z, int) {
  __shared__ bool last;
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x];
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) last = atomicInc(reinterpret_cast<unsigned*>(z), 3) == gridDim.x - 1;
  __syncthreads();
  if (!last) return;
  float sum = 0;
  for (int i = 0; i < gridDim.x; ++i) sum += y[i * 64 + 63 - threadIdx.x];
  y[1000 + threadIdx.x] = sum;
}

__device__ void block_after_block_through_volatile_flags(const float* x, float* y, int* z, int) {
  if (threadIdx.x != 0) return;
  volatile int* flags = z;
  volatile float* sums = y;
  float before = 0;
  if (blockIdx.x > 0) {
    while (flags[blockIdx.x - 1] == 0) {
    }
    before = sums[blockIdx.x - 1];
  }
  sums[blockIdx.x] = before + x[blockIdx.x];
  __threadfence();
  flags[blockIdx.x] = 1;
}

__device__ void scan_through_two_buffers(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  int now = 0;
  s[0][threadIdx.x] = x[threadIdx.x];
  for (int by = 1; by < 64; by *= 2, now ^= 1) {
    __syncthreads();
    s[now ^ 1][threadIdx.x] =
        s[now][threadIdx.x] + (threadIdx.x >= by ? s[now][threadIdx.x - by] : 0);
  }
  y[blockIdx.x * 64 + threadIdx.x] = s[now][threadIdx.x];
}

__device__ void softmax(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  float top = s[0];
  for (int i = 1; i < 64; ++i) top = fmaxf(top, s[i]);
  __syncthreads();
  s[threadIdx.x] = expf(x[threadIdx.x] - top);
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < 64; ++i) sum += s[i];
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x] / sum;
}

__device__ void attention_scores_of_a_warp(const float* x, float* y, int*, int) {
  __shared__ float4 scores[2][32];
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  float sum = 0;
  for (int step = 0; step < 2; ++step) {
    scores[warp][lane] = reinterpret_cast<const float4*>(x)[step * 32 + lane];
    __syncwarp();
    for (int i = 0; i < 32; ++i) sum += scores[warp][i].x * scores[warp][i].w;
    __syncwarp();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void halves_of_a_warp_apart(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  const unsigned mask = lane < 16 ? 0x0000ffffu : 0xffff0000u;
  s[threadIdx.x] = x[threadIdx.x];
  __syncwarp(mask);
  const float first = s[threadIdx.x ^ 15];
  __syncwarp();
  y[blockIdx.x * 64 + threadIdx.x] = first + s[threadIdx.x ^ 16];
}

__device__ void order_passes_from_lane_to_lane(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  s[threadIdx.x] = x[threadIdx.x];
  if (lane < 2) __syncwarp(0x3u);
  if (lane == 1 || lane == 2) __syncwarp(0x6u);
  // Lane 2 met lane 1, which had met lane 0.
  if (lane == 2) y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x - 2];
}

__device__ void histogram(const float* x, float*, int* z, int) {
  __shared__ int bins[8];
  if (threadIdx.x < 8) bins[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&bins[static_cast<int>(x[threadIdx.x]) % 8], 1);
  __syncthreads();
  if (threadIdx.x < 8) atomicAdd(&z[threadIdx.x], bins[threadIdx.x]);
}

__device__ void stencil_with_halo(const float* x, float* y, int*, int) {
  __shared__ float s[66];
  s[threadIdx.x + 1] = x[threadIdx.x + 1];
  if (threadIdx.x == 0) s[0] = x[0];
  if (threadIdx.x == 63) s[65] = x[65];
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x] + s[threadIdx.x + 2];
}

__device__ void transpose(const float* x, float* y, int*, int) {
  __shared__ float s[tile][tile + 1];
  const int tx = threadIdx.x % tile, ty = threadIdx.x / tile;
  s[ty][tx] = x[threadIdx.x];
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[tx][ty];
}

__device__ void bytes_side_by_side(const float*, float* y, int*, int) {
  __shared__ unsigned char s[64];
  s[threadIdx.x] = static_cast<unsigned char>(threadIdx.x);
  s[threadIdx.x] += 1;
  reinterpret_cast<unsigned char*>(y)[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void halves_side_by_side(const float* x, float* y, int*, int) {
  __shared__ __half s[64];
  s[threadIdx.x] = __float2half(x[threadIdx.x]);
  reinterpret_cast<__half*>(y)[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
  __syncthreads();
  y[1000 + blockIdx.x * 32 + threadIdx.x / 2] = __half2float(s[threadIdx.x / 2]);
}

__device__ void all_raise_one_flag(const float* x, float* y, int* z, int) {
  __shared__ int found;
  if (threadIdx.x == 0) found = 0;
  __syncthreads();
  if (x[threadIdx.x] >= 0) found = 1;
  if (x[threadIdx.x] >= 0) z[0] = 1;
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = static_cast<float>(found);
}

__device__ void everyone_takes_the_lock(const float* x, float* y, int* z, int) {
  if (threadIdx.x % 32 != 0) return;
  while (atomicCAS(z, 0, 1) != 0) {
  }
  y[0] = y[0] + x[threadIdx.x];
  __threadfence();
  atomicExch(z, 0);
}

__device__ void slots_of_ones_own(const float* x, float* y, int*, int) {
  __shared__ float s[4][64];
  for (int i = 0; i < 4; ++i) s[i][threadIdx.x] = x[i * 64 + threadIdx.x];
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += s[i][threadIdx.x];
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void barriers_that_vote(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  const int some = __syncthreads_or(x[threadIdx.x] > 0);
  const float other = s[63 - threadIdx.x];
  const int count = __syncthreads_count(other > 0);
  s[threadIdx.x] = static_cast<float>(some + count);
  if (__syncthreads_and(1)) y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];
}

__device__ void some_return_before_the_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  if (threadIdx.x >= 40) return;
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[39 - threadIdx.x];
}

__device__ void dynamic_shared(const float* x, float* y, int*, int) {
  extern __shared__ float dynamic[];
  dynamic[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = dynamic[63 - threadIdx.x];
}

__device__ void maximum_by_compare_and_swap(const float* x, float*, int* z, int) {
  int old = atomicAdd(z, 0);
  while (old < static_cast<int>(x[threadIdx.x])) {
    const int seen = atomicCAS(z, old, static_cast<int>(x[threadIdx.x]));
    if (seen == old) break;
    old = seen;
  }
}

__device__ void stride_through_the_grid(const float* x, float* y, int*, int n) {
  for (int i = blockIdx.x * 64 + threadIdx.x; i < n; i += 64 * gridDim.x) y[i] += x[i];
}

__device__ void everyone_reads_everything(const float* x, float* y, int*, int n) {
  float sum = 0;
  for (int i = 0; i < 64; ++i) sum += x[i] + y[i + 1000];
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void bitonic_sort(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x * 37 % 64];
  for (int size = 2; size <= 64; size *= 2)
    for (int by = size / 2; by > 0; by /= 2) {
      __syncthreads();
      const int other = threadIdx.x ^ by;
      if (other > threadIdx.x && (s[threadIdx.x] > s[other]) == ((threadIdx.x & size) == 0)) {
        const float mine = s[threadIdx.x];
        s[threadIdx.x] = s[other];
        s[other] = mine;
      }
    }
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];
}

__device__ void scan_up_and_down(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  int offset = 1;
  for (int d = 32; d > 0; d /= 2, offset *= 2) {
    __syncthreads();
    if (threadIdx.x < d)
      s[offset * (2 * threadIdx.x + 2) - 1] += s[offset * (2 * threadIdx.x + 1) - 1];
  }
  if (threadIdx.x == 0) s[63] = 0;
  for (int d = 1; d < 64; d *= 2) {
    offset /= 2;
    __syncthreads();
    if (threadIdx.x < d) {
      const int left = offset * (2 * threadIdx.x + 1) - 1, right = left + offset;
      const float sum = s[left];
      s[left] = s[right];
      s[right] += sum;
    }
  }
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void one_atomic_for_a_warp(const float* x, float* y, int* z, int) {
  const bool wanted = x[threadIdx.x] > 10;
  const unsigned who = __ballot_sync(0xffffffffu, wanted);
  int base = 0;
  if (threadIdx.x % 32 == 0) base = atomicAdd(z, __popc(who));
  base = __shfl_sync(0xffffffffu, base, 0);
  if (wanted) y[base + __popc(who & ((1u << threadIdx.x % 32) - 1))] = x[threadIdx.x];
}

__device__ void layer_norm(const float* x, float* y, int*, int) {
  __shared__ float s[2][64];
  __shared__ float mean, scale;
  s[0][threadIdx.x] = x[threadIdx.x];
  s[1][threadIdx.x] = x[threadIdx.x] * x[threadIdx.x];
  for (int half = 32; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half)
      for (int i = 0; i < 2; ++i) s[i][threadIdx.x] += s[i][threadIdx.x + half];
  }
  if (threadIdx.x == 0) {
    mean = s[0][0] / 64;
    scale = rsqrtf(s[1][0] / 64 - mean * mean + 1e-5f);
  }
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = (x[threadIdx.x] - mean) * scale;
}

__device__ void adds_by_compare_and_swap(const float* x, float*, int* z, int) {
  int old = z[7];
  int assumed;
  do {
    assumed = old;
    old = atomicCAS(&z[7], assumed, __float_as_int(__int_as_float(assumed) + x[threadIdx.x]));
  } while (assumed != old);
}

// --- what looks like a fault -----------------------------------------------------------------------

__shared__ float sums_of_blocks[64];
__device__ void shared_variable_of_file_scope(const float* x, float* y, int*, int) {
  sums_of_blocks[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = sums_of_blocks[63 - threadIdx.x];
}

__device__ void fourth_component_is_never_written(const float* x, float* y, int*, int) {
  __shared__ float4 points[64];
  points[threadIdx.x].x = x[threadIdx.x];
  points[threadIdx.x].y = x[threadIdx.x + 1];
  points[threadIdx.x].z = x[threadIdx.x + 2];
  __syncthreads();
  const float4 point = points[63 - threadIdx.x];
  y[blockIdx.x * 64 + threadIdx.x] = point.x + point.y + point.z;
}

__device__ void garbage_of_the_border_is_masked(const float* x, float* y, int*, int) {
  __shared__ float s[66];
  if (threadIdx.x < 60) s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  const float next = s[threadIdx.x + 1];
  y[blockIdx.x * 64 + threadIdx.x] = threadIdx.x < 59 ? next : 0;
}

__device__ void garbage_is_summed_up_and_dropped(const float* x, float* y, int*, int n) {
  __shared__ float s[2][64];
  s[0][threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  float sums[2] = {0, 0};
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 64; ++k) sums[i] += s[i][k];
  y[blockIdx.x * 64 + threadIdx.x] = sums[n < 0 ? 1 : 0];
}

struct Found {
  char kind;
  int where;
};
__device__ void padding_of_a_struct_is_copied(const float* x, float* y, int* z, int) {
  __shared__ Found found[64];
  found[threadIdx.x].kind = static_cast<char>(x[threadIdx.x]);
  found[threadIdx.x].where = threadIdx.x;
  __syncthreads();
  const Found other = found[threadIdx.x ^ 5];
  y[blockIdx.x * 64 + threadIdx.x] = other.kind;
  z[blockIdx.x * 64 + threadIdx.x] = other.where;
}

struct Best {
  int index;
  float value;
};
__device__ void pairs_that_are_aligned_as_their_parts(const float* x, float* y, int*, int) {
  const Best best = reinterpret_cast<const Best*>(x + 1)[threadIdx.x];
  y[blockIdx.x * 64 + threadIdx.x] = best.value + best.index;
}

__device__ void bytes_copied_from_anywhere(const float* x, float* y, int*, int) {
  const char* bytes = reinterpret_cast<const char*>(x) + 4 + 8 * threadIdx.x;
  float2 pair;
  memcpy(&pair, bytes, sizeof pair);
  y[blockIdx.x * 64 + threadIdx.x] = pair.x + pair.y;
}

__device__ void cleared_by_memset(const float* x, float* y, int*, int) {
  __shared__ int bins[64];
  if (threadIdx.x == 0) memset(bins, 0xff, sizeof bins);
  __syncthreads();
  atomicAdd(&bins[threadIdx.x / 2], static_cast<int>(x[threadIdx.x]));
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = static_cast<float>(bins[threadIdx.x]);
}

// What a shuffle is given has been read before any lane goes on.
__device__ void neighbour_is_handed_over(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  const int lane = threadIdx.x % 32;
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (lane != 0) s[threadIdx.x] += __shfl_sync(0xfffffffeu, s[threadIdx.x - 1], 1);
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x ^ 1];
}

// What is copied whole is read only as far as it is used.
struct Body {
  float x, y, z, vx, vy, vz;
};
__device__ void body_is_copied_while_its_velocity_changes(const float* x, float* y, int*, int) {
  __shared__ Body bodies[8];
  if (threadIdx.x < 8) bodies[threadIdx.x] = {x[threadIdx.x], 1, 2, 3, 4, 5};
  __syncthreads();
  float force = 0;
  for (int i = 0; i < 8; ++i) {
    const Body other = bodies[i];
    force += other.x + other.y * other.z;
  }
  atomicAdd(&bodies[threadIdx.x % 8].vx, force);
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = bodies[threadIdx.x % 8].vx;
}

// The lanes behind the fourth take what nobody brings, and nobody uses theirs.
__device__ void reduce_of_eight_lanes_by_shuffles_from_beyond(const float* x, float* y, int*, int) {
  float sum = x[blockIdx.x * 64 + threadIdx.x];
  if (threadIdx.x < 8)
    for (int offset = 4; offset > 0; offset /= 2) sum += __shfl_down_sync(0xffu, sum, offset);
  y[blockIdx.x * 64 + threadIdx.x] = threadIdx.x == 0 ? sum : 1;
}
