// Arithmetic and conversions in CUDA's directed rounding modes: _rz, _ru, _rd. Included where a
// kernel names one of them. Each takes the nearest result and the sign of what it lacks of the
// exact one.
#pragma once

#include "integer_functions.h"
#include "math_functions.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

enum class Towards { zero, up, down };

__forceinline__ float next(float x, bool up) {
  return nextafterf(x, up ? __builtin_inff() : -__builtin_inff());
}
__forceinline__ double next(double x, bool up) {
  return nextafter(x, up ? __builtin_inf() : -__builtin_inf());
}

/// `error`: exact minus nearest; only its sign counts.
template <Towards mode, typename T, typename E>
__forceinline__ T directed(T nearest, E error) {
  if (nearest - nearest != 0 || error == 0) return nearest;  // infinite, NaN or exact
  const bool above = error > 0;
  if (mode == Towards::up) return above ? next(nearest, true) : nearest;
  if (mode == Towards::down) return above ? nearest : next(nearest, false);
  const bool outside = above ? nearest < 0 : nearest > 0;
  return outside ? next(nearest, above) : nearest;
}

template <typename T>
__forceinline__ T sum_error(T a, T b, T sum) {
  const T part = evotune_rounded(sum - a);
  return evotune_rounded(a - evotune_rounded(sum - part)) + evotune_rounded(b - part);
}
__forceinline__ float fused(float a, float b, float c) { return fmaf(a, b, c); }
__forceinline__ double fused(double a, double b, double c) { return ::fma(a, b, c); }

template <Towards mode, typename T>
__forceinline__ T add(T a, T b) {
  const T sum = evotune_rounded(a + b);
  return directed<mode>(sum, sum_error(a, b, sum));
}
template <Towards mode, typename T>
__forceinline__ T multiply(T a, T b) {
  const T product = evotune_rounded(a * b);
  return directed<mode>(product, fused(a, b, -product));
}
template <Towards mode, typename T>
__forceinline__ T divide(T a, T b) {
  const T quotient = evotune_rounded(a / b);
  const T lack = fused(-quotient, b, a);
  return directed<mode>(quotient, b < 0 ? -lack : lack);
}
template <Towards mode, typename T>
__forceinline__ T root(T x) {
  const T nearest = sizeof(T) == 4 ? (T)sqrtf((float)x) : (T)::sqrt((double)x);
  return directed<mode>(nearest, fused(-nearest, nearest, x));
}
template <Towards mode>
__forceinline__ float fused_towards(float a, float b, float c) {
  const float nearest = fmaf(a, b, c);
  const double product = (double)a * b, sum = evotune_rounded(product + c);
  const double rest = sum_error(product, (double)c, sum), most = sum - nearest;
  return directed<mode>(nearest, most != 0 ? most : rest);
}
template <Towards mode>
__forceinline__ double fused_towards(double a, double b, double c) {
  const double nearest = ::fma(a, b, c);
  const double product = evotune_rounded(a * b), low = ::fma(a, b, -product);
  const double sum = evotune_rounded(product + c), rest = sum_error(product, c, sum);
  return directed<mode>(nearest, (sum - nearest) + (rest + low));
}
template <Towards mode>
__forceinline__ float narrow(double x) {
  const float nearest = (float)x;
  return directed<mode>(nearest, x - nearest);
}
template <Towards mode, typename To, typename From>
__forceinline__ To from_integer(From x) {
  const To nearest = (To)x;
  const __int128 error = (__int128)x - (__int128)nearest;
  return directed<mode>(nearest, error > 0 ? 1 : error < 0 ? -1 : 0);
}

}  // namespace evotune::cpu

#define EVOTUNE_DIRECTED(suffix, mode)                                                            \
  __forceinline__ float __fadd_##suffix(float a, float b) {                                       \
    return evotune::cpu::add<mode>(a, b);                                                         \
  }                                                                                               \
  __forceinline__ float __fsub_##suffix(float a, float b) {                                       \
    return evotune::cpu::add<mode>(a, -b);                                                        \
  }                                                                                               \
  __forceinline__ float __fmul_##suffix(float a, float b) {                                       \
    return evotune::cpu::multiply<mode>(a, b);                                                    \
  }                                                                                               \
  __forceinline__ float __fdiv_##suffix(float a, float b) {                                       \
    return evotune::cpu::divide<mode>(a, b);                                                      \
  }                                                                                               \
  __forceinline__ float __frcp_##suffix(float x) { return evotune::cpu::divide<mode>(1.0f, x); }  \
  __forceinline__ float __fsqrt_##suffix(float x) { return evotune::cpu::root<mode>(x); }         \
  __forceinline__ float __fmaf_##suffix(float a, float b, float c) {                              \
    return evotune::cpu::fused_towards<mode>(a, b, c);                                            \
  }                                                                                               \
  __forceinline__ double __dadd_##suffix(double a, double b) {                                    \
    return evotune::cpu::add<mode>(a, b);                                                         \
  }                                                                                               \
  __forceinline__ double __dsub_##suffix(double a, double b) {                                    \
    return evotune::cpu::add<mode>(a, -b);                                                        \
  }                                                                                               \
  __forceinline__ double __dmul_##suffix(double a, double b) {                                    \
    return evotune::cpu::multiply<mode>(a, b);                                                    \
  }                                                                                               \
  __forceinline__ double __ddiv_##suffix(double a, double b) {                                    \
    return evotune::cpu::divide<mode>(a, b);                                                      \
  }                                                                                               \
  __forceinline__ double __drcp_##suffix(double x) { return evotune::cpu::divide<mode>(1.0, x); } \
  __forceinline__ double __dsqrt_##suffix(double x) { return evotune::cpu::root<mode>(x); }       \
  __forceinline__ double __fma_##suffix(double a, double b, double c) {                           \
    return evotune::cpu::fused_towards<mode>(a, b, c);                                            \
  }                                                                                               \
  __forceinline__ float __double2float_##suffix(double x) {                                       \
    return evotune::cpu::narrow<mode>(x);                                                         \
  }                                                                                               \
  __forceinline__ float __int2float_##suffix(int x) {                                             \
    return evotune::cpu::from_integer<mode, float>(x);                                            \
  }                                                                                               \
  __forceinline__ float __uint2float_##suffix(unsigned x) {                                       \
    return evotune::cpu::from_integer<mode, float>(x);                                            \
  }                                                                                               \
  __forceinline__ float __ll2float_##suffix(long long x) {                                        \
    return evotune::cpu::from_integer<mode, float>(x);                                            \
  }                                                                                               \
  __forceinline__ float __ull2float_##suffix(unsigned long long x) {                              \
    return evotune::cpu::from_integer<mode, float>(x);                                            \
  }                                                                                               \
  __forceinline__ double __ll2double_##suffix(long long x) {                                      \
    return evotune::cpu::from_integer<mode, double>(x);                                           \
  }                                                                                               \
  __forceinline__ double __ull2double_##suffix(unsigned long long x) {                            \
    return evotune::cpu::from_integer<mode, double>(x);                                           \
  }
EVOTUNE_DIRECTED(rz, evotune::cpu::Towards::zero)
EVOTUNE_DIRECTED(ru, evotune::cpu::Towards::up)
EVOTUNE_DIRECTED(rd, evotune::cpu::Towards::down)
#undef EVOTUNE_DIRECTED

EVOTUNE_CHECKED
