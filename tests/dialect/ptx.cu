// Small inline PTX.
__device__ __forceinline__ unsigned lane_id() {
  unsigned lane;
  asm volatile("mov.u32 %0, %%laneid;" : "=r"(lane));
  return lane;
}

extern "C" __global__ void ptx_registers(const float*, float* out) {
  unsigned below, warp;
  asm("mov.u32 %0, %%lanemask_lt;" : "=r"(below));
  asm("mov.u32 %0, %%tid.x;\n\tshr.u32 %0, %0, 5;" : "=r"(warp));
  out[threadIdx.x] = static_cast<float>(lane_id() + __popc(below) + 100 * warp);
}
extern "C" __global__ void ptx_arithmetic(const float* in, float* out) {
  const float x = in[threadIdx.x];
  float e, f, g;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(e) : "f"(x * 0.01f));
  asm("fma.rn.f32 %0, %1, %1, %2;" : "=f"(f) : "f"(x), "f"(1.0f));
  asm("{ .reg .f32 t; rcp.approx.f32 t, %1; mul.f32 %0, t, 0f40000000; }" : "=f"(g) : "f"(x + 1000.0f));
  out[threadIdx.x] = e + f + g;
}
extern "C" __global__ void ptx_bits(const float*, float* out) {
  const unsigned t = threadIdx.x, w = t * 2654435761u;
  unsigned a, b, c, d;
  asm("bfe.u32 %0, %1, 4, 7;" : "=r"(a) : "r"(w));
  asm("lop3.b32 %0, %1, %2, %3, 0x96;" : "=r"(b) : "r"(w), "r"(t), "r"(5u));
  asm("prmt.b32 %0, %1, %2, 0x5410;" : "=r"(c) : "r"(w), "r"(t));
  asm("mad.lo.u32 %0, %1, 3, %2;" : "=r"(d) : "r"(t), "r"(1u));
  out[t] = static_cast<float>((a ^ b ^ c ^ d) % 65521u);
}
extern "C" __global__ void ptx_memory(const float* in, float* out) {
  __shared__ __align__(16) float line[128];
  const int t = threadIdx.x;
  float v;
  asm volatile("ld.global.nc.L1::no_allocate.f32 %0, [%1+4];" : "=f"(v) : "l"(in + t));
  const unsigned at = static_cast<unsigned>(__cvta_generic_to_shared(&line[t]));
  asm volatile("st.shared.f32 [%0], %1;" ::"r"(at), "f"(v) : "memory");
  asm volatile("bar.sync 0;" ::: "memory");
  float a, b, c, d;
  const unsigned four = static_cast<unsigned>(__cvta_generic_to_shared(&line[t / 4 * 4]));
  asm volatile("ld.shared.v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(a), "=f"(b), "=f"(c), "=f"(d) : "r"(four));
  asm volatile("st.global.f32 [%0], %1;" ::"l"(out + t), "f"(a + b + c + d) : "memory");
}
extern "C" __global__ void named_barriers(const float* in, float* out) {
  __shared__ float line[128];
  const int t = threadIdx.x, half_of = t / 64;
  line[t] = in[t];
  asm volatile("bar.sync %0, %1;" ::"r"(half_of + 1), "r"(64) : "memory");
  out[t] = line[half_of * 64 + 63 - t % 64];
}
