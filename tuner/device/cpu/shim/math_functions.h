// Mathematics: CUDA overloads C's names for float, and has fast and directed versions of its own.
// The fast ones are the exact functions here: what they lose on a GPU is not modelled.
#pragma once

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qualifiers.h"

EVOTUNE_UNCHECKED

#undef isnan
#undef isinf
#undef isfinite
#undef signbit

// Templates in a namespace of their own, so that a kernel may include <cmath> and even say `using
// namespace std`: std's functions are not templates and win without ambiguity.
namespace evotune::cpu::overloads {

template <typename T, typename Wanted, typename Result>
struct when {};
template <typename T, typename Result>
struct when<T, T, Result> {
  using type = Result;
};

#define EVOTUNE_FLOAT_1(name)                                      \
  template <typename T>                                            \
  __forceinline__ typename when<T, float, float>::type name(T x) { \
    return ::name##f(x);                                           \
  }
EVOTUNE_FLOAT_1(exp)
EVOTUNE_FLOAT_1(exp2)
EVOTUNE_FLOAT_1(expm1)
EVOTUNE_FLOAT_1(log)
EVOTUNE_FLOAT_1(log2)
EVOTUNE_FLOAT_1(log10)
EVOTUNE_FLOAT_1(log1p)
EVOTUNE_FLOAT_1(sqrt)
EVOTUNE_FLOAT_1(cbrt)
EVOTUNE_FLOAT_1(sin)
EVOTUNE_FLOAT_1(cos)
EVOTUNE_FLOAT_1(tan)
EVOTUNE_FLOAT_1(asin)
EVOTUNE_FLOAT_1(acos)
EVOTUNE_FLOAT_1(atan)
EVOTUNE_FLOAT_1(sinh)
EVOTUNE_FLOAT_1(cosh)
EVOTUNE_FLOAT_1(tanh)
EVOTUNE_FLOAT_1(asinh)
EVOTUNE_FLOAT_1(acosh)
EVOTUNE_FLOAT_1(atanh)
EVOTUNE_FLOAT_1(erf)
EVOTUNE_FLOAT_1(erfc)
EVOTUNE_FLOAT_1(tgamma)
EVOTUNE_FLOAT_1(lgamma)
EVOTUNE_FLOAT_1(floor)
EVOTUNE_FLOAT_1(ceil)
EVOTUNE_FLOAT_1(trunc)
EVOTUNE_FLOAT_1(round)
EVOTUNE_FLOAT_1(rint)
EVOTUNE_FLOAT_1(nearbyint)
EVOTUNE_FLOAT_1(fabs)
#undef EVOTUNE_FLOAT_1

#define EVOTUNE_FLOAT_2(name)                                           \
  template <typename T>                                                 \
  __forceinline__ typename when<T, float, float>::type name(T x, T y) { \
    return ::name##f(x, y);                                             \
  }
EVOTUNE_FLOAT_2(pow)
EVOTUNE_FLOAT_2(fmod)
EVOTUNE_FLOAT_2(atan2)
EVOTUNE_FLOAT_2(fmin)
EVOTUNE_FLOAT_2(fmax)
EVOTUNE_FLOAT_2(fdim)
EVOTUNE_FLOAT_2(hypot)
EVOTUNE_FLOAT_2(copysign)
EVOTUNE_FLOAT_2(remainder)
#undef EVOTUNE_FLOAT_2

template <typename T>
__forceinline__ typename when<T, float, float>::type pow(T x, int y) {
  return ::powf(x, (float)y);
}
template <typename T>
__forceinline__ typename when<T, float, float>::type fma(T x, T y, T z) {
  return ::fmaf(x, y, z);
}
template <typename T>
__forceinline__ typename when<T, float, float>::type ldexp(T x, int power) {
  return ::ldexpf(x, power);
}
template <typename T>
__forceinline__ typename when<T, float, float>::type abs(T x) {
  return ::fabsf(x);
}
template <typename T>
__forceinline__ typename when<T, double, double>::type abs(T x) {
  return ::fabs(x);
}
template <typename T>
__forceinline__ typename when<T, long, long>::type abs(T x) {
  return ::labs(x);
}
template <typename T>
__forceinline__ typename when<T, long long, long long>::type abs(T x) {
  return ::llabs(x);
}

#define EVOTUNE_CLASSIFY(name, builtin)                            \
  template <typename T>                                            \
  __forceinline__ typename when<T, float, bool>::type name(T x) {  \
    return builtin(x);                                             \
  }                                                                \
  template <typename T>                                            \
  __forceinline__ typename when<T, double, bool>::type name(T x) { \
    return builtin(x);                                             \
  }
EVOTUNE_CLASSIFY(isnan, __builtin_isnan)
EVOTUNE_CLASSIFY(isinf, __builtin_isinf)
EVOTUNE_CLASSIFY(isfinite, __builtin_isfinite)
EVOTUNE_CLASSIFY(signbit, __builtin_signbit)
#undef EVOTUNE_CLASSIFY

}  // namespace evotune::cpu::overloads
using namespace evotune::cpu::overloads;

#define EVOTUNE_MIN_MAX(Result, A, B)                                                            \
  __forceinline__ Result min(A a, B b) { return (Result)a < (Result)b ? (Result)a : (Result)b; } \
  __forceinline__ Result max(A a, B b) { return (Result)a > (Result)b ? (Result)a : (Result)b; }
EVOTUNE_MIN_MAX(int, int, int)
EVOTUNE_MIN_MAX(unsigned, unsigned, unsigned)
EVOTUNE_MIN_MAX(unsigned, int, unsigned)
EVOTUNE_MIN_MAX(unsigned, unsigned, int)
EVOTUNE_MIN_MAX(long, long, long)
EVOTUNE_MIN_MAX(unsigned long, unsigned long, unsigned long)
EVOTUNE_MIN_MAX(unsigned long, long, unsigned long)
EVOTUNE_MIN_MAX(unsigned long, unsigned long, long)
EVOTUNE_MIN_MAX(long long, long long, long long)
EVOTUNE_MIN_MAX(unsigned long long, unsigned long long, unsigned long long)
EVOTUNE_MIN_MAX(unsigned long long, long long, unsigned long long)
EVOTUNE_MIN_MAX(unsigned long long, unsigned long long, long long)
#undef EVOTUNE_MIN_MAX
// Of a number and a NaN, CUDA takes the number.
__forceinline__ float min(float a, float b) { return fminf(a, b); }
__forceinline__ float max(float a, float b) { return fmaxf(a, b); }
__forceinline__ double min(double a, double b) { return fmin(a, b); }
__forceinline__ double max(double a, double b) { return fmax(a, b); }
__forceinline__ double min(float a, double b) { return fmin((double)a, b); }
__forceinline__ double max(float a, double b) { return fmax((double)a, b); }
__forceinline__ double min(double a, float b) { return fmin(a, (double)b); }
__forceinline__ double max(double a, float b) { return fmax(a, (double)b); }

__forceinline__ float rsqrtf(float x) { return 1.0f / sqrtf(x); }
__forceinline__ double rsqrt(double x) { return 1.0 / ::sqrt(x); }
__forceinline__ float rsqrt(float x) { return rsqrtf(x); }
__forceinline__ float rcbrtf(float x) { return 1.0f / cbrtf(x); }
__forceinline__ float fdividef(float x, float y) { return x / y; }
__forceinline__ float fdivide(float x, float y) { return x / y; }
__forceinline__ float __fdividef(float x, float y) { return x / y; }
__forceinline__ float __saturatef(float x) { return x > 0.0f ? (x < 1.0f ? x : 1.0f) : 0.0f; }
__forceinline__ float sinpif(float x) { return (float)::sin(3.14159265358979323846 * x); }
__forceinline__ float cospif(float x) { return (float)::cos(3.14159265358979323846 * x); }
__forceinline__ double sinpi(double x) { return ::sin(3.14159265358979323846 * x); }
__forceinline__ double cospi(double x) { return ::cos(3.14159265358979323846 * x); }
__forceinline__ void sincospif(float x, float* s, float* c) { *s = sinpif(x), *c = cospif(x); }
__forceinline__ void sincospi(double x, double* s, double* c) { *s = sinpi(x), *c = cospi(x); }
__forceinline__ double rcbrt(double x) { return 1.0 / ::cbrt(x); }
__forceinline__ float rhypotf(float x, float y) { return 1.0f / hypotf(x, y); }
__forceinline__ double rhypot(double x, double y) { return 1.0 / ::hypot(x, y); }
__forceinline__ float norm3df(float x, float y, float z) {
  return (float)::sqrt((double)x * x + (double)y * y + (double)z * z);
}
__forceinline__ float rnorm3df(float x, float y, float z) { return 1.0f / norm3df(x, y, z); }
__forceinline__ float norm4df(float x, float y, float z, float w) {
  return (float)::sqrt((double)x * x + (double)y * y + (double)z * z + (double)w * w);
}
__forceinline__ float rnorm4df(float x, float y, float z, float w) {
  return 1.0f / norm4df(x, y, z, w);
}
__forceinline__ double norm3d(double x, double y, double z) {
  return ::sqrt(x * x + y * y + z * z);
}
__forceinline__ double rnorm3d(double x, double y, double z) { return 1.0 / norm3d(x, y, z); }
__forceinline__ double normcdf(double x) { return 0.5 * ::erfc(-0.70710678118654752440 * x); }
__forceinline__ float normcdff(float x) { return (float)normcdf((double)x); }
__forceinline__ double erfcx(double x) { return ::exp(x * x) * ::erfc(x); }
__forceinline__ float erfcxf(float x) { return (float)erfcx((double)x); }
/// By Newton's method on erf, from Winitzki's approximation.
inline double erfinv(double y) {
  if (!(y > -1.0 && y < 1.0)) return y == 1.0 || y == -1.0 ? y * __builtin_inf() : y - y;
  const double l = ::log1p(-y * y), t = 4.3307467507 + 0.5 * l;
  double x = ::copysign(::sqrt(::sqrt(t * t - l / 0.147) - t), y);
  for (int i = 0; i < 4; ++i) x -= (::erf(x) - y) / (1.1283791670955126 * ::exp(-x * x));
  return x;
}
__forceinline__ float erfinvf(float y) { return (float)erfinv((double)y); }
__forceinline__ double erfcinv(double y) { return erfinv(1.0 - y); }
__forceinline__ float erfcinvf(float y) { return (float)erfcinv((double)y); }
__forceinline__ double normcdfinv(double y) { return 1.4142135623730951 * erfinv(2.0 * y - 1.0); }
__forceinline__ float normcdfinvf(float y) { return (float)normcdfinv((double)y); }
/// The series, of which all terms are positive; beyond where it is short, Hankel's expansion.
inline double evotune_bessel_i(int order, double x) {
  const double z = ::fabs(x);
  double term = order == 0 ? 1.0 : 0.5 * z, sum = 0;
  if (z < 30) {
    for (int k = 1; term > 1e-18 * sum; ++k) sum += term, term *= 0.25 * z * z / (k * (k + order));
  } else {
    term = ::exp(z) / ::sqrt(6.283185307179586 * z);
    for (int k = 1; k < 20; ++k) {
      sum += term;
      term *= -(4.0 * order * order - (2.0 * k - 1) * (2.0 * k - 1)) / (8.0 * k * z);
    }
  }
  return order == 1 && x < 0 ? -sum : sum;
}
__forceinline__ double cyl_bessel_i0(double x) { return evotune_bessel_i(0, x); }
__forceinline__ double cyl_bessel_i1(double x) { return evotune_bessel_i(1, x); }
__forceinline__ float cyl_bessel_i0f(float x) { return (float)evotune_bessel_i(0, x); }
__forceinline__ float cyl_bessel_i1f(float x) { return (float)evotune_bessel_i(1, x); }
__forceinline__ unsigned umin(unsigned a, unsigned b) { return a < b ? a : b; }
__forceinline__ unsigned umax(unsigned a, unsigned b) { return a > b ? a : b; }
__forceinline__ long long llmin(long long a, long long b) { return a < b ? a : b; }
__forceinline__ long long llmax(long long a, long long b) { return a > b ? a : b; }
__forceinline__ unsigned long long ullmin(unsigned long long a, unsigned long long b) {
  return a < b ? a : b;
}
__forceinline__ unsigned long long ullmax(unsigned long long a, unsigned long long b) {
  return a > b ? a : b;
}

// Macros, because glibc declares functions of these names itself.
#define __expf(x) expf(x)
#define __exp10f(x) exp2f(3.3219280948873623f * (x))
#define __logf(x) logf(x)
#define __log2f(x) log2f(x)
#define __log10f(x) log10f(x)
#define __sinf(x) sinf(x)
#define __cosf(x) cosf(x)
#define __tanf(x) tanf(x)
#define __powf(x, y) powf(x, y)
#define __sincosf(x, s, c) (*(s) = sinf(x), *(c) = cosf(x), (void)0)
#ifndef __USE_GNU
__forceinline__ void sincosf(float x, float* s, float* c) { __sincosf(x, s, c); }
#endif

// An operation that must be rounded by itself, not fused with its neighbour.
__forceinline__ float evotune_rounded(float x) {
  asm("" : "+x"(x));
  return x;
}
__forceinline__ double evotune_rounded(double x) {
  asm("" : "+x"(x));
  return x;
}
__forceinline__ float __fadd_rn(float a, float b) { return evotune_rounded(a + b); }
__forceinline__ float __fsub_rn(float a, float b) { return evotune_rounded(a - b); }
__forceinline__ float __fmul_rn(float a, float b) { return evotune_rounded(a * b); }
__forceinline__ float __fdiv_rn(float a, float b) { return evotune_rounded(a / b); }
__forceinline__ float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
__forceinline__ float __frcp_rn(float x) { return evotune_rounded(1.0f / x); }
__forceinline__ float __fsqrt_rn(float x) { return sqrtf(x); }
__forceinline__ float __frsqrt_rn(float x) { return (float)(1.0 / ::sqrt((double)x)); }
__forceinline__ double __dadd_rn(double a, double b) { return evotune_rounded(a + b); }
__forceinline__ double __dsub_rn(double a, double b) { return evotune_rounded(a - b); }
__forceinline__ double __dmul_rn(double a, double b) { return evotune_rounded(a * b); }
__forceinline__ double __ddiv_rn(double a, double b) { return evotune_rounded(a / b); }
__forceinline__ double __fma_rn(double a, double b, double c) { return ::fma(a, b, c); }
__forceinline__ double __drcp_rn(double x) { return evotune_rounded(1.0 / x); }
__forceinline__ double __dsqrt_rn(double x) { return ::sqrt(x); }

EVOTUNE_CHECKED
