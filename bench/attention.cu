// Fused attention forward, one head after the other: O = softmax(Q·Kᵀ·scale)·V with half inputs and
// float sums. Tiles of K and V come asynchronously, tensor cores multiply, the softmax is the
// running one. Each warp has 16 rows of Q.
#include <cuda_fp16.h>
#include <cuda_pipeline.h>
#include <mma.h>
using namespace nvcuda;

#define ROWS 64     // of Q in a block
#define COLUMNS 64  // of K and V in a tile
#define DEPTH 64
#define THREADS (ROWS / 16 * 32)
#define LINE (DEPTH + 8)  // of a tile of halves, padded
#define WIDE (COLUMNS + 4)

__device__ void load(half* to, const half* from, int rows) {
  for (int i = threadIdx.x; i < rows * (DEPTH / 8); i += THREADS)
    __pipeline_memcpy_async(to + i / (DEPTH / 8) * LINE + i % (DEPTH / 8) * 8,
                            from + (size_t)(i / (DEPTH / 8)) * DEPTH + i % (DEPTH / 8) * 8, 16);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    attention(const half* q, const half* k, const half* v, float* out, int length, float scale) {
  extern __shared__ __align__(128) unsigned char room[];
  half* const tile_q = reinterpret_cast<half*>(room);
  half* const tile_k = tile_q + ROWS * LINE;
  half* const tile_v = tile_k + 2 * COLUMNS * LINE;
  half* const weights = tile_v + 2 * COLUMNS * LINE;
  float* const scores = reinterpret_cast<float*>(weights + ROWS * LINE);
  float* const sums = scores + ROWS * WIDE;
  const int lane = threadIdx.x % 32, first = threadIdx.x / 32 * 16;
  const size_t head = (size_t)blockIdx.y * length * DEPTH;
  const int tiles = length / COLUMNS;

  load(tile_q, q + head + (size_t)blockIdx.x * ROWS * DEPTH, ROWS);
  load(tile_k, k + head, COLUMNS);
  load(tile_v, v + head, COLUMNS);
  __pipeline_commit();
  for (int i = lane; i < 16 * DEPTH; i += 32) sums[(first + i / DEPTH) * WIDE + i % DEPTH] = 0;
  float most[16], total[16];
  for (int row = 0; row < 16; ++row) most[row] = -INFINITY, total[row] = 0;

  for (int t = 0; t < tiles; ++t) {
    if (t + 1 < tiles) {
      const size_t next = head + (size_t)(t + 1) * COLUMNS * DEPTH;
      load(tile_k + (t + 1) % 2 * COLUMNS * LINE, k + next, COLUMNS);
      load(tile_v + (t + 1) % 2 * COLUMNS * LINE, v + next, COLUMNS);
    }
    __pipeline_commit();
    __pipeline_wait_prior(1);
    __syncthreads();
    const half* const keys = tile_k + t % 2 * COLUMNS * LINE;
    const half* const values = tile_v + t % 2 * COLUMNS * LINE;
    for (int j = 0; j < COLUMNS; j += 16) {
      wmma::fragment<wmma::accumulator, 16, 16, 16, float> c;
      wmma::fill_fragment(c, 0.0f);
      for (int d = 0; d < DEPTH; d += 16) {
        wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> a;
        wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::col_major> b;
        wmma::load_matrix_sync(a, tile_q + first * LINE + d, LINE);
        wmma::load_matrix_sync(b, keys + j * LINE + d, LINE);
        wmma::mma_sync(c, a, b, c);
      }
      wmma::store_matrix_sync(scores + first * WIDE + j, c, WIDE, wmma::mem_row_major);
    }
    __syncwarp();
#pragma unroll
    for (int row = 0; row < 16; ++row) {
      const float a = scores[(first + row) * WIDE + lane] * scale;
      const float b = scores[(first + row) * WIDE + lane + 32] * scale;
      float largest = fmaxf(most[row], fmaxf(a, b));
      for (int o = 16; o > 0; o /= 2) largest = fmaxf(largest, __shfl_xor_sync(~0u, largest, o));
      const float x = exp2f(a - largest), y = exp2f(b - largest), old = exp2f(most[row] - largest);
      weights[(first + row) * LINE + lane] = __float2half(x);
      weights[(first + row) * LINE + lane + 32] = __float2half(y);
      float sum = x + y;
      for (int o = 16; o > 0; o /= 2) sum += __shfl_xor_sync(~0u, sum, o);
      total[row] = total[row] * old + sum;
      most[row] = largest;
      sums[(first + row) * WIDE + lane] *= old;
      sums[(first + row) * WIDE + lane + 32] *= old;
    }
    __syncwarp();
    for (int d = 0; d < DEPTH; d += 16) {
      wmma::fragment<wmma::accumulator, 16, 16, 16, float> c;
      wmma::load_matrix_sync(c, sums + first * WIDE + d, WIDE, wmma::mem_row_major);
      for (int j = 0; j < COLUMNS; j += 16) {
        wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> a;
        wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> b;
        wmma::load_matrix_sync(a, weights + first * LINE + j, LINE);
        wmma::load_matrix_sync(b, values + j * LINE + d, LINE);
        wmma::mma_sync(c, a, b, c);
      }
      wmma::store_matrix_sync(sums + first * WIDE + d, c, WIDE, wmma::mem_row_major);
    }
    __syncthreads();
  }
  for (int row = 0; row < 16; ++row)
    for (int d = lane; d < DEPTH; d += 32)
      out[head + (size_t)(blockIdx.x * ROWS + first + row) * DEPTH + d] =
          sums[(first + row) * WIDE + d] / total[row];
}
