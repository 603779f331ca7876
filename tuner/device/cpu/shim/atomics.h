// Atomics. Relaxed, as CUDA's are. Kernels that use them stay on one core.
#pragma once

#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {
/// Replaces *p by change(*p) and returns what was there.
template <typename T, typename F>
__forceinline__ T update(T* p, F change) {
  T old, wanted;
  __atomic_load(p, &old, __ATOMIC_RELAXED);
  do {
    wanted = change(old);
  } while (!__atomic_compare_exchange(p, &old, &wanted, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return old;
}
}  // namespace evotune::cpu

#define EVOTUNE_INTEGER_ATOMICS(T)                                                                \
  __forceinline__ T atomicAdd(T* p, T v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }   \
  __forceinline__ T atomicAnd(T* p, T v) { return __atomic_fetch_and(p, v, __ATOMIC_RELAXED); }   \
  __forceinline__ T atomicOr(T* p, T v) { return __atomic_fetch_or(p, v, __ATOMIC_RELAXED); }     \
  __forceinline__ T atomicXor(T* p, T v) { return __atomic_fetch_xor(p, v, __ATOMIC_RELAXED); }   \
  __forceinline__ T atomicExch(T* p, T v) { return __atomic_exchange_n(p, v, __ATOMIC_RELAXED); } \
  __forceinline__ T atomicCAS(T* p, T expected, T v) {                                            \
    __atomic_compare_exchange_n(p, &expected, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);      \
    return expected;                                                                              \
  }                                                                                               \
  __forceinline__ T atomicMin(T* p, T v) {                                                        \
    return evotune::cpu::update(p, [v](T old) { return v < old ? v : old; });                     \
  }                                                                                               \
  __forceinline__ T atomicMax(T* p, T v) {                                                        \
    return evotune::cpu::update(p, [v](T old) { return v > old ? v : old; });                     \
  }
EVOTUNE_INTEGER_ATOMICS(int)
EVOTUNE_INTEGER_ATOMICS(unsigned)
EVOTUNE_INTEGER_ATOMICS(long long)
EVOTUNE_INTEGER_ATOMICS(unsigned long)
EVOTUNE_INTEGER_ATOMICS(unsigned long long)
#undef EVOTUNE_INTEGER_ATOMICS

__forceinline__ int atomicSub(int* p, int v) { return __atomic_fetch_sub(p, v, __ATOMIC_RELAXED); }
__forceinline__ unsigned atomicSub(unsigned* p, unsigned v) {
  return __atomic_fetch_sub(p, v, __ATOMIC_RELAXED);
}
__forceinline__ unsigned short atomicCAS(unsigned short* p, unsigned short expected,
                                         unsigned short v) {
  __atomic_compare_exchange_n(p, &expected, v, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return expected;
}
/// Counts up and wraps to 0 after `limit`.
__forceinline__ unsigned atomicInc(unsigned* p, unsigned limit) {
  return evotune::cpu::update(p, [limit](unsigned old) { return old >= limit ? 0u : old + 1u; });
}
/// Counts down and wraps to `limit` below 0.
__forceinline__ unsigned atomicDec(unsigned* p, unsigned limit) {
  return evotune::cpu::update(
      p, [limit](unsigned old) { return old == 0 || old > limit ? limit : old - 1u; });
}

#define EVOTUNE_FLOATING_ATOMICS(T)                                 \
  __forceinline__ T atomicAdd(T* p, T v) {                          \
    return evotune::cpu::update(p, [v](T old) { return old + v; }); \
  }                                                                 \
  __forceinline__ T atomicExch(T* p, T v) {                         \
    return evotune::cpu::update(p, [v](T) { return v; });           \
  }
EVOTUNE_FLOATING_ATOMICS(float)
EVOTUNE_FLOATING_ATOMICS(double)
#undef EVOTUNE_FLOATING_ATOMICS

// Scopes make no difference where one block runs at a time.
#define atomicAdd_block atomicAdd
#define atomicAdd_system atomicAdd
#define atomicSub_block atomicSub
#define atomicSub_system atomicSub
#define atomicExch_block atomicExch
#define atomicExch_system atomicExch
#define atomicMin_block atomicMin
#define atomicMin_system atomicMin
#define atomicMax_block atomicMax
#define atomicMax_system atomicMax
#define atomicInc_block atomicInc
#define atomicInc_system atomicInc
#define atomicDec_block atomicDec
#define atomicDec_system atomicDec
#define atomicCAS_block atomicCAS
#define atomicCAS_system atomicCAS
#define atomicAnd_block atomicAnd
#define atomicAnd_system atomicAnd
#define atomicOr_block atomicOr
#define atomicOr_system atomicOr
#define atomicXor_block atomicXor
#define atomicXor_system atomicXor

EVOTUNE_CHECKED
