// CUDA's keywords and built-in variables. `__noinline__` is missing on purpose: as a macro it would
// break libstdc++, which says __attribute__((__noinline__)), so the rewriter translates it.
#pragma once

#include "abi.h"

#define __NVCC__ 1
#define __CUDACC__ 1
#define __CUDA_ARCH__ 800
#define EVOTUNE_CPU_DEVICE 1

#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 4
#define CUDART_VERSION 12040
#define CUDA_VERSION 12040

#define __global__
#define __device__
#define __host__
#define __managed__
#define __grid_constant__
#define __launch_bounds__(...)
#define __maxnreg__(...)
// OpenCL's, which kernels for both languages keep: nvcc knows them not, clang++ where they are
// wrong.
#define reqd_work_group_size(...)
#define work_group_size_hint(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#define __builtin_align__(n) __attribute__((aligned(n)))

// One block runs at a time in an image, so a block's shared memory can be a static of the function.
#define __shared__ static
// Filled from outside: "used" keeps the compiler from folding a variable that nobody here writes,
// "retain" keeps the linker from dropping it.
#define __constant__ __attribute__((used, retain))

// What stands in a kernel's source uses no names but our own, because "thread" and "dim" may be its
// macros.
#define threadIdx (evotune_thread_index())
#define blockIdx (evotune_block_index())
#define blockDim (evotune_block_dim())
#define gridDim (evotune_grid_dim())
static const int warpSize = 32;

// The caller's line, for "threads 0..31 wait in __syncthreads, line 12".
#define EVOTUNE_LINE int line = __builtin_LINE()

// Between these, clang++ does not check alignments and subscripts: in the shim they are right, and
// they would cost collectives a third.
#ifdef __clang__
#define EVOTUNE_UNCHECKED \
  _Pragma("clang attribute push(__attribute__((no_sanitize(\"undefined\"))),apply_to=function)")
#define EVOTUNE_CHECKED _Pragma("clang attribute pop")
#else
#define EVOTUNE_UNCHECKED
#define EVOTUNE_CHECKED
#endif

// Bookkeeping of the shim's own, in memory that a check of the kernel's accesses must not look at.
#define EVOTUNE_UNSEEN __attribute__((noinline, unused, no_sanitize("thread")))

// What is compiled now can be observed.
#if defined(__SANITIZE_THREAD__)
#define EVOTUNE_OBSERVED
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define EVOTUNE_OBSERVED
#endif
#endif

#ifndef __clang__
#define __builtin_assume(condition) ((void)sizeof(!(condition)))
#endif

namespace evotune::cpu {
/// What barriers for a part of the block tell who follows a kernel.
__forceinline__ void arrived([[maybe_unused]] const void* barrier,
                             [[maybe_unused]] unsigned phase) {
#ifdef EVOTUNE_OBSERVED
  evotune_arrived(barrier, phase);
#endif
}
__forceinline__ void passed([[maybe_unused]] const void* barrier, [[maybe_unused]] unsigned phase) {
#ifdef EVOTUNE_OBSERVED
  evotune_passed(barrier, phase);
#endif
}
}  // namespace evotune::cpu

__forceinline__ const evotune::cpu::Index& evotune_thread_index() { return evotune_self->thread; }
__forceinline__ const evotune::cpu::Index& evotune_block_index() {
  return evotune_self->block->index;
}
__forceinline__ const evotune::cpu::Index& evotune_block_dim() { return evotune_self->block->dim; }
__forceinline__ const evotune::cpu::Index& evotune_grid_dim() { return evotune_self->block->grid; }
__forceinline__ void* evotune_dynamic_shared() { return evotune_self->block->dynamic_shared; }
