// C = A * B for row-major float matrices of any size: A is M x K, B is K x N, C is M x N.
//
// A block computes a BM x BN tile of C, a thread TM x TN elements of it; K is walked in steps of BK
// through tiles of A and B in shared memory. As it stands here it is the plain version: one element
// per thread.

#ifndef BM
#define BM 16  // rows of C per block
#endif
#ifndef BN
#define BN 16  // columns of C per block
#endif
#ifndef BK
#define BK 16  // steps along K per tile
#endif
#ifndef TM
#define TM 1  // rows of C per thread
#endif
#ifndef TN
#define TN 1  // columns of C per thread
#endif
#ifndef VEC
#define VEC 1  // neighbours that one load from global memory brings
#endif
#ifndef A_TILE  // how the tile of A lies in shared memory: by rows, or transposed
#define A_TILE row
#define A_TILE_row 1
#endif
#ifndef COLUMNS  // a thread's columns: next to each other, or BN / TN apart
#define COLUMNS adjacent
#define COLUMNS_adjacent 1
#endif
#ifndef PAD
#define PAD 0  // floats after each row of a tile, against bank conflicts
#endif
#ifndef STAGES
#define STAGES 1  // 2: the next tiles are loaded while these are used, one barrier per step
#endif
#ifndef UNROLL
#define UNROLL 0  // of the loop over BK; 0: the compiler decides
#endif

constexpr int threads_x = BN / TN;
constexpr int threads = (BM / TM) * threads_x;
constexpr int unroll = UNROLL;  // nvcc expands no macros in pragmas

#if A_TILE_col
constexpr int a_floats = BK * (BM + PAD);
#define A_AT(m, k) ((k) * (BM + PAD) + (m))
#else
constexpr int a_floats = BM * (BK + PAD);
#define A_AT(m, k) ((m) * (BK + PAD) + (k))
#endif
constexpr int b_floats = BK * (BN + PAD);
#define B_AT(k, n) ((k) * (BN + PAD) + (n))

#if COLUMNS_spread
#define COLUMN(thread, j) ((thread) + (j) * threads_x)
#else
#define COLUMN(thread, j) ((thread) * TN + (j))
#endif

struct alignas(4 * VEC) Neighbours {
  float lane[VEC];
};

// VEC neighbours of a row; zero outside of the matrix. When every row begins on a multiple of VEC,
// so does every group of neighbours, and one wide load may take it.
__device__ __forceinline__ Neighbours load(const float* __restrict__ matrix, int row, int column,
                                           int rows, int columns) {
  const float* from = matrix + static_cast<long long>(row) * columns + column;
  const bool row_exists = row < rows;
  if (row_exists && columns % VEC == 0 && column < columns)
    return *reinterpret_cast<const Neighbours*>(from);
  Neighbours loaded;
#pragma unroll
  for (int i = 0; i < VEC; ++i)
    loaded.lane[i] = row_exists && column + i < columns ? from[i] : 0.0f;
  return loaded;
}

__device__ __forceinline__ void load_tiles(const float* __restrict__ A, const float* __restrict__ B,
                                           float* a_tile, float* b_tile, int k0, int M, int N,
                                           int K) {
  for (int e = threadIdx.x; e < BM * BK / VEC; e += threads) {
    const int m = e / (BK / VEC), k = e % (BK / VEC) * VEC;
    const Neighbours a = load(A, blockIdx.y * BM + m, k0 + k, M, K);
#pragma unroll
    for (int i = 0; i < VEC; ++i) a_tile[A_AT(m, k + i)] = a.lane[i];
  }
  for (int e = threadIdx.x; e < BK * BN / VEC; e += threads) {
    const int k = e / (BN / VEC), n = e % (BN / VEC) * VEC;
    const Neighbours b = load(B, k0 + k, blockIdx.x * BN + n, K, N);
#pragma unroll
    for (int i = 0; i < VEC; ++i) b_tile[B_AT(k, n + i)] = b.lane[i];
  }
}

__device__ __forceinline__ void multiply_tiles(const float* a_tile, const float* b_tile,
                                               float (&sum)[TM][TN]) {
  const int tx = threadIdx.x % threads_x, ty = threadIdx.x / threads_x;
#if UNROLL > 0
#pragma unroll(unroll)
#endif
  for (int k = 0; k < BK; ++k) {
    float a[TM], b[TN];
#pragma unroll
    for (int i = 0; i < TM; ++i) a[i] = a_tile[A_AT(ty * TM + i, k)];
#pragma unroll
    for (int j = 0; j < TN; ++j) b[j] = b_tile[B_AT(k, COLUMN(tx, j))];
#pragma unroll
    for (int i = 0; i < TM; ++i)
#pragma unroll
      for (int j = 0; j < TN; ++j) sum[i][j] += a[i] * b[j];
  }
}

extern "C" __global__ void __launch_bounds__((BM / TM) * (BN / TN))
gemm(const float* __restrict__ A, const float* __restrict__ B, float* __restrict__ C, int M, int N,
     int K) {
  __shared__ float a_tiles[STAGES][a_floats];
  __shared__ float b_tiles[STAGES][b_floats];
  float sum[TM][TN] = {};

#if STAGES == 2
  load_tiles(A, B, a_tiles[0], b_tiles[0], 0, M, N, K);
  __syncthreads();
  for (int k0 = 0, now = 0; k0 < K; k0 += BK, now ^= 1) {
    if (k0 + BK < K) load_tiles(A, B, a_tiles[now ^ 1], b_tiles[now ^ 1], k0 + BK, M, N, K);
    multiply_tiles(a_tiles[now], b_tiles[now], sum);
    __syncthreads();  // the next tiles are there, and these may be overwritten
  }
#else
  for (int k0 = 0; k0 < K; k0 += BK) {
    load_tiles(A, B, a_tiles[0], b_tiles[0], k0, M, N, K);
    __syncthreads();
    multiply_tiles(a_tiles[0], b_tiles[0], sum);
    __syncthreads();
  }
#endif

  const int tx = threadIdx.x % threads_x, ty = threadIdx.x / threads_x;
#pragma unroll
  for (int i = 0; i < TM; ++i) {
    const int row = blockIdx.y * BM + ty * TM + i;
#pragma unroll
    for (int j = 0; j < TN; ++j) {
      const int column = blockIdx.x * BN + COLUMN(tx, j);
      if (row < M && column < N) C[static_cast<long long>(row) * N + column] = sum[i][j];
    }
  }
}
