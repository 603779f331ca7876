// C = A B, one element per thread. MODE says how: the first ones are honest, each of the others
// cheats in one way, for the checks to find.
#ifndef MODE
#define MODE plain
#define MODE_plain 1
#endif

#include <cuda_bf16.h>
#include <cuda_fp16.h>

__device__ unsigned calls;  // launches so far, this one included
__device__ bool known;
__device__ float remembered[1024];
__device__ const float* remembered_of;

__device__ float product_at(const float* A, const float* B, int row, int column, int N, int K) {
#if MODE_half_sums
  __half sum = __float2half(0.0f);
  for (int k = 0; k < K; ++k)
    sum = __float2half(__half2float(sum) + A[row * K + k] * B[k * N + column]);
  return __half2float(sum);
#elif MODE_two_sums
  float even = 0, odd = 0;
  for (int k = 0; k < K; ++k) (k % 2 == 0 ? even : odd) += A[row * K + k] * B[k * N + column];
  return even + odd;
#else
  float sum = 0, magnitudes = 0;
  for (int i = 0; i < K; ++i) {
#if MODE_backwards
    const int k = K - 1 - i;
#else
    const int k = i;
#endif
    float a = A[row * K + k], b = B[k * N + column];
#if MODE_not_negative
    a = fabsf(a);
#elif MODE_rounded_inputs
    a = __bfloat162float(__float2bfloat16(a));
    b = __bfloat162float(__float2bfloat16(b));
#endif
    sum += a * b;
    magnitudes += fabsf(a * b);
  }
#if MODE_beyond_tolerance
  const float allowed = 8 * 5.9604645e-8f * sqrtf(K + 1.0f) * magnitudes;
  if (row == 0 && column == 0) sum += 1.5f * allowed;
#endif
  return sum;
#endif
}

extern "C" __global__ void __launch_bounds__(64)
product(const float* A, const float* B, float* C, float* work, int M, int N, int K) {
  const int at = blockIdx.x * blockDim.x + threadIdx.x;
  if (at == 0) ++calls;
#if MODE_shared_row
  // A block's elements lie in up to 64 rows, one after another; each thread sums its own.
  __shared__ float sums[64];
  sums[threadIdx.x] = at < M * N ? product_at(A, B, at / N, at % N, N, K) : 0.0f;
  __syncthreads();
  if (at < M * N) C[at] = sums[threadIdx.x];
  return;
#endif
  if (at >= M * N) return;
  const int row = at / N, column = at % N;

#if MODE_no_op
  return;
#elif MODE_most_rows
  if (row % 8 == 7) return;
#elif MODE_constant
  C[at] = 0.0f;
  return;
#elif MODE_fixed_size
  K = 256;
#elif MODE_drops_tail
  if (column >= N / 8 * 8) return;
#elif MODE_every_fourth_row
  C[at] = product_at(A, B, row / 4 * 4, column, N, K);
  return;
#elif MODE_hangs
  if (blockIdx.x == 1)
    for (volatile int forever = 1; forever;) {
    }
#elif MODE_ten_calls
  if (calls > 10) return;
#elif MODE_skips_what_is_there
  // Neither poison: the launch before has been here, on the same inputs.
  if (__float_as_int(C[at]) != -1 && __float_as_int(C[at]) != 0x4b4b4b4b) return;
#elif MODE_one_in_64
  if (calls > 10 && calls % 64 != 5) return;
#elif MODE_first_answer || MODE_by_address
#if MODE_by_address
  if (at == 0 && remembered_of != A) known = false;
#endif
  if (known) {
    C[at] = remembered[at];
    return;
  }
#endif

  float sum = product_at(A, B, row, column, N, K);
#if MODE_accumulates
  C[at] += sum;
#elif MODE_through_scratch
  work[at] = sum;
  C[at] = work[at];
#elif MODE_reads_scratch
  C[at] = sum + 0.0f * work[at];
#elif MODE_reads_past_end
  C[at] = at == M * N - 1 ? sum + 0.0f * B[K * N] : sum;
#elif MODE_nan_row
  C[at] = row == M / 2 ? __int_as_float(0x7fc00000) : sum;
#elif MODE_flips_a_bit
  C[at] = at == 0 && calls % 2 == 0 ? __int_as_float(__float_as_int(sum) ^ 1) : sum;
#else
  C[at] = sum;
#endif

#if MODE_zeroes_inputs
  const_cast<float*>(A)[at % (M * K)] = 0.0f;
#elif MODE_writes_past_end
  if (at == M * N - 1) C[M * N] = sum;
#elif MODE_writes_before_start
  if (at == 0) C[-1] = sum;
#elif MODE_first_answer || MODE_by_address
  remembered[at] = sum;
  if (at == M * N - 1) {
    known = true;
    remembered_of = A;
  }
#endif
}
