// half and bfloat16: conversions, operators, pairs, comparisons, atomics.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

extern "C" __global__ void half_operators(const float* in, float* out) {
  const half a = __float2half(in[threadIdx.x] * 0.25f), b = half(1.5f);
  half c = a * b + b;
  c -= half(0.5f);
  c = __hfma(c, b, -a);
  out[threadIdx.x] = __half2float(__hmax(c, __hadd(a, b))) + (a > b ? 1.0f : 0.0f) + float(__habs(a)) +
                     (__hlt(a, b) ? 10.0f : 0.0f) + __half2float(hsqrt(b)) + (__hisnan(a) ? 100.0f : 0.0f);
}
extern "C" __global__ void half_pairs(const float* in, float* out) {
  const int t = threadIdx.x;
  half2 a = __floats2half2_rn(in[t], in[t + 1]), b = __half2half2(__float2half(0.5f));
  half2 c = __hfma2(a, b, __hadd2(a, b)) * b;
  c = __hmax2(c, __hmul2(a, b)) - __lowhigh2highlow(a);
  const float2 f = __half22float2(c);
  out[t] = f.x + 2 * f.y + __low2float(a) + __half2float(__high2half(a)) + (__hbgt2(a, b) ? 50.0f : 0.0f) +
           static_cast<float>(__heq2_mask(a, a) == 0xffffffffu);
}
extern "C" __global__ void half_conversions(const float* in, float* out) {
  const int t = threadIdx.x;
  const half a = __int2half_rn(t), b = __float2half_rd(0.1f), c = __float2half_ru(0.1f);
  const half shuffled = __shfl_xor_sync(~0u, a, 1);
  out[t] = static_cast<float>(__half2int_rz(a) + __half2uint_rn(shuffled) + __half_as_ushort(a) % 7) +
           (b < c ? 1.0f : 0.0f) + __half2float(__ushort_as_half(0x3c00)) + __half2float(__float2half_rz(in[t]));
}
extern "C" __global__ void half_memory(const float* in, float* out) {
  __shared__ half sum;
  __shared__ half2 sums;
  const int t = threadIdx.x;
  if (t == 0) sum = half(0.0f), sums = half2(half(0.0f), half(0.0f));
  __syncthreads();
  atomicAdd(&sums, half2(half(1.0f), half(2.0f)));
  atomicAdd(&sum, half(1.0f));
  __shared__ half line[128];
  line[t] = __float2half(in[t]);
  __syncthreads();
  const half2 two = reinterpret_cast<const half2*>(line)[t / 2];
  out[t] = float(sum) + float(sums.x) + float(sums.y) + float(t % 2 ? two.y : two.x);
}
extern "C" __global__ void bfloat16_arithmetic(const float* in, float* out) {
  const int t = threadIdx.x;
  __nv_bfloat16 a = __float2bfloat16(in[t]), b = __float2bfloat16(0.5f);
  __nv_bfloat162 p = __halves2bfloat162(a, b);
  p = __hfma2(p, p, p);
  out[t] = __bfloat162float(__hmul(a, b)) + __low2float(p) + __high2float(p) + __bfloat162float(a + b) +
           __bfloat162float(__hmin(a, b)) + (a > b ? 1.0f : 0.0f) + float(hexp2(b));
}
