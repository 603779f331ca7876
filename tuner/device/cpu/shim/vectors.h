// CUDA's vector types, with the alignment that nvcc gives them.
#pragma once

#include "abi.h"
#include "qualifiers.h"

EVOTUNE_UNCHECKED

#define EVOTUNE_VECTORS(T, N, A2, A4) \
  struct N##1 {                       \
    T x;                              \
  };                                  \
  struct __align__(A2) N##2 {         \
    T x, y;                           \
  };                                  \
  struct N##3 {                       \
    T x, y, z;                        \
  };                                  \
  struct __align__(A4) N##4 {         \
    T x, y, z, w;                     \
  };                                  \
  EVOTUNE_MAKE_VECTORS(T, N)
#define EVOTUNE_MAKE_VECTORS(T, N)                                           \
  __forceinline__ N##1 make_##N##1(T x) { return N##1 {x}; }                 \
  __forceinline__ N##2 make_##N##2(T x, T y) { return N##2 {x, y}; }         \
  __forceinline__ N##3 make_##N##3(T x, T y, T z) { return N##3 {x, y, z}; } \
  __forceinline__ N##4 make_##N##4(T x, T y, T z, T w) { return N##4 {x, y, z, w}; }

EVOTUNE_VECTORS(signed char, char, 2, 4)
EVOTUNE_VECTORS(unsigned char, uchar, 2, 4)
EVOTUNE_VECTORS(short, short, 4, 8)
EVOTUNE_VECTORS(unsigned short, ushort, 4, 8)
EVOTUNE_VECTORS(int, int, 8, 16)
EVOTUNE_VECTORS(long, long, 16, 16)
EVOTUNE_VECTORS(unsigned long, ulong, 16, 16)
EVOTUNE_VECTORS(long long, longlong, 16, 16)
EVOTUNE_VECTORS(unsigned long long, ulonglong, 16, 16)
EVOTUNE_VECTORS(float, float, 8, 16)
EVOTUNE_VECTORS(double, double, 16, 16)

// uint3 is what threadIdx is made of, so the executor's own type stands for it.
struct uint1 {
  unsigned x;
};
struct __align__(8) uint2 {
  unsigned x, y;
};
using uint3 = evotune::cpu::Index;
struct __align__(16) uint4 {
  unsigned x, y, z, w;
};
EVOTUNE_MAKE_VECTORS(unsigned, uint)

#undef EVOTUNE_VECTORS
#undef EVOTUNE_MAKE_VECTORS

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned vx = 1, unsigned vy = 1, unsigned vz = 1) : x(vx), y(vy), z(vz) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  constexpr operator uint3() const { return uint3{x, y, z}; }
};

EVOTUNE_CHECKED
