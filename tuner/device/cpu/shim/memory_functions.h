// Cache hints (plain loads and stores here), fences, and ways to give up.
#pragma once

#include "qualifiers.h"

template <typename T>
__forceinline__ T __ldg(const T* p) {
  return *p;
}
template <typename T>
__forceinline__ T __ldca(const T* p) {
  return *p;
}
template <typename T>
__forceinline__ T __ldcg(const T* p) {
  return *p;
}
template <typename T>
__forceinline__ T __ldcs(const T* p) {
  return *p;
}
template <typename T>
__forceinline__ T __ldlu(const T* p) {
  return *p;
}
template <typename T>
__forceinline__ T __ldcv(const T* p) {
  return *(const volatile T*)p;
}
template <typename T>
__forceinline__ void __stwb(T* p, T value) {
  *p = value;
}
template <typename T>
__forceinline__ void __stcg(T* p, T value) {
  *p = value;
}
template <typename T>
__forceinline__ void __stcs(T* p, T value) {
  *p = value;
}
template <typename T>
__forceinline__ void __stwt(T* p, T value) {
  *p = value;
}

__forceinline__ void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
__forceinline__ void __threadfence_block() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
__forceinline__ void __threadfence_system() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

__forceinline__ void __trap(EVOTUNE_LINE) { evotune_trap("__trap() was called", line); }
__forceinline__ void __nanosleep(unsigned) {}
__forceinline__ long long clock64() { return (long long)__builtin_ia32_rdtsc(); }
