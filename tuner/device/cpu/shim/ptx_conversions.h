// Inline PTX that compares, converts and regroups. Part of ptx.h.
#pragma once

#include "ptx_arithmetic.h"
#include "small_float_functions.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

// Of a NaN, `eq` to `ge` are false (`ne` too), `equ` to `geu` true.
#define EVOTUNE_PTX_COMPARE(name, value)                       \
  template <typename T, typename A, typename B>                \
  __forceinline__ bool is_##name(const A& one, const B& two) { \
    const T a = as<T>(one), b = as<T>(two);                    \
    return value;                                              \
  }
EVOTUNE_PTX_COMPARE(eq, a == b)
EVOTUNE_PTX_COMPARE(ne, a<b || a> b)
EVOTUNE_PTX_COMPARE(lt, a < b)
EVOTUNE_PTX_COMPARE(le, a <= b)
EVOTUNE_PTX_COMPARE(gt, a > b)
EVOTUNE_PTX_COMPARE(ge, a >= b)
EVOTUNE_PTX_COMPARE(lo, a < b)
EVOTUNE_PTX_COMPARE(ls, a <= b)
EVOTUNE_PTX_COMPARE(hi, a > b)
EVOTUNE_PTX_COMPARE(hs, a >= b)
EVOTUNE_PTX_COMPARE(equ, !(a < b || a > b))
EVOTUNE_PTX_COMPARE(neu, !(a == b))
EVOTUNE_PTX_COMPARE(ltu, !(a >= b))
EVOTUNE_PTX_COMPARE(leu, !(a > b))
EVOTUNE_PTX_COMPARE(gtu, !(a <= b))
EVOTUNE_PTX_COMPARE(geu, !(a < b))
EVOTUNE_PTX_COMPARE(num, a == a && b == b)
EVOTUNE_PTX_COMPARE(nan, a != a || b != b)
#undef EVOTUNE_PTX_COMPARE
/// set: 1.0 or all ones.
template <typename T, typename D>
__forceinline__ void set_flag(D& d, bool yes) {
  if constexpr (is_integer<T>)
    put(d, (T)(yes ? -1 : 0));
  else
    set(d, (T)(yes ? 1.0f : 0.0f));
}

/// From a floating-point number, which is rounded already: integers are limited to their range.
template <typename To>
__forceinline__ To converted(double x) {
  if constexpr (!is_integer<To>)
    return (To)(float)x;
  else if constexpr (sizeof(To) == 8)
    return (To)-1 < 0 ? (To)to_long(x) : (To)to_unsigned_long(x);
  else
    return (To)-1 < 0 ? saturated<To>(to_int(x)) : saturated<To>(to_unsigned(x));
}
template <>
__forceinline__ double converted<double>(double x) {
  return x;
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt(D& d, const A& a) {
  if constexpr (is_integer<From>)
    put(d, (To)as<From>(a));
  else
    put(d, converted<To>((double)as<From>(a)));
}
#define EVOTUNE_PTX_ROUND(suffix, rounded)                      \
  template <typename To, typename From, typename D, typename A> \
  __forceinline__ void cvt_##suffix(D& d, const A& a) {         \
    put(d, converted<To>(rounded((double)as<From>(a))));        \
  }
EVOTUNE_PTX_ROUND(rni, __builtin_rint)
EVOTUNE_PTX_ROUND(rzi, __builtin_trunc)
EVOTUNE_PTX_ROUND(rmi, __builtin_floor)
EVOTUNE_PTX_ROUND(rpi, __builtin_ceil)
#undef EVOTUNE_PTX_ROUND
/// Limited to the range of an integer type, or to 0 to 1.
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_sat(D& d, const A& a) {
  if constexpr (is_integer<To> && is_integer<From>) {
    put(d, saturated<To>((__int128)as<From>(a)));
  } else {
    cvt<To, From>(d, a);
    if constexpr (!is_integer<To>) limit_to_unit<To>(d);
  }
}
/// To a half or a bfloat16.
template <typename To, typename From, Rounding Mode, typename D, typename A>
__forceinline__ void cvt_directed(D& d, const A& a) {
  set(d, rounded_to<Mode, To>((double)as<From>(a)));
}
/// A pair of halves from two floats; the first is the higher one.
template <typename To, typename From, typename D, typename A, typename B>
__forceinline__ void cvt(D& d, const A& high, const B& low) {
  set(d, To{(float)as<From>(low), (float)as<From>(high)});
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rna(D& d, const A& a) {
  const uint32_t bits = as<uint32_t>(a);
  const bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  set(d, nan ? bits : (bits + 0x1000u) & 0xffffe000u);
}
/// cvt.pack.sat.s8.s32.b32 d, a, b, c: two more bytes below c's, the first above the second.
template <typename To, typename D, typename A, typename B>
__forceinline__ void cvt_pack(D& d, const A& high, const B& low, uint32_t above = 0) {
  constexpr int bits = 8 * sizeof(To);
  constexpr uint32_t mask = (1u << bits) - 1;
  set(d, (uint64_t{above} << 2 * bits & 0xffffffffu) |
             ((uint32_t)saturated<To>((__int128)as<s32>(high)) & mask) << bits |
             ((uint32_t)saturated<To>((__int128)as<s32>(low)) & mask));
}

// Several registers in one: mov.b64 %0, {%1, %2} and back.
template <typename T, typename D, typename... A>
__forceinline__ void mov_pack(D& d, const A&... parts) {
  constexpr int bits = 8 * sizeof(T) / sizeof...(A);
  uint64_t all = 0;
  int at = 0;
  ((all |= (as<uint64_t>(parts) & (~uint64_t{0} >> (64 - bits))) << at, at += bits), ...);
  set(d, all);
}
template <typename T, typename V, typename... A>
__forceinline__ void mov_unpack(const V& value, A&... parts) {
  constexpr int bits = 8 * sizeof(T) / sizeof...(A);
  uint64_t all = as<uint64_t>(as<T>(value));
  ((set(parts, all & (~uint64_t{0} >> (64 - bits))), all >>= bits), ...);
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
