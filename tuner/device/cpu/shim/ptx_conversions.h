// cvt of inline PTX. Part of ptx.h.
#pragma once

#include "integer_functions.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu::ptx {

/// Rounding to an integer: toward zero unless the instruction says otherwise.
template <typename To, typename From>
__forceinline__ To converted(From x) {
  return (To)x;
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt(D& d, const A& a) {
  set(d, converted<To>(as<From>(a)));
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rni(D& d, const A& a) {
  set(d, (To)to_long(__builtin_rint((double)as<From>(a))));
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rzi(D& d, const A& a) {
  set(d, (To)to_long((double)as<From>(a)));
}
/// A pair of halves from two floats; the first is the higher one.
template <typename To, typename From, typename D, typename A, typename B>
__forceinline__ void cvt(D& d, const A& high, const B& low) {
  set(d, To{(float)as<From>(low), (float)as<From>(high)});
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rna(D& d, const A& a) {
  set(d, (as<uint32_t>(a) + 0x1000u) & 0xffffe000u);
}

/// .sat: the nearest number that To has; a floating one goes to 0 … 1.
template <typename To>
__forceinline__ To saturated(double x) {
  if constexpr ((float)To(0.5f) != 0.0f) {
    return (To)(float)(x > 1 ? 1.0 : x > 0 ? x : 0.0);
  } else {
    constexpr bool negative = (To)-1 < (To)0;
    constexpr double span = (double)(1ull << (8 * sizeof(To) - 1)) * (negative ? 1 : 2);
    const double lowest = negative ? -span : 0;
    return x != x ? (To)0 : (To)to_long(x < lowest ? lowest : x > span - 1 ? span - 1 : x);
  }
}
/// Into a wider register its sign goes along.
template <typename To, typename D>
__forceinline__ void set_extended(D& d, To value) {
  if constexpr ((float)To(0.5f) != 0.0f)
    set(d, value);
  else
    set(d, (s64)value);
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_sat(D& d, const A& a) {
  set_extended<To>(d, saturated<To>((double)as<From>(a)));
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rni_sat(D& d, const A& a) {
  set_extended<To>(d, saturated<To>(__builtin_rint((double)as<From>(a))));
}
template <typename To, typename From, typename D, typename A>
__forceinline__ void cvt_rzi_sat(D& d, const A& a) {
  set_extended<To>(d, saturated<To>(__builtin_trunc((double)as<From>(a))));
}
/// cvt.pack.sat.s8.s32.b32 d, a, b, c: two more bytes below c's, the first above the second.
template <typename To, typename D, typename A, typename B>
__forceinline__ void cvt_pack(D& d, const A& high, const B& low, uint32_t above = 0) {
  constexpr int bits = 8 * sizeof(To);
  constexpr uint32_t mask = (1u << bits) - 1;
  set(d, (uint64_t{above} << 2 * bits & 0xffffffffu) |
             ((uint32_t)saturated<To>((double)as<s32>(high)) & mask) << bits |
             ((uint32_t)saturated<To>((double)as<s32>(low)) & mask));
}

}  // namespace evotune::cpu::ptx

EVOTUNE_CHECKED
