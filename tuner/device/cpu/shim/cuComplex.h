// Complex numbers as CUDA's C interface has them.
#pragma once

#include "math_functions.h"
#include "vectors.h"

EVOTUNE_UNCHECKED

using cuFloatComplex = float2;
using cuDoubleComplex = double2;
using cuComplex = cuFloatComplex;

#define EVOTUNE_COMPLEX(C, T, suffix, make)                                       \
  __forceinline__ C make(T real, T imaginary) { return C{real, imaginary}; }      \
  __forceinline__ T cuCreal##suffix(C a) { return a.x; }                          \
  __forceinline__ T cuCimag##suffix(C a) { return a.y; }                          \
  __forceinline__ C cuConj##suffix(C a) { return C{a.x, -a.y}; }                  \
  __forceinline__ C cuCadd##suffix(C a, C b) { return C{a.x + b.x, a.y + b.y}; }  \
  __forceinline__ C cuCsub##suffix(C a, C b) { return C{a.x - b.x, a.y - b.y}; }  \
  __forceinline__ C cuCmul##suffix(C a, C b) {                                    \
    return C{a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};                       \
  }                                                                               \
  __forceinline__ C cuCfma##suffix(C a, C b, C c) {                               \
    return cuCadd##suffix(cuCmul##suffix(a, b), c);                               \
  }                                                                               \
  __forceinline__ C cuCdiv##suffix(C a, C b) {                                    \
    const T square = b.x * b.x + b.y * b.y;                                       \
    return C{(a.x * b.x + a.y * b.y) / square, (a.y * b.x - a.x * b.y) / square}; \
  }                                                                               \
  __forceinline__ T cuCabs##suffix(C a) { return (T)::hypot((double)a.x, (double)a.y); }
EVOTUNE_COMPLEX(cuFloatComplex, float, f, make_cuFloatComplex)
EVOTUNE_COMPLEX(cuDoubleComplex, double, , make_cuDoubleComplex)
#undef EVOTUNE_COMPLEX
#define make_cuComplex make_cuFloatComplex

EVOTUNE_CHECKED
