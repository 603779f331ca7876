// Tensor cores by the warp (sm_80 and later): PTX on a GPU, the same in C++ on the CPU device, side
// by side. All 32 lanes call together.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#ifdef EVOTUNE_CPU_DEVICE
#include <tensor_operations.h>
#endif

namespace evotune {

/// 8×8 matrices of 16-bit elements from shared memory: lane l names row l % 8 of matrix l / 8 (16
/// bytes, aligned), and gets elements 2·(l % 4) and the next of row l / 4 of each.
__device__ __forceinline__ void load_matrix(unsigned (&to)[1], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<1, false>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];"
               : "=r"(to[0])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}
__device__ __forceinline__ void load_matrix(unsigned (&to)[2], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<2, false>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
               : "=r"(to[0]), "=r"(to[1])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}
__device__ __forceinline__ void load_matrix(unsigned (&to)[4], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<4, false>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}
/// The same of the transposed matrices.
__device__ __forceinline__ void load_matrix_transposed(unsigned (&to)[1], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<1, true>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];"
               : "=r"(to[0])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}
__device__ __forceinline__ void load_matrix_transposed(unsigned (&to)[2], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<2, true>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
               : "=r"(to[0]), "=r"(to[1])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}
__device__ __forceinline__ void load_matrix_transposed(unsigned (&to)[4], const void* row) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::load_matrices<4, true>(to, row);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(static_cast<unsigned>(__cvta_generic_to_shared(row)))
               : "memory");
#endif
}

/// c += a · b of 16×16, 16×8 and 16×8: half factors, float sums.
__device__ __forceinline__ void mma_m16n8k16(float (&c)[4], const unsigned (&a)[4],
                                             const unsigned (&b)[2]) {
#ifdef EVOTUNE_CPU_DEVICE
  unsigned sums[4];
  for (int i = 0; i < 4; ++i) sums[i] = __float_as_uint(c[i]);
  cpu::mma_16x8<16, cpu::F16, cpu::F16, float, false>(sums, a, b, sums);
  for (int i = 0; i < 4; ++i) c[i] = __uint_as_float(sums[i]);
#else
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}
/// Half factors, half sums: two to a word.
__device__ __forceinline__ void mma_m16n8k16(unsigned (&c)[2], const unsigned (&a)[4],
                                             const unsigned (&b)[2]) {
#ifdef EVOTUNE_CPU_DEVICE
  cpu::mma_16x8<16, cpu::F16, cpu::F16, float, true>(c, a, b, c);
#else
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0, %1}, {%2, %3, %4, %5}, {%6, %7}, "
      "{%0, %1};"
      : "+r"(c[0]), "+r"(c[1])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}
/// bfloat16 factors, float sums.
__device__ __forceinline__ void mma_m16n8k16_bf16(float (&c)[4], const unsigned (&a)[4],
                                                  const unsigned (&b)[2]) {
#ifdef EVOTUNE_CPU_DEVICE
  unsigned sums[4];
  for (int i = 0; i < 4; ++i) sums[i] = __float_as_uint(c[i]);
  cpu::mma_16x8<16, cpu::Bf16, cpu::Bf16, float, false>(sums, a, b, sums);
  for (int i = 0; i < 4; ++i) c[i] = __uint_as_float(sums[i]);
#else
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

}  // namespace evotune
