// Asynchronous copies from global to shared memory (cp.async, sm_80 and later): PTX on a GPU, the
// same in C++ on the CPU device, side by side.
#pragma once

#ifdef EVOTUNE_CPU_DEVICE
#include <async_copies.h>
#endif

namespace evotune {

/// Copies `Bytes` (4, 8 or 16), both ends aligned to them. Of 16, L1 is passed by.
template <int Bytes>
__device__ __forceinline__ void copy_async(void* shared, const void* global) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "cp.async copies 4, 8 or 16 bytes");
#ifdef EVOTUNE_CPU_DEVICE
  cpu::copy_async(shared, global, Bytes);
#else
  const unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  if (Bytes == 16)
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global) : "memory");
  else
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(to), "l"(global), "n"(Bytes)
                 : "memory");
#endif
}

/// The copies since the last call become a group.
__device__ __forceinline__ void commit_copies() {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::commit_copies();
#else
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/// Waits for this thread's copies, but for those of the last `Latest` groups. A barrier makes them
/// visible to other threads.
template <int Latest>
__device__ __forceinline__ void wait_copies() {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::wait_copies(Latest);
#else
  asm volatile("cp.async.wait_group %0;" ::"n"(Latest) : "memory");
#endif
}

}  // namespace evotune
