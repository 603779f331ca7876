// Kernels with a race each. A line that takes part in it ends with `// race: SCOPE`: every race that
// is reported must name two such lines of its kernel (or one twice), and one must be reported.
// Blocks of 64 threads, a grid of 4; x, y and z have 4096 elements.

constexpr int tile = 8;

// --- matrix product ------------------------------------------------------------------------------

__device__ void gemm_without_barrier_after_loading(const float* x, float* y, int*, int) {
  __shared__ float a[tile][tile];
  const int tx = threadIdx.x % tile, ty = threadIdx.x / tile;
  float sum = 0;
  for (int k = 0; k < 16; k += tile) {
    a[ty][tx] = x[k + threadIdx.x];  // race: any
    for (int i = 0; i < tile; ++i)
      sum += a[ty][i] * a[i][tx];  // race: any
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_without_barrier_after_use(const float* x, float* y, int*, int) {
  __shared__ float a[tile][tile];
  const int tx = threadIdx.x % tile, ty = threadIdx.x / tile;
  float sum = 0;
  for (int k = 0; k < 16; k += tile) {
    a[ty][tx] = x[k + threadIdx.x];  // race: any
    __syncthreads();
    for (int i = 0; i < tile; ++i)
      sum += a[ty][i] * a[i][tx];  // race: any
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_with_the_barrier_too_early(const float* x, float* y, int*, int) {
  __shared__ float a[64];
  float sum = 0;
  for (int k = 0; k < 3; ++k) {
    __syncthreads();
    a[threadIdx.x] = x[k * 64 + threadIdx.x];  // race: any
    for (int i = 0; i < 64; ++i)
      sum += a[i];  // race: any
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_two_stages_one_buffer(const float* x, float* y, int*, int) {
  __shared__ float a[2][64];
  float sum = 0;
  a[0][threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  for (int k = 1; k < 4; ++k) {
    a[0][threadIdx.x] = x[k * 64 + threadIdx.x];  // race: any
    for (int i = 0; i < 64; ++i)
      sum += a[0][i];  // race: any
    __syncthreads();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void gemm_split_k_without_atomics(const float* x, float* y, int*, int) {
  float sum = 0;
  for (int k = 0; k < 8; ++k) sum += x[blockIdx.x * 8 + k];
  y[threadIdx.x] += sum;  // race: grid
}

// --- reduction -----------------------------------------------------------------------------------

__device__ void reduce_without_first_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];  // race: any
  for (int half = 32; half > 0; half /= 2) {
    if (threadIdx.x < half)
      s[threadIdx.x] += s[threadIdx.x + half];  // race: any
    __syncthreads();
  }
  if (threadIdx.x == 0) y[blockIdx.x] = s[0];
}

__device__ void reduce_with_the_barrier_outside_the_loop(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  for (int half = 32; half > 0; half /= 2)
    if (threadIdx.x < half)
      s[threadIdx.x] += s[threadIdx.x + half];  // race: warp
  __syncthreads();
  if (threadIdx.x == 0) y[blockIdx.x] = s[0];
}

__device__ void reduce_last_warp_through_volatile(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    volatile float* v = s;
    v[threadIdx.x] += v[threadIdx.x + 32];  // race: warp
    if (threadIdx.x < 16) v[threadIdx.x] += v[threadIdx.x + 16];  // race: warp
    if (threadIdx.x < 8) v[threadIdx.x] += v[threadIdx.x + 8];  // race: warp
  }
  __syncthreads();
  if (threadIdx.x == 0) y[blockIdx.x] = s[0];
}

__device__ void reduce_last_warp_with_one_syncwarp_missing(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 32) {
    s[threadIdx.x] += s[threadIdx.x + 32];
    __syncwarp();
    if (threadIdx.x < 16) s[threadIdx.x] += s[threadIdx.x + 16];  // race: warp
    if (threadIdx.x < 8) s[threadIdx.x] += s[threadIdx.x + 8];  // race: warp
  }
  __syncthreads();
  if (threadIdx.x == 0) y[blockIdx.x] = s[0];
}

__device__ void reduce_total_without_atomics(const float* x, float* y, int*, int) {
  float sum = 0;
  for (int i = 0; i < 32; ++i) sum += x[blockIdx.x * 32 + i];
  if (threadIdx.x == 0)
    y[0] = y[0] + sum;  // race: grid
}

__device__ void reduce_last_block_without_fence(const float* x, float* y, int* z, int) {
  __shared__ int last;
  if (threadIdx.x == 0) {
    y[blockIdx.x] = x[blockIdx.x];  // race: grid
    last = atomicAdd(z, 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (last && threadIdx.x == 0) {
    float sum = 0;
    for (int i = 0; i < gridDim.x; ++i)
      sum += y[i];  // race: grid
    y[100] = sum;
  }
}

__device__ void reduce_fence_before_the_store(const float* x, float* y, int* z, int) {
  __shared__ int last;
  __threadfence();
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x];  // race: grid
  __syncthreads();
  if (threadIdx.x == 0) last = atomicAdd(z, 1) == gridDim.x - 1;
  __syncthreads();
  if (last)
    y[1000 + threadIdx.x] = y[threadIdx.x];  // race: grid
}

__device__ float block_sum_that_keeps_no_distance(float value) {
  __shared__ float s[2];
  for (int offset = 16; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffffu, value, offset);
  if (threadIdx.x % 32 == 0)
    s[threadIdx.x / 32] = value;  // race of reduce_twice_through_one_buffer: any
  __syncthreads();
  return s[0] + s[1];  // race of reduce_twice_through_one_buffer: any
}
__device__ void reduce_twice_through_one_buffer(const float* x, float* y, int*, int) {
  const float a = block_sum_that_keeps_no_distance(x[threadIdx.x]);
  const float b = block_sum_that_keeps_no_distance(x[threadIdx.x] * a);
  y[blockIdx.x * 64 + threadIdx.x] = b;
}

__device__ void reduce_warps_without_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[2];
  float value = x[threadIdx.x];
  for (int offset = 16; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffffu, value, offset);
  if (threadIdx.x % 32 == 0)
    s[threadIdx.x / 32] = value;  // race: any
  if (threadIdx.x == 0)
    y[blockIdx.x] = s[0] + s[1];  // race: any
}

__device__ void broadcast_without_barrier(const float* x, float* y, int*, int) {
  __shared__ float factor;
  if (threadIdx.x == 40)
    factor = x[0];  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = factor;  // race: any
}

// --- scan ----------------------------------------------------------------------------------------

__device__ void scan_in_place(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  for (int by = 1; by < 64; by *= 2) {
    __syncthreads();
    const float left = threadIdx.x >= by ? s[threadIdx.x - by] : 0;  // race: any
    s[threadIdx.x] += left;  // race: any
  }
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

// --- softmax -------------------------------------------------------------------------------------

__device__ void softmax_sum_over_the_maximum(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  float top = s[0];  // race: any
  for (int i = 1; i < 64; ++i)
    top = fmaxf(top, s[i]);  // race: any
  s[threadIdx.x] = expf(x[threadIdx.x] - top);  // race: any
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < 64; ++i) sum += s[i];
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x] / sum;
}

__device__ void softmax_through_global_memory(const float* x, float* y, int*, int) {
  float* row = y + blockIdx.x * 64;
  row[threadIdx.x] = expf(x[threadIdx.x]);  // race: any
  float sum = 0;
  for (int i = 0; i < 64; ++i)
    sum += row[i];  // race: any
  __syncthreads();
  row[threadIdx.x] /= sum;
}

// --- attention -----------------------------------------------------------------------------------

__device__ void attention_next_tile_too_soon(const float* x, float* y, int*, int) {
  __shared__ float4 keys[64];
  float4 sum = make_float4(0, 0, 0, 0);
  for (int step = 0; step < 3; ++step) {
    keys[threadIdx.x] = reinterpret_cast<const float4*>(x)[step * 64 + threadIdx.x];  // race: any
    __syncthreads();
    for (int i = 0; i < 64; ++i) {
      const float4 key = keys[i];  // race: any
      sum.x += key.x;
      sum.y += key.y;
      sum.z += key.z;
      sum.w += key.w;
    }
  }
  reinterpret_cast<float4*>(y)[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void attention_scores_without_syncwarp(const float* x, float* y, int*, int) {
  __shared__ float scores[2][32];
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  float sum = 0;
  for (int step = 0; step < 2; ++step) {
    scores[warp][lane] = x[step * 32 + lane];  // race: warp
    for (int i = 0; i < 32; ++i)
      sum += scores[warp][i];  // race: warp
    __syncwarp();
  }
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ void attention_that_trusts_a_shuffle(const float* x, float* y, int*, int) {
  __shared__ float scores[2][32];
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  scores[warp][lane] = x[lane];  // race: warp
  const float top = __shfl_sync(0xffffffffu, x[lane], 0);
  y[blockIdx.x * 64 + threadIdx.x] = scores[warp][31 - lane] * top;  // race: warp
}

__device__ void attention_half_a_warp_meets(const float* x, float* y, int*, int) {
  __shared__ float scores[64];
  scores[threadIdx.x] = x[threadIdx.x];  // race: warp
  const int lane = threadIdx.x % 32;
  __syncwarp(lane < 16 ? 0x0000ffffu : 0xffff0000u);
  y[blockIdx.x * 64 + threadIdx.x] = scores[threadIdx.x ^ 16];  // race: warp
}

// --- histogram -----------------------------------------------------------------------------------

__device__ void histogram_without_atomics(const float* x, float*, int* z, int) {
  __shared__ int bins[8];
  if (threadIdx.x < 8) bins[threadIdx.x] = 0;
  __syncthreads();
  ++bins[static_cast<int>(x[threadIdx.x]) % 8];  // race: any
  __syncthreads();
  if (threadIdx.x < 8) atomicAdd(&z[threadIdx.x], bins[threadIdx.x]);
}

__device__ void histogram_cleared_too_late(const float* x, float*, int* z, int) {
  __shared__ int bins[64];
  bins[threadIdx.x] = 0;  // race: any
  atomicAdd(&bins[63 - static_cast<int>(x[threadIdx.x]) % 8], 1);  // race: any
  __syncthreads();
  atomicAdd(&z[threadIdx.x], bins[threadIdx.x]);
}

__device__ void histogram_read_too_soon(const float* x, float*, int* z, int) {
  __shared__ int bins[64];
  bins[threadIdx.x] = 0;
  __syncthreads();
  atomicAdd(&bins[(threadIdx.x + 32) % 64], 1);  // race: any
  atomicAdd(&z[threadIdx.x], bins[threadIdx.x]);  // race: any
}

// --- stencil, transposition, the rest --------------------------------------------------------------

__device__ void stencil_in_place(const float*, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x + 1;
  const float sum = y[i - 1] + y[i + 1];  // race: any
  y[i] = sum;  // race: any
}

__device__ void stencil_that_reads_its_neighbours_block(const float* x, float* y, int*, int) {
  const int i = blockIdx.x * 64 + threadIdx.x;
  y[i] = x[i];  // race: grid
  __syncthreads();
  y[2048 + i] = y[(i + 64) % 256];  // race: grid
}

__device__ void stencil_halo_without_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[66];
  s[threadIdx.x + 1] = x[threadIdx.x + 1];  // race: any
  if (threadIdx.x == 0)
    s[0] = x[0];  // race: any
  if (threadIdx.x == 63)
    s[65] = x[65];  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x] + s[threadIdx.x + 2];  // race: any
}

__device__ void transpose_without_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[tile][tile + 1];
  const int tx = threadIdx.x % tile, ty = threadIdx.x / tile;
  s[ty][tx] = x[threadIdx.x];  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[tx][ty];  // race: any
}

__device__ void two_threads_write_one_element(const float* x, float* y, int*, int) {
  y[blockIdx.x * 64 + threadIdx.x / 2] = x[threadIdx.x];  // race: warp
}

__device__ void dynamic_shared_without_barrier(const float* x, float* y, int*, int) {
  extern __shared__ float s[];
  s[threadIdx.x] = x[threadIdx.x];  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];  // race: any
}

__device__ int calls;
__device__ void counter_without_atomics(const float*, float*, int*, int) {
  if (threadIdx.x == 0)
    calls = calls + 1;  // race: grid
}

__device__ void bytes_of_a_word_without_barrier(const float*, float* y, int*, int) {
  __shared__ unsigned char s[64];
  s[threadIdx.x] = static_cast<unsigned char>(threadIdx.x);  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x ^ 1];  // race: any
}

__device__ void barrier_in_one_branch_only_seemingly(const float* x, float* y, int*, int n) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];  // race: any
  if (n < 0) __syncthreads();  // never
  y[blockIdx.x * 64 + threadIdx.x] = s[(threadIdx.x + 33) % 64];  // race: any
}

__device__ void lock_that_is_not_taken(const float* x, float* y, int* z, int) {
  if (threadIdx.x % 32 == 0) {
    while (atomicCAS(&z[threadIdx.x], 0, 1) != 0) {
    }
    y[0] = y[0] + x[threadIdx.x];  // race: any
    __threadfence();
    atomicExch(&z[threadIdx.x], 0);
  }
}

__device__ void bitonic_sort_with_a_barrier_too_few(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x * 37 % 64];
  for (int size = 2; size <= 64; size *= 2) {
    __syncthreads();
    for (int by = size / 2; by > 0; by /= 2) {
      const int other = threadIdx.x ^ by;
      if (other > threadIdx.x &&
          (s[threadIdx.x] > s[other]) == ((threadIdx.x & size) == 0)) {  // race: any
        const float mine = s[threadIdx.x];  // race: any
        s[threadIdx.x] = s[other];  // race: any
        s[other] = mine;  // race: any
      }
    }
  }
  __syncthreads();
  y[blockIdx.x * 64 + threadIdx.x] = s[threadIdx.x];
}

__device__ void layer_norm_without_the_last_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  __shared__ float mean;
  s[threadIdx.x] = x[threadIdx.x];
  for (int half = 32; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) s[threadIdx.x] += s[threadIdx.x + half];
  }
  if (threadIdx.x == 0)
    mean = s[0] / 64;  // race: any
  y[blockIdx.x * 64 + threadIdx.x] = x[threadIdx.x] - mean;  // race: any
}

__device__ void compaction_without_the_ballots_order(const float* x, float* y, int* z, int) {
  if (x[threadIdx.x] > 10) {
    const int at = z[0];  // race: any
    y[at] = x[threadIdx.x];  // race: any
    z[0] = at + 1;  // race: any
  }
}

__device__ void shuffle_of_something_else(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  const float other = s[threadIdx.x ^ 1];  // race: warp
  const float mine = x[threadIdx.x] * 2;
  s[threadIdx.x] = __shfl_xor_sync(0xffffffffu, mine, 1);  // race: warp
  y[blockIdx.x * 64 + threadIdx.x] = other + s[threadIdx.x];
}
