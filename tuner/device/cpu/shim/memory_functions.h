// Cache hints (plain loads and stores here), fences, and ways to give up.
#pragma once

#include "qualifiers.h"

EVOTUNE_UNCHECKED

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

// A shared-memory address of 32 bits, as PTX has it: 0x20000000 is the page in which the dynamic
// shared memory begins, 0xc0000000 is in the middle of the image's own variables. Pages stay
// pages, so that addresses can be swizzled.
namespace evotune::cpu {
static char image_anchor;
constexpr uint32_t dynamic_origin = 0x20000000u, static_origin = 0xc0000000u, reach = 0x1fffffffu;

extern "C" __attribute__((visibility("hidden"))) char __bss_start[], _end[];

/// Static shared variables are among the image's that begin as zeros; behind dynamic shared memory
/// nothing else lies for a while.
__forceinline__ bool is_shared(const void* p) {
  const uintptr_t dynamic = (uintptr_t)p - (uintptr_t)evotune_self->block->dynamic_shared;
  return (p >= __bss_start && p < _end) || dynamic < (1u << 20);
}

__forceinline__ uintptr_t page_of(const void* p) { return (uintptr_t)p & ~(uintptr_t)4095; }
__forceinline__ uint32_t shared_address(const void* p) {
  const uintptr_t dynamic = (uintptr_t)p - page_of(evotune_self->block->dynamic_shared) + reach;
  if (dynamic < 2ull * reach) return (uint32_t)(dynamic - reach) + dynamic_origin;
  return (uint32_t)((uintptr_t)p - page_of(&image_anchor)) + static_origin;
}
__forceinline__ void* shared_pointer(uint32_t address) {
  if (address < 0x40000000u)
    return (void*)(page_of(evotune_self->block->dynamic_shared) + address - dynamic_origin);
  return (void*)(page_of(&image_anchor) + (uintptr_t)(int32_t)(address - static_origin));
}
}  // namespace evotune::cpu

__forceinline__ size_t __cvta_generic_to_shared(const void* p) {
  return evotune::cpu::shared_address(p);
}
__forceinline__ void* __cvta_shared_to_generic(size_t address) {
  return evotune::cpu::shared_pointer((uint32_t)address);
}
__forceinline__ size_t __cvta_generic_to_global(const void* p) { return (size_t)p; }
__forceinline__ void* __cvta_global_to_generic(size_t address) { return (void*)address; }

__forceinline__ void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
__forceinline__ void __threadfence_block() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
__forceinline__ void __threadfence_system() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

__forceinline__ void __trap(EVOTUNE_LINE) { evotune_trap("__trap() was called", line); }
__forceinline__ void __nanosleep(unsigned) {}
__forceinline__ void __brkpt() {}
__forceinline__ void __prof_trigger(int) {}
#define __pm0() ((void)0)
#define __pm1() ((void)0)
#define __pm2() ((void)0)
#define __pm3() ((void)0)
__forceinline__ long long clock64() { return (long long)__builtin_ia32_rdtsc(); }
__forceinline__ unsigned long long __globaltimer() { return __builtin_ia32_rdtsc(); }

EVOTUNE_CHECKED
