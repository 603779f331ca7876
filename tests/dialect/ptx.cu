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
__device__ unsigned next_word(unsigned a, unsigned b) {  // with the carry of the last one
  unsigned sum;
  asm volatile("addc.u32 %0, %1, %2;" : "=r"(sum) : "r"(a), "r"(b));
  return sum;
}
extern "C" __global__ void ptx_carries(const float*, float* out) {
  const unsigned t = threadIdx.x, large = 0u - t;  // 2^32 - t
  unsigned sum, high, low, product = t, rest = 5;
  unsigned long long wide, less;
  asm("add.cc.u32 %0, %2, %3;\n\taddc.u32 %1, %4, 0;" : "=r"(sum), "=r"(high) : "r"(large), "r"(t), "r"(7u));
  asm("sub.cc.u64 %0, %1, %2; subc.u64 %0, %0, 0;" : "=l"(less) : "l"(3ull), "l"(4ull));
  asm("mad.lo.cc.u32 %0, %2, 2, %0; madc.hi.u32 %1, %2, 2, %1;" : "+r"(product), "+r"(rest) : "r"(large));
  asm("mad.wide.u32 %0, %1, %2, %3;" : "=l"(wide) : "r"(large), "r"(2u), "l"(1ull));
  asm volatile("add.cc.u32 %0, %1, %1;" : "=r"(low) : "r"(t << 25));
  out[t] = static_cast<float>(sum + high + next_word(1, 1) + rest + (wide >> 32) + (less == ~1ull ? 100 : 0)) +
           static_cast<float>(product == large ? 1000 : 0);
}
extern "C" __global__ void ptx_roundings(const float* in, float* out) {
  const float x = in[threadIdx.x] * 0.3f;
  unsigned short up, down;
  float above, below;
  int floor, ceiling;
  asm("{cvt.rp.f16.f32 %0, %1;}" : "=h"(up) : "f"(x));
  asm("{cvt.rm.f16.f32 %0, %1;}" : "=h"(down) : "f"(x));
  asm("cvt.f32.f16 %0, %1;" : "=f"(above) : "h"(up));
  asm("cvt.f32.f16 %0, %1;" : "=f"(below) : "h"(down));
  asm("cvt.rmi.s32.f32 %0, %1;" : "=r"(floor) : "f"(x));
  asm("cvt.rpi.s32.f32 %0, %1;" : "=r"(ceiling) : "f"(x));
  out[threadIdx.x] = (above >= x && x >= below && (above > below || x == above) ? 1000 : 0) + floor + 2 * ceiling;
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
extern "C" __global__ void ptx_shuffles(const float* in, float* out) {
  const int t = threadIdx.x;
  const float v = in[t];
  float down, other, up, first;
  int inside;
  asm volatile("{ .reg .pred p;\n shfl.sync.down.b32 %0|p, %2, 3, 0x1f, 0xffffffff;\n selp.s32 %1, 1, 0, p; }"
               : "=f"(down), "=r"(inside) : "f"(v));
  asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 31, -1;" : "=f"(other) : "f"(v), "r"(5));
  asm volatile("shfl.sync.up.b32 %0, %1, 1, 0x1800, 0xffffffff;" : "=f"(up) : "f"(v));  // of 8
  asm volatile("shfl.sync.idx.b32 %0, %1, 2, 0x181f, 0xffffffff;" : "=f"(first) : "f"(v));
  out[t] = down + 2 * other + 4 * up + 8 * first + 1000 * inside;
}
extern "C" __global__ void ptx_votes(const float* in, float* out) {
  const int t = threadIdx.x;
  unsigned ballot, any, same;
  asm volatile("{ .reg .pred p;\n setp.gt.f32 p, %1, 0f00000000;\n vote.sync.ballot.b32 %0, p, 0xffffffff; }"
               : "=r"(ballot) : "f"(in[t]));
  asm volatile("{ .reg .pred p, q;\n setp.eq.u32 p, %1, 70;\n vote.sync.any.pred q, p, 0xffffffff;\n selp.u32 %0, 1, 0, !q; }"
               : "=r"(any) : "r"(t));
  asm volatile("match.any.sync.b32 %0, %1, 0xffffffff;" : "=r"(same) : "r"(t % 5));
  out[t] = __popc(ballot) + 100 * any + 1000 * __popc(same);
}
extern "C" __global__ void ptx_atomics(const float*, float* out) {
  __shared__ unsigned counts[4];
  const unsigned t = threadIdx.x;
  if (t < 4) counts[t] = t == 2 ? 1000 : 0;
  __syncthreads();
  const unsigned at = static_cast<unsigned>(__cvta_generic_to_shared(counts));
  unsigned old;
  asm volatile("red.shared.add.u32 [%0], %1;" ::"r"(at), "r"(t) : "memory");
  asm volatile("atom.shared.max.u32 %0, [%1+4], %2;" : "=r"(old) : "r"(at), "r"(t) : "memory");
  asm volatile("atom.shared.min.u32 %0, [%1+8], %2;" : "=r"(old) : "r"(at), "r"(t + 7) : "memory");
  asm volatile("atom.shared.cas.b32 %0, [%1+12], 0, 77;" : "=r"(old) : "r"(at) : "memory");
  __syncthreads();
  out[t] = counts[0] + counts[1] + counts[2] + counts[3];
}
/// stmatrix is of sm_90: elsewhere the same by hand.
extern "C" __global__ void ptx_store_matrix(const float*, float* out) {
  __shared__ __align__(16) unsigned short rows[4][16][8];
  const int t = threadIdx.x, warp = t / 32, lane = t % 32;
  const unsigned low = 2u * t + ((2u * t + 1) << 16), high = low + 0x01000100u;
#if defined(EVOTUNE_CPU_DEVICE) || __CUDA_ARCH__ >= 900
  const unsigned at = static_cast<unsigned>(__cvta_generic_to_shared(rows[warp][lane % 16]));
  asm volatile("stmatrix.sync.aligned.m8n8.x2.shared.b16 [%0], {%1, %2};" ::"r"(at), "r"(low), "r"(high) : "memory");
#else
  for (int i = 0; i < 2; ++i) {
    rows[warp][lane / 4][lane % 4 * 2 + i] = static_cast<unsigned short>(low >> (16 * i));
    rows[warp][8 + lane / 4][lane % 4 * 2 + i] = static_cast<unsigned short>(high >> (16 * i));
  }
#endif
  __syncwarp();
  out[t] = rows[warp][lane % 16][lane / 16 * 4 + 1];
}
