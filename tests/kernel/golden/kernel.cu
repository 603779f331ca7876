#include <cuda_fp16.h>
#ifndef BM
#define BM 16
#endif
#define SCALE 1.0  // unguarded: a parameter overrides it all the same
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
#define M 1
#ifndef COMBINE
#define COMBINE "serial.cuh"
#endif
#include COMBINE

template <int WIDTH, typename E>
__global__ void gemm(E* C, int N) {
#if LAYOUT_row
  C[0] = combine(BM * SCALE);  // #define BM 2
#else
  C[N] = FAST ? combine(M) : WIDTH;
#endif
}
