// The pipeline primitives: asynchronous copies by the thread.
#pragma once

#include "async_copies.h"

EVOTUNE_UNCHECKED

__forceinline__ void __pipeline_memcpy_async(void* to, const void* from, size_t bytes,
                                             size_t zeros = 0, EVOTUNE_LINE) {
  if (bytes != 4 && bytes != 8 && bytes != 16)
    evotune_trap("__pipeline_memcpy_async copies 4, 8 or 16 bytes", line);
  if ((((size_t)to | (size_t)from) & (bytes - 1)) != 0)
    evotune_trap("misaligned __pipeline_memcpy_async", line);
  evotune::cpu::copy_async(to, from, (unsigned)(bytes - zeros), (unsigned)zeros);
}
__forceinline__ void __pipeline_commit() { evotune::cpu::commit_copies(); }
__forceinline__ void __pipeline_wait_prior(size_t latest) {
  evotune::cpu::wait_copies((unsigned)latest);
}

EVOTUNE_CHECKED
