// Kernels with a fault each. The line that has it ends with `// fault: WORDS`, and what is said of the
// kernel must hold the words and name the line. Blocks of 64 threads, a grid of 4; x, y and z have
// 4096 elements, dynamic shared memory has 1024 bytes.

#include <cuda_pipeline.h>

constexpr int tile = 8;

// --- matrix product ------------------------------------------------------------------------------

__device__ __noinline__ void gemm_reads_a_row_too_many(const float* x, float* y, int*, int n) {
  float sum = 0;
  for (int k = 0; k <= tile; ++k)
    sum += x[k * (n / tile) + threadIdx.x];  // fault: read [0-9]+ bytes past the end of buffer x
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ __noinline__ void gemm_writes_a_row_too_many(const float* x, float* y, int*, int n) {
  for (int row = 0; row <= n / 256; ++row)
    y[row * 256 + blockIdx.x * 64 + threadIdx.x] = x[row];  // fault: write 0 bytes past the end of buffer y
}

__device__ __noinline__ void gemm_writes_into_its_input(const float* x, float*, int*, int) {
  const_cast<float*>(x)[threadIdx.x] = 0;  // fault: write at byte 0 of buffer x, which is an input
}

__device__ __noinline__ void gemm_tile_is_narrower_than_its_pitch(const float* x, float* y, int*, int n) {
  __shared__ float a[tile][tile];
  a[threadIdx.x / tile][threadIdx.x % tile] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = a[threadIdx.x % tile][n / 512];  // fault: index 8 is out of bounds of a, an array|read 0 bytes past the end of shared a
}

__device__ __noinline__ void gemm_tile_through_a_pointer(const float* x, float* y, int*, int) {
  __shared__ float a[tile * tile], b[tile * tile];
  float* to = threadIdx.x < 32 ? a : b;
  to[threadIdx.x % 32] = x[threadIdx.x];
  to[threadIdx.x % 32 + 33] = 0;  // fault: write 0 bytes past the end of shared [ab] \(256 bytes\), thread \((31|63),0,0\) block \(0,0,0\)
  __syncthreads();
  y[threadIdx.x] = a[threadIdx.x] + b[threadIdx.x / 2];
}

__device__ __noinline__ void gemm_tile_is_missed_by_far(const float* x, float* y, int*, int n) {
  __shared__ float b[40 * tile * tile], a[tile * tile], c[40 * tile * tile];
  const float* from = n > 1 ? a : b;
  a[threadIdx.x] = x[threadIdx.x];
  for (int i = threadIdx.x; i < 40 * tile * tile; i += 64) b[i] = c[i] = x[i];
  __syncthreads();
  const float far = from[threadIdx.x + n / 2];  // fault: read 7936 bytes past the end of shared a \(256 bytes\), thread \(0,0,0\)
  y[threadIdx.x] = far + b[threadIdx.x] + c[threadIdx.x];
}

__device__ __noinline__ void gemm_dynamic_tiles_are_too_large(const float* x, float* y, int*, int) {
  extern __shared__ float tiles[];
  float *a = tiles, *b = tiles + 3 * 64;
  a[threadIdx.x] = x[threadIdx.x];
  b[threadIdx.x + 1] = x[threadIdx.x];  // fault: write 0 bytes past the end of dynamic shared memory \(1024 bytes\), thread \(63,0,0\)
  __syncthreads();
  y[threadIdx.x] = a[threadIdx.x] + b[threadIdx.x + 1];
}

__device__ __noinline__ void gemm_pairs_at_odd_columns(const float* x, float* y, int*, int n) {
  __shared__ float a[tile][tile + 1];
  a[threadIdx.x / tile][threadIdx.x % tile] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x < 4) {
    const float2 pair = *reinterpret_cast<const float2*>(&a[n / 4096][2 * threadIdx.x]);  // fault: misaligned
    reinterpret_cast<float2*>(y)[threadIdx.x] = pair;
  }
}

__device__ __noinline__ void gemm_quads_at_odd_columns(const float* x, float* y, int*, int n) {
  const float4* quads = reinterpret_cast<const float4*>(x + n / 4096);
  reinterpret_cast<float4*>(y)[threadIdx.x] = quads[threadIdx.x];  // fault: misaligned vector access
}

__device__ __noinline__ void gemm_last_tile_is_loaded_in_part(const float* x, float* y, int*, int n) {
  __shared__ float a[tile * tile];
  if (threadIdx.x < n / 64 - 1) a[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  float sum = 0;
  for (int k = 0; k < tile * tile; ++k)
    sum += a[k];  // fault: read of shared a at byte 252, which no thread has written
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ __noinline__ void gemm_barrier_in_half_the_block(const float* x, float* y, int*, int) {
  if (threadIdx.x < 32)
    __syncthreads();
  else
    __syncthreads();  // fault: divergent barrier: thread \(32,0,0\) block \(0,0,0\)
  y[threadIdx.x] = x[threadIdx.x];
}

__device__ __noinline__ void gemm_warp_waits_for_those_at_the_barrier(const float* x, float* y, int*, int) {
  if (threadIdx.x % 32 < 16)
    y[threadIdx.x] = __shfl_xor_sync(0xffffffffu, x[threadIdx.x], 1);  // fault: deadlock in block \(0,0,0\)
  else
    __syncthreads();
}

__device__ __noinline__ void gemm_keeps_too_much(const float* x, float* y, int*, int n) {
  volatile float sums[20000];
  const float first = x[n % 640];
  for (int i = 0; i < 20000; i += 64)
    sums[i] = x[i % n] + first;  // fault: stack overflow: more than 60 KiB of local variables, thread \(0,0,0\) block \(0,0,0\)
  y[threadIdx.x] = sums[n % 640];
}

__device__ __noinline__ void gemm_divides_by_no_tiles(const float*, float*, int* z, int n) {
  z[threadIdx.x] = n / (n / 8192);  // fault: integer division by zero
}

__device__ __noinline__ void gemm_keeps_more_than_there_is_room_for(const float* x, float* y, int*, int n) {  // fault: stack overflow
  volatile float sums[1000000];
  for (int i = 0; i < 1000000; i += 64) sums[i] = x[i % n];
  y[threadIdx.x] = sums[n % 640];
}

__device__ __noinline__ void gemm_row_runs_into_the_next(const float* x, float* y, int*, int n) {
  __shared__ float a[tile][tile];
  a[threadIdx.x / tile][threadIdx.x % tile] = x[threadIdx.x];
  __syncthreads();
  float sum = 0;
  for (int k = 0; k <= n / 512; ++k)
    sum += a[threadIdx.x / 16][k];  // fault: index 8 is out of bounds of a, an array
  y[threadIdx.x] = sum;
}

__constant__ float weights[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
__device__ __noinline__ void gemm_weights_of_a_larger_filter(const float* x, float* y, int*, int n) {
  float sums[tile] = {};
  for (int k = 0; k <= n / 455; ++k)
    sums[k % tile] += weights[k] * x[k];  // fault: index 9 is out of bounds of weights, an array
  y[threadIdx.x] = sums[n % tile];
}

// --- reduction -----------------------------------------------------------------------------------

__device__ __noinline__ void reduce_reads_the_neighbour_of_the_last(const float* x, float* y, int*, int n) {
  const int i = n - 64 + threadIdx.x;
  y[i] = x[i] + x[i + 1];  // fault: read 0 bytes past the end of buffer x \(16384 bytes\), thread \(63,0,0\)
}

__device__ __noinline__ void reduce_reads_before_the_first(const float* x, float* y, int*, int n) {
  y[threadIdx.x] = x[(int)threadIdx.x - n / 2048];  // fault: read 8 bytes before the start of buffer x
}

__device__ __noinline__ void reduce_writes_its_sum_behind_the_end(const float* x, float* y, int*, int n) {
  if (threadIdx.x == 0) y[n + blockIdx.x] = x[0];  // fault: write 0 bytes past the end of buffer y
}

__device__ __noinline__ void reduce_adds_behind_the_end(const float*, float*, int* z, int n) {
  atomicAdd(&z[n + threadIdx.x], 1);  // fault: write 0 bytes past the end of buffer z
}

__device__ __noinline__ void reduce_starts_with_twice_too_many(const float* x, float* y, int*, int n) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  for (int half = n / 64; half > 0; half /= 2) {
    if (threadIdx.x < half)
      s[threadIdx.x] += s[threadIdx.x + half];  // fault: index 64 is out of bounds of s, an array|read 0 bytes past the end of shared s
    __syncthreads();
  }
  y[blockIdx.x] = s[0];
}

__device__ __noinline__ void reduce_through_a_pointer_before_the_start(const float* x, float* y, int*, int n) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  const float* mine = s + threadIdx.x;
  y[threadIdx.x] = *(mine - n / 4096);  // fault: read 4 bytes before the start of shared s \(256 bytes\), thread \(0,0,0\)
}

__device__ __noinline__ void reduce_dynamic_before_the_start(const float* x, float* y, int*, int n) {
  extern __shared__ float s[];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = s[(int)threadIdx.x - n / 2048];  // fault: read 8 bytes before the start of dynamic shared memory
}

__device__ __noinline__ void reduce_pairs_from_the_second(const float* x, float* y, int*, int n) {
  const double one = *reinterpret_cast<const double*>(x + 2 * threadIdx.x + n / 4096);  // fault: misaligned
  y[threadIdx.x] = (float)one;
}

__device__ __noinline__ void reduce_pairs_written_from_the_second(const float* x, float* y, int*, int n) {
  const float2 pair = reinterpret_cast<const float2*>(x)[threadIdx.x];
  *reinterpret_cast<float2*>(y + 2 * threadIdx.x + n / 4096) = pair;  // fault: misaligned
}

__device__ __noinline__ void reduce_forgets_the_other_warp(const float* x, float* y, int*, int) {
  __shared__ float sums[4];
  float value = x[threadIdx.x];
  for (int offset = 16; offset > 0; offset /= 2)
    value += __shfl_down_sync(0xffffffffu, value, offset);
  if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x < 4)
    y[threadIdx.x] = sums[threadIdx.x];  // fault: read of shared sums at byte 8, which no thread has written
}

__device__ __noinline__ void reduce_counts_from_garbage(const float*, float*, int* z, int) {
  __shared__ int count;
  atomicAdd(&count, 1);  // fault: atomic of shared count at byte 0, which no thread has written
  __syncthreads();
  z[threadIdx.x] = count;
}

__device__ __noinline__ void reduce_barrier_for_those_that_go_on(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  if (threadIdx.x == 0)
    __syncthreads();
  else if (threadIdx.x == 1)
    __syncthreads();  // fault: divergent barrier: thread \(1,0,0\) block \(0,0,0\)
  y[threadIdx.x] = s[threadIdx.x];
}

__device__ __noinline__ void reduce_shuffles_without_half_a_warp(const float* x, float* y, int*, int) {
  float value = x[threadIdx.x];
  if (threadIdx.x < 48) value += __shfl_down_sync(0xffffffffu, value, 16);  // fault: deadlock
  __syncthreads();
  y[threadIdx.x] = value;
}

__device__ __noinline__ float sum_up(const volatile float* mine, int n) {
  float sum = 0;
  for (int i = 0; i < n; ++i)
    sum += mine[i];  // fault of reduce_reads_beyond_its_own: read outside of the thread's stack, past the bounds of a local array
  return sum;
}
__device__ __noinline__ void reduce_reads_beyond_its_own(const float* x, float* y, int*, int n) {
  float mine[4] = {x[0], x[1], x[2], x[3]};
  y[threadIdx.x] = sum_up(mine, 16 * n) + mine[n % 4];
}

__device__ __noinline__ float sum_of(const float* x, int n) {
  if (n == 0) return 0;
  const float rest = sum_of(x, n - 1);  // fault of reduce_recursively: stack overflow: more than 60 KiB
  return rest + x[n % 64] / rest;
}
__device__ __noinline__ void reduce_recursively(const float* x, float* y, int*, int n) {
  y[threadIdx.x] = sum_of(x, n);
}

__device__ __noinline__ void reduce_by_no_parts(const float*, float*, int* z, int n) {
  z[threadIdx.x] = threadIdx.x % (n - 4096);  // fault: integer division by zero
}

// --- softmax -------------------------------------------------------------------------------------

__device__ __noinline__ void softmax_row_is_longer_than_it_is(const float* x, float* y, int*, int n) {
  float top = x[0];
  for (int i = 0; i <= n; ++i)
    top = fmaxf(top, x[i]);  // fault: read 0 bytes past the end of buffer x \(16384 bytes\), thread \(0,0,0\)
  y[threadIdx.x] = expf(x[threadIdx.x] - top);
}

__device__ __noinline__ void softmax_writes_a_padded_row(const float* x, float* y, int*, int n) {
  for (int i = threadIdx.x; i < n + 8; i += 64)
    y[i] = expf(-x[i % n]);  // fault: write 0 bytes past the end of buffer y
}

__device__ __noinline__ void softmax_writes_before_its_row(const float* x, float* y, int*, int n) {
  y[(int)threadIdx.x - n / 1024] = x[threadIdx.x];  // fault: write 16 bytes before the start of buffer y
}

__device__ __noinline__ void softmax_shared_row_is_too_short(const float* x, float* y, int*, int n) {
  __shared__ float row[4][32];
  row[n / 1024][threadIdx.x % 32] = expf(x[threadIdx.x]);  // fault: index 4 is out of bounds of row, an array|write 0 bytes past the end of shared row
  __syncthreads();
  y[threadIdx.x] = row[0][threadIdx.x % 32];
}

__device__ __noinline__ void softmax_vectors_over_the_end(const float* x, float* y, int*, int) {
  __shared__ float row[66];
  row[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 2) row[64 + threadIdx.x] = 0;
  __syncthreads();
  if (threadIdx.x < 17) {
    const float2* pairs = reinterpret_cast<const float2*>(row) + 2 * threadIdx.x;
    const float2 a = pairs[0];
    const float2 b = pairs[1];  // fault: read 0 bytes past the end of shared row \(264 bytes\), thread \(16,0,0\)
    reinterpret_cast<float4*>(y)[threadIdx.x] = make_float4(a.x, a.y, b.x, b.y);
  }
}

__device__ __noinline__ void softmax_dynamic_row_is_too_short(const float* x, float* y, int*, int n) {
  extern __shared__ float row[];
  for (int i = threadIdx.x; i < n / 8; i += 64)
    row[i] = expf(x[i]);  // fault: write 0 bytes past the end of dynamic shared memory
  __syncthreads();
  y[threadIdx.x] = row[threadIdx.x];
}

__device__ __noinline__ void softmax_pairs_of_a_row_of_odd_length(const float* x, float* y, int*, int n) {
  const int odd = n / 64 - 1;
  int2 pair = reinterpret_cast<const int2*>(x + odd * (threadIdx.x & 1))[1];  // fault: misaligned
  reinterpret_cast<int2*>(y)[threadIdx.x] = pair;
}

__device__ __noinline__ void softmax_top_of_an_empty_row(const float* x, float* y, int*, int) {
  __shared__ float top, sum;
  if (threadIdx.x == 0 && x[1] < 0) top = x[0];
  if (threadIdx.x == 0) sum = 1;
  __syncthreads();
  y[threadIdx.x] = expf(x[threadIdx.x] - top) / sum;  // fault: read of shared top at byte 0, which no thread has written
}

__device__ __noinline__ void softmax_early_rows_skip_a_barrier(const float* x, float* y, int*, int) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 40) __syncthreads();
  const float other = s[threadIdx.x ^ 1];
  __syncthreads();  // fault: divergent barrier
  y[threadIdx.x] = other;
}

__device__ __noinline__ void softmax_reduces_with_a_mask_of_others(const float* x, float* y, int*, int) {
  y[threadIdx.x] = __shfl_xor_sync(0x0000ffffu, x[threadIdx.x], 1);  // fault: thread \(16,0,0\) block \(0,0,0\) calls __shfl_xor_sync .* mask
}

__device__ __noinline__ void softmax_waits_for_a_warp_that_has_gone_to_the_barrier(const float* x, float* y, int*, int) {
  float top = x[threadIdx.x];
  if (threadIdx.x % 2 == 0)
    top = fmaxf(top, __shfl_xor_sync(0xffffffffu, top, 1));  // fault: deadlock
  else
    __syncthreads();
  y[threadIdx.x] = top;
}

__device__ __noinline__ void softmax_keeps_the_row(const float* x, float* y, int*, int n) {
  volatile double row[9000];
  for (int i = 0; i < 9000; i += 100)
    row[i] = x[i % n];  // fault: stack overflow
  y[threadIdx.x] = (float)row[n % 800];
}

__device__ __noinline__ void softmax_of_no_columns(const float* x, float* y, int*, int n) {
  const int columns = n / 5000;
  y[threadIdx.x] = x[threadIdx.x / columns];  // fault: integer division by zero
}

// --- attention -----------------------------------------------------------------------------------

__device__ __noinline__ void attention_keys_of_the_next_head(const float* x, float* y, int*, int n) {
  const float4* keys = reinterpret_cast<const float4*>(x) + n / 4 - 32;
  float4 sum = make_float4(0, 0, 0, 0);
  for (int i = 0; i < 2; ++i) {
    const float4 key = keys[i * 32 + threadIdx.x % 32];  // fault: read [08] bytes past the end of buffer x
    sum.x += key.x * key.y + key.z * key.w;
  }
  reinterpret_cast<float4*>(y)[threadIdx.x] = sum;
}

__device__ __noinline__ void attention_writes_the_next_head(const float* x, float* y, int*, int n) {
  float4* out = reinterpret_cast<float4*>(y) + n / 4 - 63;
  out[threadIdx.x] = reinterpret_cast<const float4*>(x)[threadIdx.x];  // fault: write 0 bytes past the end of buffer y .*thread \(63,0,0\)
}

__device__ __noinline__ void attention_probabilities_are_too_wide(const float* x, float* y, int*, int n) {
  __shared__ float scores[2][32];
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  scores[warp][lane] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = scores[warp][lane + n / 4096];  // fault: index 32 is out of bounds of scores, an array|read 0 bytes past the end of shared scores
}

__device__ __noinline__ void attention_values_land_in_the_keys(const float* x, float* y, int*, int) {
  __shared__ float4 keys[16], values[16];
  float4* to = threadIdx.x % 2 == 0 ? keys : values;
  for (int i = 0; i <= 16; ++i)
    to[i] = make_float4(x[i], 0, 0, 0);  // fault: write 0 bytes past the end of shared (keys|values) \(256 bytes\)
  __syncthreads();
  y[threadIdx.x] = keys[threadIdx.x % 16].x + values[threadIdx.x % 16].x;
}

__device__ __noinline__ void attention_dynamic_stages_are_too_many(const float* x, float* y, int*, int n) {
  extern __shared__ float4 stages[];
  for (int stage = 0; stage < 2; ++stage)
    stages[stage * 32 + threadIdx.x] = reinterpret_cast<const float4*>(x)[threadIdx.x];  // fault: write 0 bytes past the end of dynamic shared memory .*thread \(32,0,0\)
  __syncthreads();
  y[threadIdx.x] = stages[threadIdx.x].x + n;
}

__device__ __noinline__ void attention_heads_of_odd_depth(const float* x, float* y, int*, int n) {
  const float4* head = reinterpret_cast<const float4*>(x + (threadIdx.x % 2) * (n / 64 + 1));
  reinterpret_cast<float4*>(y)[threadIdx.x] = head[0];  // fault: misaligned vector access
}

// Of which only single members are used, one by one.
#define FLOAT4(x) (reinterpret_cast<const float4*>(&(x))[0])
__device__ __noinline__ void gemm_transposes_rows_of_odd_length(const float* x, float* y, int*, int n) {
  __shared__ float tile[4][64];
  const int odd = n / 64 - 1;
  const float4 four = FLOAT4(x[odd * threadIdx.x]);  // fault: misaligned
  tile[0][threadIdx.x] = four.x, tile[1][threadIdx.x] = four.y;
  tile[2][threadIdx.x] = four.z, tile[3][threadIdx.x] = four.w;
  __syncthreads();
  y[threadIdx.x] = tile[threadIdx.x % 4][threadIdx.x];
}

__device__ __noinline__ void softmax_row_pointer_of_odd_length(const float* x, float* y, int*, int n) {
  const float4* row = reinterpret_cast<const float4*>(x + (n / 64 - 1) * blockIdx.x);
  float sum = 0;
  for (int i = threadIdx.x % 4; i < 8; i += 4) {
    const float4 four = row[i];  // fault: misaligned
    sum += four.x + four.y * four.z + four.w;
  }
  y[threadIdx.x] = sum;
}

__device__ __noinline__ void reduce_rows_of_a_pitch_of_two(const float* x, float* y, int*, int n) {
  const float4 four = reinterpret_cast<const float4*>(x + (threadIdx.x % 2) * (n / 2048))[0];  // fault: misaligned
  y[threadIdx.x] = four.x + four.y * four.z;
}

__device__ __noinline__ void reduce_mask_of_eight_lanes(const float* x, float* y, int*, int) {
  float sum = x[threadIdx.x];
  if (threadIdx.x < 8)
    for (int offset = 16; offset > 0; offset /= 2)
      sum += __shfl_down_sync(0xffu, sum, offset);  // fault: value of lane [12][0-9], which takes no part
  y[threadIdx.x] = sum;
}

__device__ __noinline__ void reduce_two_shared_floats_as_one(const float* x, float* y, int*, int n) {
  __shared__ float s[66];
  s[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 2) s[64 + threadIdx.x] = 0;
  __syncthreads();
  const double two = *reinterpret_cast<const double*>(&s[threadIdx.x + n / 4096]);  // fault: misaligned
  y[threadIdx.x] = two == 7;
}

__device__ __noinline__ void attention_pairs_of_shared_scores(const float* x, float* y, int*, int n) {
  __shared__ alignas(16) float scores[72];
  scores[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 8) scores[64 + threadIdx.x] = 0;
  __syncthreads();
  uint2 two = *reinterpret_cast<uint2*>(scores + threadIdx.x + n / 4096);  // fault: misaligned
  reinterpret_cast<uint2*>(y)[threadIdx.x] = two;
}

__device__ __noinline__ void attention_masked_scores_are_not_stored(const float* x, float* y, int*, int) {
  __shared__ float scores[64];
  if (threadIdx.x <= 3 * blockIdx.x + 50) scores[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < 64; ++i)
    sum += scores[i];  // fault: read of shared scores at byte 204, which no thread has written
  y[blockIdx.x * 64 + threadIdx.x] = sum;
}

__device__ __noinline__ void attention_dynamic_scores_are_not_stored(const float* x, float* y, int*, int) {
  extern __shared__ float scores[];
  scores[2 * threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = scores[threadIdx.x];  // fault: read of dynamic shared memory at byte 4, which no thread has written
}

__device__ __noinline__ void attention_does_not_wait_for_its_copies(const float* x, float* y, int*, int) {
  __shared__ float4 keys[64];
  const float4* from = reinterpret_cast<const float4*>(x);
  __pipeline_memcpy_async(&keys[threadIdx.x], from + threadIdx.x, 16);
  __pipeline_commit();
  __syncthreads();
  y[threadIdx.x] = keys[63 - threadIdx.x].x;  // fault: byte 1008 of shared keys: .*; the asynchronous copy has not been waited for
}

__shared__ float running_sum[64];
__device__ __noinline__ void attention_running_sum_begins_with_garbage(const float* x, float* y, int*, int) {
  running_sum[threadIdx.x] += x[threadIdx.x];  // fault: read of shared running_sum at byte 0, which no thread has written
  y[blockIdx.x * 64 + threadIdx.x] = running_sum[threadIdx.x];
}

__device__ __noinline__ void attention_last_tile_breaks_out(const float* x, float* y, int*, int) {
  __shared__ float keys[64];
  float sum = 0;
  for (int step = 0; step < 2; ++step) {
    keys[threadIdx.x] = x[step * 64 + threadIdx.x];
    __syncthreads();
    if (threadIdx.x >= 32) break;
    sum += keys[threadIdx.x];
    __syncthreads();
  }
  if (threadIdx.x >= 32)
    __syncthreads();  // fault: divergent barrier
  y[threadIdx.x] = sum;
}

__device__ __noinline__ void attention_one_warp_reduces_for_two(const float* x, float* y, int*, int) {
  float sum = x[threadIdx.x];
  if (threadIdx.x % 32 != 7)
    sum += __shfl_xor_sync(0xffffffffu, sum, 8);  // fault: deadlock
  __syncthreads();
  y[threadIdx.x] = sum;
}

__device__ __noinline__ float score_of(const float* x, volatile float* last, int i) {
  return *last = x[i];
}
__device__ __noinline__ void attention_keeps_all_scores(const float* x, float* y, int*, int n) {
  volatile float scores[128][128];
  float sum = 0;
  for (int i = 0; i < 64; ++i)
    sum += score_of(x, scores[i + 64], i);  // fault: stack overflow
  y[threadIdx.x] = sum + scores[n % 128][0];
}

__device__ __noinline__ void attention_heads_of_no_depth(const float*, float*, int* z, int n) {
  const int depth = (n - 1) / 4096;
  z[threadIdx.x] = (int)threadIdx.x / depth;  // fault: integer division by zero
}
