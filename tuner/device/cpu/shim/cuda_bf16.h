// __nv_bfloat16 and its pair: stored in 16 bits, computed in float; see cuda_fp16.h.
#pragma once

#include "atomics.h"
#include "math_functions.h"
#include "small_float_functions.h"
#include "small_floats.h"
#include "vectors.h"

EVOTUNE_UNCHECKED

struct __nv_bfloat16_raw {
  unsigned short x;
};

struct __nv_bfloat16 {
  unsigned short bits;
  __nv_bfloat16() = default;
  __nv_bfloat16(__nv_bfloat16_raw raw) : bits(raw.x) {}
  __nv_bfloat16(float x) : bits(evotune::cpu::float_to_bfloat16(x)) {}
  __nv_bfloat16(double x)
      : bits(evotune::cpu::float_to_bfloat16(evotune::cpu::rounded_to_odd(x, 0))) {}
  __nv_bfloat16(int x) : __nv_bfloat16((double)x) {}
  __nv_bfloat16(unsigned x) : __nv_bfloat16((double)x) {}
  __nv_bfloat16(short x) : __nv_bfloat16((float)x) {}
  __nv_bfloat16(unsigned short x) : __nv_bfloat16((float)x) {}
  __nv_bfloat16(long long x) : __nv_bfloat16((double)x) {}
  __nv_bfloat16(unsigned long long x) : __nv_bfloat16((double)x) {}
  __nv_bfloat16(long x) : __nv_bfloat16((double)x) {}
  __nv_bfloat16(unsigned long x) : __nv_bfloat16((double)x) {}
  operator float() const { return evotune::cpu::bfloat16_to_float(bits); }
  operator __nv_bfloat16_raw() const { return __nv_bfloat16_raw{bits}; }
};
struct __align__(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
  __nv_bfloat162() = default;
  constexpr __nv_bfloat162(__nv_bfloat16 low, __nv_bfloat16 high) : x(low), y(high) {}
};
using nv_bfloat16 = __nv_bfloat16;
using nv_bfloat162 = __nv_bfloat162;

#define EVOTUNE_BFLOAT_OPERATOR(op)                                                     \
  __forceinline__ __nv_bfloat16 operator op(__nv_bfloat16 a, __nv_bfloat16 b) {         \
    return __nv_bfloat16((float)a op(float) b);                                         \
  }                                                                                     \
  __forceinline__ __nv_bfloat16& operator op##=(__nv_bfloat16& a, __nv_bfloat16 b) {    \
    return a = a op b;                                                                  \
  }                                                                                     \
  __forceinline__ __nv_bfloat162 operator op(__nv_bfloat162 a, __nv_bfloat162 b) {      \
    return __nv_bfloat162{a.x op b.x, a.y op b.y};                                      \
  }                                                                                     \
  __forceinline__ __nv_bfloat162& operator op##=(__nv_bfloat162& a, __nv_bfloat162 b) { \
    return a = a op b;                                                                  \
  }
EVOTUNE_BFLOAT_OPERATOR(+)
EVOTUNE_BFLOAT_OPERATOR(-)
EVOTUNE_BFLOAT_OPERATOR(*)
EVOTUNE_BFLOAT_OPERATOR(/)
#undef EVOTUNE_BFLOAT_OPERATOR

// Each comparison as an operator, as a function, and for pairs: 1 or 0 in each half.
#define EVOTUNE_BFLOAT_COMPARISON(op, name)                                         \
  __forceinline__ bool operator op(__nv_bfloat16 a, __nv_bfloat16 b) {              \
    return (float)a op(float) b;                                                    \
  }                                                                                 \
  __forceinline__ bool __h##name(__nv_bfloat16 a, __nv_bfloat16 b) {                \
    return (float)a op(float) b;                                                    \
  }                                                                                 \
  __forceinline__ __nv_bfloat162 __h##name##2(__nv_bfloat162 a, __nv_bfloat162 b) { \
    return __nv_bfloat162{__nv_bfloat16(a.x op b.x ? 1.0f : 0.0f),                  \
                          __nv_bfloat16(a.y op b.y ? 1.0f : 0.0f)};                 \
  }
EVOTUNE_BFLOAT_COMPARISON(==, eq)
EVOTUNE_BFLOAT_COMPARISON(!=, ne)
EVOTUNE_BFLOAT_COMPARISON(<, lt)
EVOTUNE_BFLOAT_COMPARISON(<=, le)
EVOTUNE_BFLOAT_COMPARISON(>, gt)
EVOTUNE_BFLOAT_COMPARISON(>=, ge)
#undef EVOTUNE_BFLOAT_COMPARISON

__forceinline__ __nv_bfloat16 __hneg(__nv_bfloat16 a) {
  a.bits ^= 0x8000u;
  return a;
}
__forceinline__ __nv_bfloat16 __habs(__nv_bfloat16 a) {
  a.bits &= 0x7fffu;
  return a;
}
__forceinline__ __nv_bfloat16 operator-(__nv_bfloat16 a) { return __hneg(a); }
__forceinline__ __nv_bfloat16 operator+(__nv_bfloat16 a) { return a; }
__forceinline__ __nv_bfloat162 operator-(__nv_bfloat162 a) {
  return __nv_bfloat162{__hneg(a.x), __hneg(a.y)};
}
__forceinline__ __nv_bfloat16& operator++(__nv_bfloat16& a) { return a = a + __nv_bfloat16(1.0f); }
__forceinline__ __nv_bfloat16& operator--(__nv_bfloat16& a) { return a = a - __nv_bfloat16(1.0f); }

__forceinline__ __nv_bfloat16 __hadd(__nv_bfloat16 a, __nv_bfloat16 b) { return a + b; }
__forceinline__ __nv_bfloat16 __hsub(__nv_bfloat16 a, __nv_bfloat16 b) { return a - b; }
__forceinline__ __nv_bfloat16 __hmul(__nv_bfloat16 a, __nv_bfloat16 b) { return a * b; }
__forceinline__ __nv_bfloat16 __hdiv(__nv_bfloat16 a, __nv_bfloat16 b) { return a / b; }
__forceinline__ __nv_bfloat16 __hfma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) {
  return __nv_bfloat16(evotune::cpu::fma_to_odd((float)a, (float)b, (float)c));
}
__forceinline__ bool __hisnan(__nv_bfloat16 a) { return __builtin_isnan((float)a); }
__forceinline__ int __hisinf(__nv_bfloat16 a) {
  return __builtin_isinf((float)a) ? ((a.bits & 0x8000u) ? -1 : 1) : 0;
}
// Of a number and a NaN, the number; the _nan versions take the NaN.
__forceinline__ __nv_bfloat16 __hmax(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __nv_bfloat16(fmaxf((float)a, (float)b));
}
__forceinline__ __nv_bfloat16 __hmin(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __nv_bfloat16(fminf((float)a, (float)b));
}
__forceinline__ __nv_bfloat16 __hmax_nan(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __hisnan(a) ? a : __hisnan(b) ? b : __hmax(a, b);
}
__forceinline__ __nv_bfloat16 __hmin_nan(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __hisnan(a) ? a : __hisnan(b) ? b : __hmin(a, b);
}

#define EVOTUNE_BFLOAT_FUNCTION(name)                         \
  __forceinline__ __nv_bfloat16 h##name(__nv_bfloat16 a) {    \
    return __nv_bfloat16(name##f((float)a));                  \
  }                                                           \
  __forceinline__ __nv_bfloat162 h2##name(__nv_bfloat162 a) { \
    return __nv_bfloat162{h##name(a.x), h##name(a.y)};        \
  }
EVOTUNE_BFLOAT_FUNCTION(exp)
EVOTUNE_BFLOAT_FUNCTION(exp2)
EVOTUNE_BFLOAT_FUNCTION(log)
EVOTUNE_BFLOAT_FUNCTION(log2)
EVOTUNE_BFLOAT_FUNCTION(log10)
EVOTUNE_BFLOAT_FUNCTION(sqrt)
EVOTUNE_BFLOAT_FUNCTION(rsqrt)
EVOTUNE_BFLOAT_FUNCTION(sin)
EVOTUNE_BFLOAT_FUNCTION(cos)
EVOTUNE_BFLOAT_FUNCTION(floor)
EVOTUNE_BFLOAT_FUNCTION(ceil)
EVOTUNE_BFLOAT_FUNCTION(trunc)
EVOTUNE_BFLOAT_FUNCTION(rint)
#undef EVOTUNE_BFLOAT_FUNCTION
__forceinline__ __nv_bfloat16 hrcp(__nv_bfloat16 a) { return __nv_bfloat16(1.0f / (float)a); }
__forceinline__ __nv_bfloat162 h2rcp(__nv_bfloat162 a) {
  return __nv_bfloat162{hrcp(a.x), hrcp(a.y)};
}

#define EVOTUNE_BFLOAT_PAIRWISE(name)                                          \
  __forceinline__ __nv_bfloat162 name##2(__nv_bfloat162 a, __nv_bfloat162 b) { \
    return __nv_bfloat162{name(a.x, b.x), name(a.y, b.y)};                     \
  }
EVOTUNE_BFLOAT_PAIRWISE(__hadd)
EVOTUNE_BFLOAT_PAIRWISE(__hsub)
EVOTUNE_BFLOAT_PAIRWISE(__hmul)
EVOTUNE_BFLOAT_PAIRWISE(__hmax)
EVOTUNE_BFLOAT_PAIRWISE(__hmin)
#undef EVOTUNE_BFLOAT_PAIRWISE
__forceinline__ __nv_bfloat162 __h2div(__nv_bfloat162 a, __nv_bfloat162 b) { return a / b; }
__forceinline__ __nv_bfloat162 __hneg2(__nv_bfloat162 a) { return -a; }
__forceinline__ __nv_bfloat162 __habs2(__nv_bfloat162 a) {
  return __nv_bfloat162{__habs(a.x), __habs(a.y)};
}
__forceinline__ __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
  return __nv_bfloat162{__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}

__forceinline__ __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __nv_bfloat162{a, b};
}
__forceinline__ __nv_bfloat162 make_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) {
  return __nv_bfloat162{a, b};
}
__forceinline__ __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 a) {
  return __nv_bfloat162{a, a};
}
__forceinline__ __nv_bfloat16 __low2bfloat16(__nv_bfloat162 a) { return a.x; }
__forceinline__ __nv_bfloat16 __high2bfloat16(__nv_bfloat162 a) { return a.y; }
__forceinline__ float __low2float(__nv_bfloat162 a) { return (float)a.x; }
__forceinline__ float __high2float(__nv_bfloat162 a) { return (float)a.y; }
__forceinline__ __nv_bfloat162 __low2bfloat162(__nv_bfloat162 a) {
  return __nv_bfloat162{a.x, a.x};
}
__forceinline__ __nv_bfloat162 __high2bfloat162(__nv_bfloat162 a) {
  return __nv_bfloat162{a.y, a.y};
}
__forceinline__ __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 a) {
  return __nv_bfloat162{a.y, a.x};
}
__forceinline__ float __bfloat162float(__nv_bfloat16 a) { return (float)a; }
__forceinline__ __nv_bfloat16 __float2bfloat16(float a) { return __nv_bfloat16(a); }
__forceinline__ __nv_bfloat16 __double2bfloat16(double a) { return __nv_bfloat16(a); }
__forceinline__ unsigned short __bfloat16_as_ushort(__nv_bfloat16 a) { return a.bits; }
__forceinline__ short __bfloat16_as_short(__nv_bfloat16 a) { return (short)a.bits; }
__forceinline__ __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) {
  __nv_bfloat16 a;
  a.bits = bits;
  return a;
}
__forceinline__ __nv_bfloat162 __float2bfloat162_rn(float a) {
  return __nv_bfloat162{__nv_bfloat16(a), __nv_bfloat16(a)};
}
__forceinline__ __nv_bfloat162 __floats2bfloat162_rn(float a, float b) {
  return __nv_bfloat162{__nv_bfloat16(a), __nv_bfloat16(b)};
}
__forceinline__ __nv_bfloat162 __float22bfloat162_rn(float2 a) {
  return __nv_bfloat162{__nv_bfloat16(a.x), __nv_bfloat16(a.y)};
}
__forceinline__ float2 __bfloat1622float2(__nv_bfloat162 a) {
  return float2{(float)a.x, (float)a.y};
}

EVOTUNE_SMALL_FLOAT(__nv_bfloat16, __nv_bfloat162, bfloat16, bfloat162)

__forceinline__ __nv_bfloat16 atomicAdd(__nv_bfloat16* p, __nv_bfloat16 value) {
  unsigned short* bits = &p->bits;
  return __ushort_as_bfloat16(evotune::cpu::update(
      bits, [value](unsigned short old) { return (__ushort_as_bfloat16(old) + value).bits; }));
}
__forceinline__ __nv_bfloat162 atomicAdd(__nv_bfloat162* p, __nv_bfloat162 value) {
  return __nv_bfloat162{atomicAdd(&p->x, value.x), atomicAdd(&p->y, value.y)};
}

__forceinline__ __nv_bfloat16 atomicAdd_block(__nv_bfloat16* p, __nv_bfloat16 value) {
  return atomicAdd(p, value);
}
__forceinline__ __nv_bfloat162 atomicAdd_block(__nv_bfloat162* p, __nv_bfloat162 value) {
  return atomicAdd(p, value);
}

#define CUDART_INF_BF16 __ushort_as_bfloat16((unsigned short)0x7f80)
#define CUDART_NAN_BF16 __ushort_as_bfloat16((unsigned short)0x7fff)
#define CUDART_MAX_NORMAL_BF16 __ushort_as_bfloat16((unsigned short)0x7f7f)
#define CUDART_ZERO_BF16 __ushort_as_bfloat16((unsigned short)0)
#define CUDART_ONE_BF16 __ushort_as_bfloat16((unsigned short)0x3f80)

EVOTUNE_CHECKED
