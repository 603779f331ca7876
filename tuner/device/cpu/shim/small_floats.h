// Conversions of half and bfloat16, by their bits. Round to nearest even, subnormals kept, a NaN
// stays a NaN.
#pragma once

#include <stdint.h>

#include "integer_functions.h"

EVOTUNE_UNCHECKED

#if !defined(EVOTUNE_SOFTWARE_HALF) && defined(__F16C__)
#if defined(__clang__)
#define EVOTUNE_NATIVE_HALF __fp16
#elif __GNUC__ >= 12
#define EVOTUNE_NATIVE_HALF _Float16
#endif
#endif

namespace evotune::cpu {

__forceinline__ float half_to_float(uint16_t bits) {
#ifdef EVOTUNE_NATIVE_HALF
  EVOTUNE_NATIVE_HALF half;
  __builtin_memcpy(&half, &bits, sizeof half);
  return (float)half;
#else
  const uint32_t sign = (uint32_t)(bits & 0x8000u) << 16;
  const uint32_t exponent = (bits >> 10) & 31u, fraction = bits & 1023u;
  if (exponent == 31) return same_bits<float>(sign | 0x7f800000u | (fraction << 13));
  if (exponent != 0) return same_bits<float>(sign | ((exponent + 112u) << 23) | (fraction << 13));
  const float magnitude = (float)fraction * 5.9604644775390625e-8f;  // 2^-24, exact
  return same_bits<float>(sign | same_bits<uint32_t>(magnitude));
#endif
}

__forceinline__ uint16_t float_to_half(float value) {
#ifdef EVOTUNE_NATIVE_HALF
  const EVOTUNE_NATIVE_HALF half = (EVOTUNE_NATIVE_HALF)value;
  uint16_t bits;
  __builtin_memcpy(&bits, &half, sizeof bits);
  return bits;
#else
  uint32_t x = same_bits<uint32_t>(value);
  const uint16_t sign = (uint16_t)((x >> 16) & 0x8000u);
  x &= 0x7fffffffu;
  if (x > 0x7f800000u) return sign | 0x7fffu;
  if (x >= 0x477ff000u) return sign | 0x7c00u;  // 65520 and more
  if (x < 0x38800000u)  // subnormal: adding 0.5 lets the adder round at the right bit
    return sign | (uint16_t)(same_bits<uint32_t>(same_bits<float>(x) + 0.5f) - 0x3f000000u);
  return sign | (uint16_t)((x + 0xc8000fffu + ((x >> 13) & 1u)) >> 13);
#endif
}

__forceinline__ float bfloat16_to_float(uint16_t bits) {
  return same_bits<float>((uint32_t)bits << 16);
}

__forceinline__ uint16_t float_to_bfloat16(float value) {
  const uint32_t x = same_bits<uint32_t>(value);
  if ((x & 0x7fffffffu) > 0x7f800000u) return 0x7fffu;
  return (uint16_t)((x + 0x7fffu + ((x >> 16) & 1u)) >> 16);
}

/// `sum + rest`, |rest| far below |sum|, as a float whose last bit is set when it is inexact: what
/// rounds this again to 22 bits or fewer gets what one rounding of the exact value gives.
__forceinline__ float rounded_to_odd(double sum, double rest) {
  const float nearest = (float)sum;
  const double back = (double)nearest;
  if (back == sum && rest == 0) return nearest;
  if (!(back - back == 0)) return nearest;  // infinite or NaN
  const double above = back != sum ? back - sum : -rest;
  uint32_t bits = same_bits<uint32_t>(nearest);
  const bool negative = (bits >> 31) != 0;
  if ((bits & 0x7fffffffu) != 0 && (above > 0) != negative) --bits;  // towards zero
  return same_bits<float>(bits | 1u);
}

/// a·b + c for factors of 11 bits or fewer, whose product a double holds exactly.
__forceinline__ float fma_to_odd(float a, float b, float c) {
  const double product = (double)a * (double)b, addend = (double)c;
  const double sum = product + addend;
  if (!(sum - sum == 0)) return (float)sum;
  const double part = sum - product;  // Knuth's two-sum: sum + rest is exact
  const double rest = (product - (sum - part)) + (addend - part);
  return rounded_to_odd(sum, rest);
}

}  // namespace evotune::cpu

EVOTUNE_CHECKED
