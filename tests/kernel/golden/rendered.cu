#include <cuda_fp16.h>
#define BM 64
#define SCALE 0.5
#define FAST 1
#define LAYOUT col
#define LAYOUT_col 1
#define COMBINE "warp.cuh"
#define T half
#define M 128
#line 1 "kernel.cu"
#include <cuda_fp16.h>
#ifndef BM
#define BM 16
#endif
// SCALE is set above
#if !defined(FAST)
#define FAST 0
#endif
#ifndef LAYOUT
#define LAYOUT row
#define LAYOUT_row 1
#endif
#ifndef T
#define T float
#endif
// M is set above
#ifndef COMBINE
#define COMBINE "serial.cuh"
#endif
#ifndef EVOTUNE_ONCE_warp_cuh
#define EVOTUNE_ONCE_warp_cuh
#line 1 "warp.cuh"

__device__ float combine(T x) { return x; }
#endif
#line 21 "kernel.cu"

template <int WIDTH, typename E>
__global__ void gemm(E* C, int N) {
#if LAYOUT_row
  C[0] = combine(BM * SCALE);  // #define BM 2
#else
  C[N] = FAST ? combine(M) : WIDTH;
#endif
}
