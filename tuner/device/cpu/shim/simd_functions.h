// SIMD within a word: two halves or four bytes of an unsigned at a time. Included where a kernel
// names one of them.
#pragma once

#include <stdint.h>

#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {

/// Acts on each part of type T of the words' bits; results wrap as T does.
template <typename T, typename F>
__forceinline__ unsigned each_part(unsigned a, unsigned b, F act) {
  constexpr int bits = 8 * (int)sizeof(T);
  constexpr unsigned mask = (1u << bits) - 1u;
  unsigned result = 0;
  for (int at = 0; at < 32; at += bits)
    result |= ((unsigned)act((int)(T)(a >> at), (int)(T)(b >> at)) & mask) << at;
  return result;
}
template <typename T>
__forceinline__ int saturated(int x) {
  constexpr int lowest = (T)-1 < 0 ? -(1 << (8 * sizeof(T) - 1)) : 0;
  constexpr int highest = lowest < 0 ? -lowest - 1 : (1 << (8 * sizeof(T))) - 1;
  return x < lowest ? lowest : x > highest ? highest : x;
}
template <typename T, typename F>
__forceinline__ unsigned sum_of_parts(unsigned a, unsigned b, F act) {
  unsigned sum = 0;
  for (int at = 0; at < 32; at += 8 * (int)sizeof(T))
    sum += (unsigned)act((int)(T)(a >> at), (int)(T)(b >> at));
  return sum;
}

}  // namespace evotune::cpu

#define EVOTUNE_PARTS(name, T, value)                                        \
  __forceinline__ unsigned name(unsigned left, unsigned right) {             \
    return evotune::cpu::each_part<T>(left, right, [](int a, int b) -> int { \
      (void)b;                                                               \
      return value;                                                          \
    });                                                                      \
  }
#define EVOTUNE_PART(name, T, value)                                                     \
  __forceinline__ unsigned name(unsigned word) {                                         \
    return evotune::cpu::each_part<T>(word, 0, [](int a, int) -> int { return value; }); \
  }
#define EVOTUNE_COMPARED(suffix, T, op, width)             \
  EVOTUNE_PARTS(__vcmp##suffix##width, T, a op b ? -1 : 0) \
  EVOTUNE_PARTS(__vset##suffix##width, T, a op b ? 1 : 0)
#define EVOTUNE_WIDTH(S, U, width)                                                            \
  EVOTUNE_PARTS(__vadd##width, U, a + b)                                                      \
  EVOTUNE_PARTS(__vsub##width, U, a - b)                                                      \
  EVOTUNE_PARTS(__vaddss##width, S, evotune::cpu::saturated<S>(a + b))                        \
  EVOTUNE_PARTS(__vaddus##width, U, evotune::cpu::saturated<U>(a + b))                        \
  EVOTUNE_PARTS(__vsubss##width, S, evotune::cpu::saturated<S>(a - b))                        \
  EVOTUNE_PARTS(__vsubus##width, U, evotune::cpu::saturated<U>(a - b))                        \
  EVOTUNE_PARTS(__vmins##width, S, a < b ? a : b)                                             \
  EVOTUNE_PARTS(__vminu##width, U, a < b ? a : b)                                             \
  EVOTUNE_PARTS(__vmaxs##width, S, a > b ? a : b)                                             \
  EVOTUNE_PARTS(__vmaxu##width, U, a > b ? a : b)                                             \
  EVOTUNE_PARTS(__vavgs##width, S, (a + b + (a + b >= 0)) >> 1)                               \
  EVOTUNE_PARTS(__vavgu##width, U, (a + b + 1) >> 1)                                          \
  EVOTUNE_PARTS(__vhaddu##width, U, (a + b) >> 1)                                             \
  EVOTUNE_PARTS(__vabsdiffs##width, S, a > b ? a - b : b - a)                                 \
  EVOTUNE_PARTS(__vabsdiffu##width, U, a > b ? a - b : b - a)                                 \
  EVOTUNE_PART(__vabs##width, S, a < 0 ? -a : a)                                              \
  EVOTUNE_PART(__vabsss##width, S, evotune::cpu::saturated<S>(a < 0 ? -a : a))                \
  EVOTUNE_PART(__vneg##width, S, -a)                                                          \
  EVOTUNE_PART(__vnegss##width, S, evotune::cpu::saturated<S>(-a))                            \
  EVOTUNE_COMPARED(eq, U, ==, width)                                                          \
  EVOTUNE_COMPARED(ne, U, !=, width)                                                          \
  EVOTUNE_COMPARED(gts, S, >, width)                                                          \
  EVOTUNE_COMPARED(gtu, U, >, width)                                                          \
  EVOTUNE_COMPARED(ges, S, >=, width)                                                         \
  EVOTUNE_COMPARED(geu, U, >=, width)                                                         \
  EVOTUNE_COMPARED(lts, S, <, width)                                                          \
  EVOTUNE_COMPARED(ltu, U, <, width)                                                          \
  EVOTUNE_COMPARED(les, S, <=, width)                                                         \
  EVOTUNE_COMPARED(leu, U, <=, width)                                                         \
  __forceinline__ unsigned __vsads##width(unsigned left, unsigned right) {                    \
    return evotune::cpu::sum_of_parts<S>(left, right,                                         \
                                         [](int a, int b) { return a > b ? a - b : b - a; }); \
  }                                                                                           \
  __forceinline__ unsigned __vsadu##width(unsigned left, unsigned right) {                    \
    return evotune::cpu::sum_of_parts<U>(left, right,                                         \
                                         [](int a, int b) { return a > b ? a - b : b - a; }); \
  }
EVOTUNE_WIDTH(int16_t, uint16_t, 2)
EVOTUNE_WIDTH(int8_t, uint8_t, 4)
#undef EVOTUNE_WIDTH
#undef EVOTUNE_COMPARED
#undef EVOTUNE_PART

namespace evotune::cpu {
template <typename T>
__forceinline__ T lesser(T a, T b) {
  return b < a ? b : a;
}
template <typename T>
__forceinline__ T greater(T a, T b) {
  return b > a ? b : a;
}
}  // namespace evotune::cpu

// The DPX family: minima and maxima of two, of three, and of a sum; _relu: at least 0.
#define EVOTUNE_DPX_WORD(T, type, pick, name)                     \
  __forceinline__ T __vi##name##3_##type(T a, T b, T c) {         \
    return evotune::cpu::pick(evotune::cpu::pick(a, b), c);       \
  }                                                               \
  __forceinline__ T __viadd##name##_##type(T a, T b, T c) {       \
    return evotune::cpu::pick((T)((unsigned)a + (unsigned)b), c); \
  }                                                               \
  __forceinline__ T __vib##name##_##type(T a, T b, bool* first) { \
    *first = evotune::cpu::pick(a, b) == a;                       \
    return evotune::cpu::pick(a, b);                              \
  }
EVOTUNE_DPX_WORD(int, s32, lesser, min)
EVOTUNE_DPX_WORD(int, s32, greater, max)
EVOTUNE_DPX_WORD(unsigned, u32, lesser, min)
EVOTUNE_DPX_WORD(unsigned, u32, greater, max)
#undef EVOTUNE_DPX_WORD
#define EVOTUNE_DPX_RELU(pick, name)                                  \
  __forceinline__ int __vi##name##_s32_relu(int a, int b) {           \
    return evotune::cpu::greater(evotune::cpu::pick(a, b), 0);        \
  }                                                                   \
  __forceinline__ int __vi##name##3_s32_relu(int a, int b, int c) {   \
    return evotune::cpu::greater(__vi##name##3_s32(a, b, c), 0);      \
  }                                                                   \
  __forceinline__ int __viadd##name##_s32_relu(int a, int b, int c) { \
    return evotune::cpu::greater(__viadd##name##_s32(a, b, c), 0);    \
  }
EVOTUNE_DPX_RELU(lesser, min)
EVOTUNE_DPX_RELU(greater, max)
#undef EVOTUNE_DPX_RELU
#define EVOTUNE_DPX_PAIR(width, T, pick, name, type)                                    \
  __forceinline__ unsigned __vi##name##3_##type(unsigned a, unsigned b, unsigned c) {   \
    return __v##pick##width##2(__v##pick##width##2(a, b), c);                           \
  }                                                                                     \
  __forceinline__ unsigned __viadd##name##_##type(unsigned a, unsigned b, unsigned c) { \
    return __v##pick##width##2(__vadd2(a, b), c);                                       \
  }
EVOTUNE_DPX_PAIR(s, int16_t, min, min, s16x2)
EVOTUNE_DPX_PAIR(s, int16_t, max, max, s16x2)
EVOTUNE_DPX_PAIR(u, uint16_t, min, min, u16x2)
EVOTUNE_DPX_PAIR(u, uint16_t, max, max, u16x2)
#undef EVOTUNE_DPX_PAIR
#define EVOTUNE_DPX_PAIR_RELU(pick)                                                         \
  __forceinline__ unsigned __vi##pick##_s16x2_relu(unsigned a, unsigned b) {                \
    return __vmaxs2(__v##pick##s2(a, b), 0);                                                \
  }                                                                                         \
  __forceinline__ unsigned __vi##pick##3_s16x2_relu(unsigned a, unsigned b, unsigned c) {   \
    return __vmaxs2(__vi##pick##3_s16x2(a, b, c), 0);                                       \
  }                                                                                         \
  __forceinline__ unsigned __viadd##pick##_s16x2_relu(unsigned a, unsigned b, unsigned c) { \
    return __vmaxs2(__viadd##pick##_s16x2(a, b, c), 0);                                     \
  }
EVOTUNE_DPX_PAIR_RELU(min)
EVOTUNE_DPX_PAIR_RELU(max)
#undef EVOTUNE_DPX_PAIR_RELU
#undef EVOTUNE_PARTS

EVOTUNE_CHECKED
