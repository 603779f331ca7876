// half and half2: stored in 16 bits, computed in float. Add, subtract, multiply and divide are
// rounded right that way, because float has more than twice half's bits and two; fma is not, so it
// is done in double.
#pragma once

#include "atomics.h"
#include "math_functions.h"
#include "small_float_functions.h"
#include "small_floats.h"
#include "vectors.h"

EVOTUNE_UNCHECKED

struct __half_raw {
  unsigned short x;
};

struct __half {
  unsigned short bits;
  __half() = default;
  __half(__half_raw raw) : bits(raw.x) {}
  __half(float x) : bits(evotune::cpu::float_to_half(x)) {}
  __half(double x) : bits(evotune::cpu::float_to_half(evotune::cpu::rounded_to_odd(x, 0))) {}
  __half(int x) : __half((double)x) {}
  __half(unsigned x) : __half((double)x) {}
  __half(short x) : __half((float)x) {}
  __half(unsigned short x) : __half((float)x) {}
  __half(long x) : __half((double)x) {}
  __half(unsigned long x) : __half((double)x) {}
  __half(long long x) : __half((double)x) {}
  __half(unsigned long long x) : __half((double)x) {}
  operator float() const { return evotune::cpu::half_to_float(bits); }
  operator __half_raw() const { return __half_raw{bits}; }
};
struct __align__(4) __half2 {
  __half x, y;
  __half2() = default;
  constexpr __half2(__half low, __half high) : x(low), y(high) {}
};
using half = __half;
using half2 = __half2;
using __nv_half = __half;
using __nv_half2 = __half2;
using nv_half = __half;
using nv_half2 = __half2;

#define EVOTUNE_HALF_OPERATOR(op)                                                                 \
  __forceinline__ __half operator op(__half a, __half b) { return __half((float)a op(float) b); } \
  __forceinline__ __half& operator op##=(__half& a, __half b) { return a = a op b; }              \
  __forceinline__ __half2 operator op(__half2 a, __half2 b) {                                     \
    return __half2{a.x op b.x, a.y op b.y};                                                       \
  }                                                                                               \
  __forceinline__ __half2& operator op##=(__half2& a, __half2 b) { return a = a op b; }
EVOTUNE_HALF_OPERATOR(+)
EVOTUNE_HALF_OPERATOR(-)
EVOTUNE_HALF_OPERATOR(*)
EVOTUNE_HALF_OPERATOR(/)
#undef EVOTUNE_HALF_OPERATOR

// Each comparison as an operator, as a function, and for pairs: 1 or 0 in each half.
#define EVOTUNE_HALF_COMPARISON(op, name)                                               \
  __forceinline__ bool operator op(__half a, __half b) { return (float)a op(float) b; } \
  __forceinline__ bool __h##name(__half a, __half b) { return (float)a op(float) b; }   \
  __forceinline__ __half2 __h##name##2(__half2 a, __half2 b) {                          \
    return __half2{__half(a.x op b.x ? 1.0f : 0.0f), __half(a.y op b.y ? 1.0f : 0.0f)}; \
  }
EVOTUNE_HALF_COMPARISON(==, eq)
EVOTUNE_HALF_COMPARISON(!=, ne)
EVOTUNE_HALF_COMPARISON(<, lt)
EVOTUNE_HALF_COMPARISON(<=, le)
EVOTUNE_HALF_COMPARISON(>, gt)
EVOTUNE_HALF_COMPARISON(>=, ge)
#undef EVOTUNE_HALF_COMPARISON

__forceinline__ __half __hneg(__half a) {
  a.bits ^= 0x8000u;
  return a;
}
__forceinline__ __half __habs(__half a) {
  a.bits &= 0x7fffu;
  return a;
}
__forceinline__ __half operator-(__half a) { return __hneg(a); }
__forceinline__ __half operator+(__half a) { return a; }
__forceinline__ __half2 operator-(__half2 a) { return __half2{__hneg(a.x), __hneg(a.y)}; }
__forceinline__ __half& operator++(__half& a) { return a = a + __half(1.0f); }
__forceinline__ __half& operator--(__half& a) { return a = a - __half(1.0f); }

__forceinline__ __half __hadd(__half a, __half b) { return a + b; }
__forceinline__ __half __hsub(__half a, __half b) { return a - b; }
__forceinline__ __half __hmul(__half a, __half b) { return a * b; }
__forceinline__ __half __hdiv(__half a, __half b) { return a / b; }
__forceinline__ __half __hfma(__half a, __half b, __half c) {
  return __half(evotune::cpu::fma_to_odd((float)a, (float)b, (float)c));
}
__forceinline__ bool __hisnan(__half a) { return __builtin_isnan((float)a); }
__forceinline__ int __hisinf(__half a) {
  return __builtin_isinf((float)a) ? ((a.bits & 0x8000u) ? -1 : 1) : 0;
}
// Of a number and a NaN, the number; the _nan versions take the NaN.
__forceinline__ __half __hmax(__half a, __half b) { return __half(fmaxf((float)a, (float)b)); }
__forceinline__ __half __hmin(__half a, __half b) { return __half(fminf((float)a, (float)b)); }
__forceinline__ __half __hmax_nan(__half a, __half b) {
  return __hisnan(a) ? a : __hisnan(b) ? b : __hmax(a, b);
}
__forceinline__ __half __hmin_nan(__half a, __half b) {
  return __hisnan(a) ? a : __hisnan(b) ? b : __hmin(a, b);
}

#define EVOTUNE_HALF_FUNCTION(name)                                              \
  __forceinline__ __half h##name(__half a) { return __half(name##f((float)a)); } \
  __forceinline__ __half2 h2##name(__half2 a) { return __half2{h##name(a.x), h##name(a.y)}; }
EVOTUNE_HALF_FUNCTION(exp)
EVOTUNE_HALF_FUNCTION(exp2)
EVOTUNE_HALF_FUNCTION(log)
EVOTUNE_HALF_FUNCTION(log2)
EVOTUNE_HALF_FUNCTION(log10)
EVOTUNE_HALF_FUNCTION(sqrt)
EVOTUNE_HALF_FUNCTION(rsqrt)
EVOTUNE_HALF_FUNCTION(sin)
EVOTUNE_HALF_FUNCTION(cos)
EVOTUNE_HALF_FUNCTION(floor)
EVOTUNE_HALF_FUNCTION(ceil)
EVOTUNE_HALF_FUNCTION(trunc)
EVOTUNE_HALF_FUNCTION(rint)
#undef EVOTUNE_HALF_FUNCTION
__forceinline__ __half hrcp(__half a) { return __half(1.0f / (float)a); }
__forceinline__ __half2 h2rcp(__half2 a) { return __half2{hrcp(a.x), hrcp(a.y)}; }

#define EVOTUNE_HALF_PAIRWISE(name)                       \
  __forceinline__ __half2 name##2(__half2 a, __half2 b) { \
    return __half2{name(a.x, b.x), name(a.y, b.y)};       \
  }
EVOTUNE_HALF_PAIRWISE(__hadd)
EVOTUNE_HALF_PAIRWISE(__hsub)
EVOTUNE_HALF_PAIRWISE(__hmul)
EVOTUNE_HALF_PAIRWISE(__hmax)
EVOTUNE_HALF_PAIRWISE(__hmin)
#undef EVOTUNE_HALF_PAIRWISE
__forceinline__ __half2 __h2div(__half2 a, __half2 b) { return a / b; }
__forceinline__ __half2 __hneg2(__half2 a) { return -a; }
__forceinline__ __half2 __habs2(__half2 a) { return __half2{__habs(a.x), __habs(a.y)}; }
__forceinline__ __half2 __hfma2(__half2 a, __half2 b, __half2 c) {
  return __half2{__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}

__forceinline__ __half2 __halves2half2(__half a, __half b) { return __half2{a, b}; }
__forceinline__ __half2 make_half2(__half a, __half b) { return __half2{a, b}; }
__forceinline__ __half2 __half2half2(__half a) { return __half2{a, a}; }
__forceinline__ __half __low2half(__half2 a) { return a.x; }
__forceinline__ __half __high2half(__half2 a) { return a.y; }
__forceinline__ float __low2float(__half2 a) { return (float)a.x; }
__forceinline__ float __high2float(__half2 a) { return (float)a.y; }
__forceinline__ __half2 __low2half2(__half2 a) { return __half2{a.x, a.x}; }
__forceinline__ __half2 __high2half2(__half2 a) { return __half2{a.y, a.y}; }
__forceinline__ __half2 __lowhigh2highlow(__half2 a) { return __half2{a.y, a.x}; }
__forceinline__ float __half2float(__half a) { return (float)a; }
__forceinline__ __half __float2half(float a) { return __half(a); }
__forceinline__ __half __double2half(double a) { return __half(a); }
__forceinline__ unsigned short __half_as_ushort(__half a) { return a.bits; }
__forceinline__ short __half_as_short(__half a) { return (short)a.bits; }
__forceinline__ __half __ushort_as_half(unsigned short bits) {
  __half a;
  a.bits = bits;
  return a;
}
__forceinline__ __half2 __float2half2_rn(float a) { return __half2{__half(a), __half(a)}; }
__forceinline__ __half2 __floats2half2_rn(float a, float b) {
  return __half2{__half(a), __half(b)};
}
__forceinline__ __half2 __float22half2_rn(float2 a) { return __half2{__half(a.x), __half(a.y)}; }
__forceinline__ float2 __half22float2(__half2 a) { return float2{(float)a.x, (float)a.y}; }

EVOTUNE_SMALL_FLOAT(__half, __half2, half, half2)

__forceinline__ __half atomicAdd(__half* p, __half value) {
  unsigned short* bits = &p->bits;
  return __ushort_as_half(evotune::cpu::update(
      bits, [value](unsigned short old) { return (__ushort_as_half(old) + value).bits; }));
}
__forceinline__ __half2 atomicAdd(__half2* p, __half2 value) {
  return __half2{atomicAdd(&p->x, value.x), atomicAdd(&p->y, value.y)};
}

__forceinline__ __half atomicAdd_block(__half* p, __half value) { return atomicAdd(p, value); }
__forceinline__ __half2 atomicAdd_block(__half2* p, __half2 value) { return atomicAdd(p, value); }

#define CUDART_INF_FP16 __ushort_as_half((unsigned short)0x7c00)
#define CUDART_NAN_FP16 __ushort_as_half((unsigned short)0x7fff)
#define CUDART_MAX_NORMAL_FP16 __ushort_as_half((unsigned short)0x7bff)
#define CUDART_ZERO_FP16 __ushort_as_half((unsigned short)0)
#define CUDART_ONE_FP16 __ushort_as_half((unsigned short)0x3c00)

EVOTUNE_CHECKED
