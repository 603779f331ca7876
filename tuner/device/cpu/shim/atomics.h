// Atomics. Relaxed, as CUDA's are. Kernels that use them stay on one core.
#pragma once

#include "qualifiers.h"

EVOTUNE_UNCHECKED

namespace evotune::cpu {
// This machine's atomic instructions are the same for every memory order, so the order says to who
// follows a kernel what the operation is for (access_callbacks.cpp): relaxed for all threads,
// another for those of its block. A compare-and-swap whose failing order is relaxed is the
// kernel's own.
constexpr int for_all = __ATOMIC_RELAXED, for_block = __ATOMIC_ACQ_REL;
constexpr int to_load(int scope) { return scope == for_all ? for_all : __ATOMIC_ACQUIRE; }
constexpr int to_store(int scope) { return scope == for_all ? for_all : __ATOMIC_RELEASE; }

/// What comes before a store that releases: no instruction here, but who follows the kernel is
/// told.
template <int Scope>
__forceinline__ void release() {
  if (Scope == for_all)
    __atomic_thread_fence(__ATOMIC_RELEASE);
  else
    __atomic_signal_fence(__ATOMIC_RELEASE);
}

/// Replaces *p by change(*p) and returns what was there.
template <int Scope = for_all, typename T, typename F>
__forceinline__ T update(T* p, F change) {
  T old, wanted;
  __atomic_load(p, &old, to_load(Scope));
  do {
    wanted = change(old);
  } while (!__atomic_compare_exchange(
      p, &old, &wanted, true, Scope == for_all ? __ATOMIC_SEQ_CST : Scope, __ATOMIC_ACQUIRE));
  return old;
}
}  // namespace evotune::cpu

#define EVOTUNE_INTEGER_ATOMICS(T, SUFFIX, SCOPE)                                              \
  __forceinline__ T atomicAdd##SUFFIX(T* p, T v) { return __atomic_fetch_add(p, v, SCOPE); }   \
  __forceinline__ T atomicAnd##SUFFIX(T* p, T v) { return __atomic_fetch_and(p, v, SCOPE); }   \
  __forceinline__ T atomicOr##SUFFIX(T* p, T v) { return __atomic_fetch_or(p, v, SCOPE); }     \
  __forceinline__ T atomicXor##SUFFIX(T* p, T v) { return __atomic_fetch_xor(p, v, SCOPE); }   \
  __forceinline__ T atomicExch##SUFFIX(T* p, T v) { return __atomic_exchange_n(p, v, SCOPE); } \
  __forceinline__ T atomicCAS##SUFFIX(T* p, T expected, T v) {                                 \
    __atomic_compare_exchange_n(p, &expected, v, false, SCOPE, __ATOMIC_RELAXED);              \
    return expected;                                                                           \
  }                                                                                            \
  __forceinline__ T atomicMin##SUFFIX(T* p, T v) {                                             \
    return evotune::cpu::update<SCOPE>(p, [v](T old) { return v < old ? v : old; });           \
  }                                                                                            \
  __forceinline__ T atomicMax##SUFFIX(T* p, T v) {                                             \
    return evotune::cpu::update<SCOPE>(p, [v](T old) { return v > old ? v : old; });           \
  }
#define EVOTUNE_FLOATING_ATOMICS(T, SUFFIX, SCOPE)                         \
  __forceinline__ T atomicAdd##SUFFIX(T* p, T v) {                         \
    return evotune::cpu::update<SCOPE>(p, [v](T old) { return old + v; }); \
  }                                                                        \
  __forceinline__ T atomicExch##SUFFIX(T* p, T v) {                        \
    return evotune::cpu::update<SCOPE>(p, [v](T) { return v; });           \
  }
// atomicInc counts up and wraps to 0 after `limit`, atomicDec down and to `limit` below 0.
#define EVOTUNE_ATOMICS(SUFFIX, SCOPE)                                                             \
  EVOTUNE_INTEGER_ATOMICS(int, SUFFIX, SCOPE)                                                      \
  EVOTUNE_INTEGER_ATOMICS(unsigned, SUFFIX, SCOPE)                                                 \
  EVOTUNE_INTEGER_ATOMICS(long long, SUFFIX, SCOPE)                                                \
  EVOTUNE_INTEGER_ATOMICS(unsigned long, SUFFIX, SCOPE)                                            \
  EVOTUNE_INTEGER_ATOMICS(unsigned long long, SUFFIX, SCOPE)                                       \
  EVOTUNE_FLOATING_ATOMICS(float, SUFFIX, SCOPE)                                                   \
  EVOTUNE_FLOATING_ATOMICS(double, SUFFIX, SCOPE)                                                  \
  __forceinline__ int atomicSub##SUFFIX(int* p, int v) { return __atomic_fetch_sub(p, v, SCOPE); } \
  __forceinline__ unsigned atomicSub##SUFFIX(unsigned* p, unsigned v) {                            \
    return __atomic_fetch_sub(p, v, SCOPE);                                                        \
  }                                                                                                \
  __forceinline__ unsigned short atomicCAS##SUFFIX(unsigned short* p, unsigned short expected,     \
                                                   unsigned short v) {                             \
    __atomic_compare_exchange_n(p, &expected, v, false, SCOPE, __ATOMIC_RELAXED);                  \
    return expected;                                                                               \
  }                                                                                                \
  __forceinline__ unsigned atomicInc##SUFFIX(unsigned* p, unsigned limit) {                        \
    return evotune::cpu::update<SCOPE>(                                                            \
        p, [limit](unsigned old) { return old >= limit ? 0u : old + 1u; });                        \
  }                                                                                                \
  __forceinline__ unsigned atomicDec##SUFFIX(unsigned* p, unsigned limit) {                        \
    return evotune::cpu::update<SCOPE>(                                                            \
        p, [limit](unsigned old) { return old == 0 || old > limit ? limit : old - 1u; });          \
  }
EVOTUNE_ATOMICS(, evotune::cpu::for_all)
EVOTUNE_ATOMICS(_block, evotune::cpu::for_block)
#undef EVOTUNE_ATOMICS
#undef EVOTUNE_FLOATING_ATOMICS
#undef EVOTUNE_INTEGER_ATOMICS

#define atomicAdd_system atomicAdd
#define atomicSub_system atomicSub
#define atomicExch_system atomicExch
#define atomicMin_system atomicMin
#define atomicMax_system atomicMax
#define atomicInc_system atomicInc
#define atomicDec_system atomicDec
#define atomicCAS_system atomicCAS
#define atomicAnd_system atomicAnd
#define atomicOr_system atomicOr
#define atomicXor_system atomicXor

EVOTUNE_CHECKED
