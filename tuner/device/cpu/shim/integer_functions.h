// Integer, bit and cast intrinsics.
#pragma once

#include <limits.h>
#include <stdint.h>

#include "qualifiers.h"

__forceinline__ int __popc(unsigned x) { return __builtin_popcount(x); }
__forceinline__ int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
__forceinline__ int __clz(int x) { return x != 0 ? __builtin_clz((unsigned)x) : 32; }
__forceinline__ int __clzll(long long x) {
  return x != 0 ? __builtin_clzll((unsigned long long)x) : 64;
}
__forceinline__ int __ffs(int x) { return __builtin_ffs(x); }
__forceinline__ int __ffsll(long long x) { return __builtin_ffsll(x); }

__forceinline__ unsigned __brev(unsigned x) {
  x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
  x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
  x = ((x >> 4) & 0x0f0f0f0fu) | ((x & 0x0f0f0f0fu) << 4);
  return __builtin_bswap32(x);
}
__forceinline__ unsigned long long __brevll(unsigned long long x) {
  return ((unsigned long long)__brev((unsigned)x) << 32) | __brev((unsigned)(x >> 32));
}

__forceinline__ int __mul24(int a, int b) {
  return (int)(((uint32_t)((int32_t)((uint32_t)a << 8) >> 8)) *
               ((uint32_t)((int32_t)((uint32_t)b << 8) >> 8)));
}
__forceinline__ unsigned __umul24(unsigned a, unsigned b) {
  return (a & 0xffffffu) * (b & 0xffffffu);
}
__forceinline__ int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
__forceinline__ unsigned __umulhi(unsigned a, unsigned b) {
  return (unsigned)(((unsigned long long)a * b) >> 32);
}
__forceinline__ long long __mul64hi(long long a, long long b) {
  return (long long)(((__int128)a * b) >> 64);
}
__forceinline__ unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
__forceinline__ int __hadd(int a, int b) { return (int)(((long long)a + b) >> 1); }
__forceinline__ int __rhadd(int a, int b) { return (int)(((long long)a + b + 1) >> 1); }
__forceinline__ unsigned __uhadd(unsigned a, unsigned b) {
  return (unsigned)(((unsigned long long)a + b) >> 1);
}
__forceinline__ unsigned __urhadd(unsigned a, unsigned b) {
  return (unsigned)(((unsigned long long)a + b + 1) >> 1);
}
__forceinline__ unsigned __sad(int a, int b, unsigned c) {
  return c + (unsigned)(a > b ? (long long)a - b : (long long)b - a);
}
__forceinline__ unsigned __usad(unsigned a, unsigned b, unsigned c) {
  return c + (a > b ? a - b : b - a);
}

/// Picks four of the eight bytes of y:x by the nibbles of `selector`; bit 3 spreads the sign.
__forceinline__ unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  const unsigned long long bytes = ((unsigned long long)y << 32) | x;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned pick = (selector >> (4 * i)) & 15u;
    unsigned byte = (unsigned)(bytes >> (8 * (pick & 7u))) & 255u;
    if (pick & 8u) byte = (byte & 128u) ? 255u : 0u;
    result |= byte << (8 * i);
  }
  return result;
}
__forceinline__ unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  return (unsigned)(((((unsigned long long)high << 32) | low) << (shift & 31u)) >> 32);
}
__forceinline__ unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return (unsigned)((((unsigned long long)high << 32) | low) >> (shift & 31u));
}

__forceinline__ int __dp4a(int a, int b, int c) {
  for (int i = 0; i < 4; ++i) c += (int)(int8_t)(a >> (8 * i)) * (int)(int8_t)(b >> (8 * i));
  return c;
}
__forceinline__ unsigned __dp4a(unsigned a, unsigned b, unsigned c) {
  for (int i = 0; i < 4; ++i) c += ((a >> (8 * i)) & 255u) * ((b >> (8 * i)) & 255u);
  return c;
}

namespace evotune::cpu {
template <typename To, typename From>
__forceinline__ To same_bits(From from) {
  static_assert(sizeof(To) == sizeof(From), "a cast of bits keeps their number");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}
/// As a GPU converts: NaN is 0, and what does not fit is the nearest that does.
__forceinline__ int to_int(double x) {
  if (!(x == x)) return 0;
  return x >= 2147483647.0 ? INT_MAX : x <= -2147483648.0 ? INT_MIN : (int)x;
}
__forceinline__ unsigned to_unsigned(double x) {
  if (!(x > 0)) return 0;
  return x >= 4294967295.0 ? UINT_MAX : (unsigned)x;
}
}  // namespace evotune::cpu

__forceinline__ int __float_as_int(float x) { return evotune::cpu::same_bits<int>(x); }
__forceinline__ unsigned __float_as_uint(float x) { return evotune::cpu::same_bits<unsigned>(x); }
__forceinline__ float __int_as_float(int x) { return evotune::cpu::same_bits<float>(x); }
__forceinline__ float __uint_as_float(unsigned x) { return evotune::cpu::same_bits<float>(x); }
__forceinline__ long long __double_as_longlong(double x) {
  return evotune::cpu::same_bits<long long>(x);
}
__forceinline__ double __longlong_as_double(long long x) {
  return evotune::cpu::same_bits<double>(x);
}
__forceinline__ int __float2int_rn(float x) { return evotune::cpu::to_int(__builtin_rintf(x)); }
__forceinline__ int __float2int_rz(float x) { return evotune::cpu::to_int(__builtin_truncf(x)); }
__forceinline__ int __float2int_rd(float x) { return evotune::cpu::to_int(__builtin_floorf(x)); }
__forceinline__ int __float2int_ru(float x) { return evotune::cpu::to_int(__builtin_ceilf(x)); }
__forceinline__ unsigned __float2uint_rn(float x) {
  return evotune::cpu::to_unsigned(__builtin_rintf(x));
}
__forceinline__ unsigned __float2uint_rz(float x) {
  return evotune::cpu::to_unsigned(__builtin_truncf(x));
}
__forceinline__ int __double2int_rn(double x) { return evotune::cpu::to_int(__builtin_rint(x)); }
__forceinline__ int __double2int_rz(double x) { return evotune::cpu::to_int(__builtin_trunc(x)); }
__forceinline__ float __int2float_rn(int x) { return (float)x; }
__forceinline__ float __uint2float_rn(unsigned x) { return (float)x; }
__forceinline__ double __int2double_rn(int x) { return (double)x; }
__forceinline__ float __double2float_rn(double x) { return (float)x; }
