// Integer, bit and cast intrinsics.
#pragma once

#include <limits.h>
#include <stdint.h>

#include "qualifiers.h"

EVOTUNE_UNCHECKED

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

__forceinline__ unsigned __funnelshift_lc(unsigned low, unsigned high, unsigned shift) {
  return shift >= 32u ? low : __funnelshift_l(low, high, shift);
}
__forceinline__ unsigned __funnelshift_rc(unsigned low, unsigned high, unsigned shift) {
  return shift >= 32u ? high : __funnelshift_r(low, high, shift);
}
__forceinline__ unsigned __fns(unsigned mask, unsigned base, int offset) {
  const unsigned at = base & 31u;
  if (offset == 0) return (mask >> at) & 1u ? at : ~0u;
  unsigned rest = offset > 0 ? mask & (~0u << at) : mask & (~0u >> (31u - at));
  for (int left = offset > 0 ? offset : -offset; rest != 0;) {
    const unsigned found =
        offset > 0 ? (unsigned)__builtin_ctz(rest) : 31u - (unsigned)__builtin_clz(rest);
    if (--left == 0) return found;
    rest &= ~(1u << found);
  }
  return ~0u;
}

/// Two 16-bit factors of a with the lower (or higher) two bytes of b.
__forceinline__ int __dp2a_lo(int a, int b, int c) {
  return c + (int)(int16_t)a * (int8_t)b + (a >> 16) * (int8_t)(b >> 8);
}
__forceinline__ int __dp2a_hi(int a, int b, int c) { return __dp2a_lo(a, b >> 16, c); }
__forceinline__ unsigned __dp2a_lo(unsigned a, unsigned b, unsigned c) {
  return c + (a & 0xffffu) * (b & 255u) + (a >> 16) * ((b >> 8) & 255u);
}
__forceinline__ unsigned __dp2a_hi(unsigned a, unsigned b, unsigned c) {
  return __dp2a_lo(a, b >> 16, c);
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
__forceinline__ long long to_long(double x) {
  if (!(x == x)) return LLONG_MIN;
  return x >= 9223372036854775808.0    ? LLONG_MAX
         : x <= -9223372036854775808.0 ? LLONG_MIN
                                       : (long long)x;
}
__forceinline__ unsigned long long to_unsigned_long(double x) {
  if (!(x > 0)) return x == x ? 0 : 0x8000000000000000ull;
  return x >= 18446744073709551616.0 ? ULLONG_MAX : (unsigned long long)x;
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

#define EVOTUNE_TO_INTEGER(suffix, round)                                                         \
  __forceinline__ int __float2int_##suffix(float x) { return evotune::cpu::to_int(round##f(x)); } \
  __forceinline__ unsigned __float2uint_##suffix(float x) {                                       \
    return evotune::cpu::to_unsigned(round##f(x));                                                \
  }                                                                                               \
  __forceinline__ long long __float2ll_##suffix(float x) {                                        \
    return evotune::cpu::to_long(round##f(x));                                                    \
  }                                                                                               \
  __forceinline__ unsigned long long __float2ull_##suffix(float x) {                              \
    return evotune::cpu::to_unsigned_long(round##f(x));                                           \
  }                                                                                               \
  __forceinline__ int __double2int_##suffix(double x) { return evotune::cpu::to_int(round(x)); }  \
  __forceinline__ unsigned __double2uint_##suffix(double x) {                                     \
    return evotune::cpu::to_unsigned(round(x));                                                   \
  }                                                                                               \
  __forceinline__ long long __double2ll_##suffix(double x) {                                      \
    return evotune::cpu::to_long(round(x));                                                       \
  }                                                                                               \
  __forceinline__ unsigned long long __double2ull_##suffix(double x) {                            \
    return evotune::cpu::to_unsigned_long(round(x));                                              \
  }
EVOTUNE_TO_INTEGER(rn, __builtin_rint)
EVOTUNE_TO_INTEGER(rz, __builtin_trunc)
EVOTUNE_TO_INTEGER(rd, __builtin_floor)
EVOTUNE_TO_INTEGER(ru, __builtin_ceil)
#undef EVOTUNE_TO_INTEGER
__forceinline__ float __int2float_rn(int x) { return (float)x; }
__forceinline__ float __uint2float_rn(unsigned x) { return (float)x; }
__forceinline__ float __ll2float_rn(long long x) { return (float)x; }
__forceinline__ float __ull2float_rn(unsigned long long x) { return (float)x; }
__forceinline__ double __int2double_rn(int x) { return (double)x; }
__forceinline__ double __uint2double_rn(unsigned x) { return (double)x; }
__forceinline__ double __ll2double_rn(long long x) { return (double)x; }
__forceinline__ double __ull2double_rn(unsigned long long x) { return (double)x; }
__forceinline__ float __double2float_rn(double x) { return (float)x; }
__forceinline__ int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
__forceinline__ int __double2loint(double x) { return (int)__double_as_longlong(x); }
__forceinline__ double __hiloint2double(int high, int low) {
  return __longlong_as_double(((long long)high << 32) | (unsigned)low);
}

EVOTUNE_CHECKED
