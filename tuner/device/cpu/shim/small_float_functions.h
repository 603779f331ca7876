// What half and bfloat16 have alike, given as a macro for both: T and its pair T2, and the word by
// which CUDA's function names call them.
#pragma once

#include "integer_functions.h"
#include "math_functions.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

enum class Rounding { nearest, zero, up, down };

template <typename T>
__forceinline__ T stepped(T x, bool up) {
  if ((x.bits & 0x7fffu) == 0) {
    x.bits = up ? 0x0001u : 0x8001u;
  } else {
    const bool away = up == ((x.bits & 0x8000u) == 0);
    x.bits = (unsigned short)(away ? x.bits + 1u : x.bits - 1u);
  }
  return x;
}

/// `exact` rounded as asked.
template <Rounding mode, typename T>
__forceinline__ T rounded_to(double exact) {
  const T nearest(exact);
  const double back = (double)(float)nearest;
  if (mode == Rounding::nearest || back == exact || exact != exact || exact - exact != 0)
    return nearest;
  const bool up = mode == Rounding::up || (mode == Rounding::zero && exact < 0);
  return (back < exact) == up ? stepped(nearest, up) : nearest;
}
template <typename T>
__forceinline__ T relu(T x) {
  return (float)x > 0 || x != x ? x : T(0.0f);
}
template <typename To>
__forceinline__ To to_small_integer(double x) {
  const int lowest = (To)-1 < 0 ? -(1 << (8 * sizeof(To) - 1)) : 0;
  const int highest = lowest < 0 ? -lowest - 1 : (1 << (8 * sizeof(To))) - 1;
  return x != x ? (To)0 : x < lowest ? (To)lowest : x > highest ? (To)highest : (To)x;
}

}  // namespace evotune::cpu

#define EVOTUNE_SMALL_UNORDERED(T, T2, op, name)                                                  \
  __forceinline__ bool __h##name##u(T a, T b) { return a != a || b != b || a op b; }              \
  __forceinline__ T2 __h##name##u2(T2 a, T2 b) {                                                  \
    return T2(T(__h##name##u(a.x, b.x) ? 1.0f : 0.0f), T(__h##name##u(a.y, b.y) ? 1.0f : 0.0f));  \
  }                                                                                               \
  __forceinline__ bool __hb##name##2(T2 a, T2 b) { return a.x op b.x && a.y op b.y; }             \
  __forceinline__ bool __hb##name##u2(T2 a, T2 b) {                                               \
    return __h##name##u(a.x, b.x) && __h##name##u(a.y, b.y);                                      \
  }                                                                                               \
  __forceinline__ unsigned __h##name##2_mask(T2 a, T2 b) {                                        \
    return (a.x op b.x ? 0xffffu : 0u) | (a.y op b.y ? 0xffff0000u : 0u);                         \
  }                                                                                               \
  __forceinline__ unsigned __h##name##u2_mask(T2 a, T2 b) {                                       \
    return (__h##name##u(a.x, b.x) ? 0xffffu : 0u) | (__h##name##u(a.y, b.y) ? 0xffff0000u : 0u); \
  }                                                                                               \
  __forceinline__ bool operator op(T2 a, T2 b) { return a.x op b.x && a.y op b.y; }

#define EVOTUNE_SMALL_PAIRED(T2, name) \
  __forceinline__ T2 name##2(T2 a, T2 b) { return T2(name(a.x, b.x), name(a.y, b.y)); }
// __hadd_rn's pair is __hadd2_rn: the 2 stands in the middle.
#define EVOTUNE_SMALL_VARIANT(T, T2, name, suffix, value)            \
  __forceinline__ T name##_##suffix(T a, T b) { return value; }      \
  __forceinline__ T2 name##2_##suffix(T2 a, T2 b) {                  \
    return T2(name##_##suffix(a.x, b.x), name##_##suffix(a.y, b.y)); \
  }
#define EVOTUNE_SMALL_ROUNDED(T, word, suffix, mode, round)                                  \
  __forceinline__ T __float2##word##_##suffix(float x) {                                     \
    return evotune::cpu::rounded_to<evotune::cpu::Rounding::mode, T>((double)x);             \
  }                                                                                          \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, short, short, to_small_integer<short>) \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, unsigned short, ushort,                \
                        to_small_integer<unsigned short>)                                    \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, int, int, to_int)                      \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, unsigned, uint, to_unsigned)           \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, long long, ll, to_long)                \
  EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, unsigned long long, ull, to_unsigned_long)
#define EVOTUNE_SMALL_INTEGER(T, word, suffix, mode, round, I, integer, convert) \
  __forceinline__ I __##word##2##integer##_##suffix(T x) {                       \
    return (I)evotune::cpu::convert(round((double)(float)x));                    \
  }                                                                              \
  __forceinline__ T __##integer##2##word##_##suffix(I x) {                       \
    return evotune::cpu::rounded_to<evotune::cpu::Rounding::mode, T>((double)x); \
  }

#define EVOTUNE_SMALL_FLOAT(T, T2, word, pair)                                                   \
  EVOTUNE_SMALL_UNORDERED(T, T2, ==, eq)                                                         \
  EVOTUNE_SMALL_UNORDERED(T, T2, !=, ne)                                                         \
  EVOTUNE_SMALL_UNORDERED(T, T2, <, lt)                                                          \
  EVOTUNE_SMALL_UNORDERED(T, T2, <=, le)                                                         \
  EVOTUNE_SMALL_UNORDERED(T, T2, >, gt)                                                          \
  EVOTUNE_SMALL_UNORDERED(T, T2, >=, ge)                                                         \
  EVOTUNE_SMALL_VARIANT(T, T2, __hadd, rn, a + b)                                                \
  EVOTUNE_SMALL_VARIANT(T, T2, __hsub, rn, a - b)                                                \
  EVOTUNE_SMALL_VARIANT(T, T2, __hmul, rn, a* b)                                                 \
  EVOTUNE_SMALL_VARIANT(T, T2, __hadd, sat, T(__saturatef((float)(a + b))))                      \
  EVOTUNE_SMALL_VARIANT(T, T2, __hsub, sat, T(__saturatef((float)(a - b))))                      \
  EVOTUNE_SMALL_VARIANT(T, T2, __hmul, sat, T(__saturatef((float)(a * b))))                      \
  __forceinline__ T2 __hmax2_nan(T2 a, T2 b) {                                                   \
    return T2(__hmax_nan(a.x, b.x), __hmax_nan(a.y, b.y));                                       \
  }                                                                                              \
  __forceinline__ T2 __hmin2_nan(T2 a, T2 b) {                                                   \
    return T2(__hmin_nan(a.x, b.x), __hmin_nan(a.y, b.y));                                       \
  }                                                                                              \
  __forceinline__ T __hfma_sat(T a, T b, T c) { return T(__saturatef((float)__hfma(a, b, c))); } \
  __forceinline__ T __hfma_relu(T a, T b, T c) { return evotune::cpu::relu(__hfma(a, b, c)); }   \
  __forceinline__ T2 __hfma2_sat(T2 a, T2 b, T2 c) {                                             \
    return T2(__hfma_sat(a.x, b.x, c.x), __hfma_sat(a.y, b.y, c.y));                             \
  }                                                                                              \
  __forceinline__ T2 __hfma2_relu(T2 a, T2 b, T2 c) {                                            \
    return T2(__hfma_relu(a.x, b.x, c.x), __hfma_relu(a.y, b.y, c.y));                           \
  }                                                                                              \
  __forceinline__ T2 __hcmadd(T2 a, T2 b, T2 c) { /* complex: a·b + c */                        \
    const T real = __hfma(a.x, b.x, c.x), imaginary = __hfma(a.x, b.y, c.y);                     \
    return T2(__hfma(__hneg(a.y), b.y, real), __hfma(a.y, b.x, imaginary));                      \
  }                                                                                              \
  __forceinline__ T2 __hisnan2(T2 a) {                                                           \
    return T2(T(__hisnan(a.x) ? 1.0f : 0.0f), T(__hisnan(a.y) ? 1.0f : 0.0f));                   \
  }                                                                                              \
  __forceinline__ T hexp10(T a) { return T(exp2((double)(float)a * 3.321928094887362348)); }     \
  __forceinline__ T htanh(T a) { return T(tanhf((float)a)); }                                    \
  __forceinline__ T htanh_approx(T a) { return htanh(a); }                                       \
  __forceinline__ T2 h2exp10(T2 a) { return T2(hexp10(a.x), hexp10(a.y)); }                      \
  __forceinline__ T2 h2tanh(T2 a) { return T2(htanh(a.x), htanh(a.y)); }                         \
  __forceinline__ T2 h2tanh_approx(T2 a) { return h2tanh(a); }                                   \
  __forceinline__ T2 __lows2##pair(T2 a, T2 b) { return T2(a.x, b.x); }                          \
  __forceinline__ T2 __highs2##pair(T2 a, T2 b) { return T2(a.y, b.y); }                         \
  __forceinline__ T __short_as_##word(short x) { return __ushort_as_##word((unsigned short)x); } \
  __forceinline__ signed char __##word##2char_rz(T x) {                                          \
    return evotune::cpu::to_small_integer<signed char>((double)(float)x);                        \
  }                                                                                              \
  __forceinline__ unsigned char __##word##2uchar_rz(T x) {                                       \
    return evotune::cpu::to_small_integer<unsigned char>((double)(float)x);                      \
  }                                                                                              \
  EVOTUNE_SMALL_ROUNDED(T, word, rn, nearest, __builtin_rint)                                    \
  EVOTUNE_SMALL_ROUNDED(T, word, rz, zero, __builtin_trunc)                                      \
  EVOTUNE_SMALL_ROUNDED(T, word, ru, up, __builtin_ceil)                                         \
  EVOTUNE_SMALL_ROUNDED(T, word, rd, down, __builtin_floor)

EVOTUNE_CHECKED
