// What <cuda/barrier>, <cuda/pipeline> and <cuda/atomic> share.
#pragma once

#include "../async_copies.h"
#include "../collectives.h"
#include "../evotune_cuda.h"

EVOTUNE_UNCHECKED

namespace cuda {

enum thread_scope {
  thread_scope_system,
  thread_scope_device,
  thread_scope_block,
  thread_scope_thread
};

/// A number of bytes, with the alignment of both ends.
template <size_t Alignment>
struct aligned_size_t {
  static constexpr size_t align = Alignment;
  size_t value;
  __forceinline__ explicit constexpr aligned_size_t(size_t bytes) : value(bytes) {}
  __forceinline__ constexpr operator size_t() const { return value; }
};

/// Each thread of the group copies its share.
template <typename Group>
__forceinline__ void copy_shares(const Group& group, void* to, const void* from, size_t bytes,
                                 bool at_once = true) {
  for (size_t at = 16 * (size_t)group.thread_rank(); at < bytes; at += 16 * (size_t)group.size())
    evotune::cpu::copy_async((char*)to + at, (const char*)from + at,
                             (unsigned)(bytes - at < 16 ? bytes - at : 16), 0, at_once);
}

}  // namespace cuda

EVOTUNE_CHECKED
