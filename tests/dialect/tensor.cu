// Tensor cores: WMMA, mma and ldmatrix by our wrappers and by inline PTX. Every kernel multiplies a
// matrix of small integers, made from the input, with another, so that every type is exact.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <evotune/mma.cuh>
#include <mma.h>
using namespace nvcuda;

template <typename T>
__device__ T small(const float* in, int i) {
  return T(static_cast<float>(static_cast<int>(in[i % 128]) % 4));
}
template <typename T, typename Fragment, typename Stored, typename C, int K>
__device__ void wmma_product(const float* in, float* out) {
  __shared__ Stored a[16 * K], b[K * 16];
  __shared__ C c[256];
  for (int i = threadIdx.x; i < 16 * K; i += 128) a[i] = small<Stored>(in, i), b[i] = small<Stored>(in, i + 5);
  __syncthreads();
  if (threadIdx.x < 32) {
    wmma::fragment<wmma::matrix_a, 16, 16, K, T, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 16, 16, K, T, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 16, 16, K, C> fc;
    wmma::fill_fragment(fc, C(1.0f));
    wmma::load_matrix_sync(fa, a, K);
    wmma::load_matrix_sync(fb, b, K);
    wmma::mma_sync(fc, fa, fb, fc);
    for (int i = 0; i < fc.num_elements; ++i) fc.x[i] = fc.x[i] + fc.x[i];
    wmma::store_matrix_sync(c, fc, 16, wmma::mem_row_major);
  }
  __syncthreads();
  out[threadIdx.x] = static_cast<float>(c[threadIdx.x]);
}
extern "C" __global__ void wmma_half(const float* in, float* out) {
  wmma_product<half, half, half, float, 16>(in, out);
}
extern "C" __global__ void wmma_half_sums(const float* in, float* out) {
  wmma_product<half, half, half, half, 16>(in, out);
}
extern "C" __global__ void wmma_bfloat16(const float* in, float* out) {
  wmma_product<__nv_bfloat16, half, __nv_bfloat16, float, 16>(in, out);
}
extern "C" __global__ void wmma_tf32(const float* in, float* out) {
  wmma_product<wmma::precision::tf32, half, float, float, 8>(in, out);
}
extern "C" __global__ void wmma_bytes(const float* in, float* out) {
  wmma_product<signed char, half, signed char, int, 16>(in, out);
}

/// The same product by 16×8 halves: rows of b are columns of the second matrix.
template <typename T, bool Wrapped>
__device__ void mma_product(const float* in, float* out) {
  __shared__ __align__(16) T a[16 * 16], b[16 * 16];
  for (int i = threadIdx.x; i < 256; i += 128) a[i] = small<T>(in, i), b[i] = small<T>(in, i + 5);
  __syncthreads();
  __shared__ float c[256];
  const int lane = threadIdx.x;
  if (lane < 32) {
    unsigned fa[4], fb[2];
    if (Wrapped) {
      evotune::load_matrix(fa, &a[(lane % 16) * 16 + lane / 16 * 8]);
    } else {
      const unsigned row = static_cast<unsigned>(__cvta_generic_to_shared(&a[(lane % 16) * 16 + lane / 16 * 8]));
      asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];\n"
                   : "=r"(fa[0]), "=r"(fa[1]), "=r"(fa[2]), "=r"(fa[3]) : "r"(row));
    }
    for (int half_of = 0; half_of < 2; ++half_of) {
      float sums[4] = {1, 1, 1, 1};
      const T* row = &b[(half_of * 8 + lane % 8) * 16 + (lane / 8) % 2 * 8];
      if (Wrapped) {
        evotune::load_matrix(fb, row);
        if (sizeof(T) == 2 && T(1.5f) == T(1.5f)) evotune::mma_m16n8k16(sums, fa, fb);
      } else {
        asm("{\n.reg .u64 wide;\n cvta.to.shared.u64 wide, %2;\n .reg .u32 narrow;\n"
            " cvt.u32.u64 narrow, wide;\n ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [narrow];\n}"
            : "=r"(fb[0]), "=r"(fb[1]) : "l"(row));
        asm volatile(
            "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
            "{%0,  %1,  %2,  %3},  {%4,  %5,  %6,  %7}, "
            "{%8,  %9},  {%10, %11, %12, %13};\n"
            : "=f"(sums[0]), "=f"(sums[1]), "=f"(sums[2]), "=f"(sums[3])
            : "r"(fa[0]), "r"(fa[1]), "r"(fa[2]), "r"(fa[3]), "r"(fb[0]), "r"(fb[1]), "f"(sums[0]),
              "f"(sums[1]), "f"(sums[2]), "f"(sums[3]));
      }
      for (int i = 0; i < 4; ++i)
        c[(lane / 4 + i / 2 * 8) * 16 + half_of * 8 + lane % 4 * 2 + i % 2] = 2 * sums[i];
    }
  }
  __syncthreads();
  out[threadIdx.x] = c[threadIdx.x];
}
extern "C" __global__ void mma_by_wrapper(const float* in, float* out) { mma_product<half, true>(in, out); }
extern "C" __global__ void mma_by_ptx(const float* in, float* out) { mma_product<half, false>(in, out); }

/// The same by WMMA's own instructions; which elements a register holds is nobody's business.
extern "C" __global__ void wmma_by_ptx(const float* in, float* out) {
  __shared__ __align__(32) half a[256], b[256];
  __shared__ __align__(32) float c[256];
  for (int i = threadIdx.x; i < 256; i += 128) a[i] = small<half>(in, i), b[i] = small<half>(in, i + 5);
  __syncthreads();
  if (threadIdx.x < 32) {
    unsigned fa[8], fb[8];
    float s[8];
    const unsigned pa = static_cast<unsigned>(__cvta_generic_to_shared(a));
    asm volatile("wmma.load.a.sync.aligned.row.m16n16k16.shared.f16 {%0, %1, %2, %3, %4, %5, %6, %7}, [%8], %9;"
                 : "=r"(fa[0]), "=r"(fa[1]), "=r"(fa[2]), "=r"(fa[3]), "=r"(fa[4]), "=r"(fa[5]), "=r"(fa[6]), "=r"(fa[7])
                 : "r"(pa), "r"(16) : "memory");
    asm volatile("wmma.load.b.sync.aligned.col.m16n16k16.f16 {%0, %1, %2, %3, %4, %5, %6, %7}, [%8];"
                 : "=r"(fb[0]), "=r"(fb[1]), "=r"(fb[2]), "=r"(fb[3]), "=r"(fb[4]), "=r"(fb[5]), "=r"(fb[6]), "=r"(fb[7])
                 : "l"(b) : "memory");
    for (float& one : s) one = 1;
    asm volatile(
        "wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32 {%0, %1, %2, %3, %4, %5, %6, %7}, "
        "{%8, %9, %10, %11, %12, %13, %14, %15}, {%16, %17, %18, %19, %20, %21, %22, %23}, "
        "{%0, %1, %2, %3, %4, %5, %6, %7};"
        : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3]), "+f"(s[4]), "+f"(s[5]), "+f"(s[6]), "+f"(s[7])
        : "r"(fa[0]), "r"(fa[1]), "r"(fa[2]), "r"(fa[3]), "r"(fa[4]), "r"(fa[5]), "r"(fa[6]), "r"(fa[7]),
          "r"(fb[0]), "r"(fb[1]), "r"(fb[2]), "r"(fb[3]), "r"(fb[4]), "r"(fb[5]), "r"(fb[6]), "r"(fb[7]));
    for (float& one : s) one *= 2;
    asm volatile("wmma.store.d.sync.aligned.row.m16n16k16.f32 [%0], {%1, %2, %3, %4, %5, %6, %7, %8}, 16;" ::"l"(c),
                 "f"(s[0]), "f"(s[1]), "f"(s[2]), "f"(s[3]), "f"(s[4]), "f"(s[5]), "f"(s[6]), "f"(s[7]) : "memory");
  }
  __syncthreads();
  out[threadIdx.x] = c[threadIdx.x];
}
extern "C" __global__ void wmma_bfloat16_by_ptx(const float* in, float* out) {
  __shared__ __align__(32) __nv_bfloat16 a[256], b[256];
  __shared__ __align__(32) float c[256];
  for (int i = threadIdx.x; i < 256; i += 128) {
    a[i] = small<__nv_bfloat16>(in, i), b[i] = small<__nv_bfloat16>(in, i + 5);
    c[i] = 1;
  }
  __syncthreads();
  if (threadIdx.x < 32) {
    unsigned fa[4], fb[4];
    float s[8];
    const auto at = [](const void* p) { return static_cast<unsigned>(__cvta_generic_to_shared(p)); };
    asm volatile("wmma.load.a.sync.aligned.row.m16n16k16.shared.bf16 {%0, %1, %2, %3}, [%4], 16;"
                 : "=r"(fa[0]), "=r"(fa[1]), "=r"(fa[2]), "=r"(fa[3]) : "r"(at(a)) : "memory");
    asm volatile("wmma.load.b.sync.aligned.col.m16n16k16.shared.bf16 {%0, %1, %2, %3}, [%4], 16;"
                 : "=r"(fb[0]), "=r"(fb[1]), "=r"(fb[2]), "=r"(fb[3]) : "r"(at(b)) : "memory");
    asm volatile("wmma.load.c.sync.aligned.row.m16n16k16.shared.f32 {%0, %1, %2, %3, %4, %5, %6, %7}, [%8], 16;"
                 : "=f"(s[0]), "=f"(s[1]), "=f"(s[2]), "=f"(s[3]), "=f"(s[4]), "=f"(s[5]), "=f"(s[6]), "=f"(s[7])
                 : "r"(at(c)) : "memory");
    asm volatile(
        "wmma.mma.sync.aligned.row.col.m16n16k16.f32.bf16.bf16.f32 {%0, %1, %2, %3, %4, %5, %6, %7}, "
        "{%8, %9, %10, %11}, {%12, %13, %14, %15}, {%0, %1, %2, %3, %4, %5, %6, %7};"
        : "+f"(s[0]), "+f"(s[1]), "+f"(s[2]), "+f"(s[3]), "+f"(s[4]), "+f"(s[5]), "+f"(s[6]), "+f"(s[7])
        : "r"(fa[0]), "r"(fa[1]), "r"(fa[2]), "r"(fa[3]), "r"(fb[0]), "r"(fb[1]), "r"(fb[2]), "r"(fb[3]));
    for (float& one : s) one *= 2;
    asm volatile("wmma.store.d.sync.aligned.row.m16n16k16.shared.f32 [%0], {%1, %2, %3, %4, %5, %6, %7, %8}, 16;" ::"r"(at(c)),
                 "f"(s[0]), "f"(s[1]), "f"(s[2]), "f"(s[3]), "f"(s[4]), "f"(s[5]), "f"(s[6]), "f"(s[7]) : "memory");
  }
  __syncthreads();
  out[threadIdx.x] = c[threadIdx.x];
}

/// A transposed load gives what a plain load of the transposed matrix gives.
extern "C" __global__ void ldmatrix_transposes(const float* in, float* out) {
  __shared__ __align__(16) half a[64], b[64];
  const int t = threadIdx.x;
  if (t < 64) a[t] = __float2half(in[t]), b[t % 8 * 8 + t / 8] = __float2half(in[t]);
  __syncthreads();
  unsigned plain[1], turned[1];
  evotune::load_matrix(plain, &a[t % 8 * 8]);
  evotune::load_matrix_transposed(turned, &b[t % 8 * 8]);
  out[t] = plain[0] == turned[0] ? __half2float(__ushort_as_half(static_cast<unsigned short>(plain[0]))) : -1e6f;
}

/// Of 8×8, by one warp: bytes, nibbles and doubles, and a matrix turned around.
extern "C" __global__ void mma_of_eight_rows(const float* in, float* out) {
  const int t = threadIdx.x, lane = t % 32, g = lane / 4, c = lane % 4;
  const auto value = [in](int i) { return static_cast<int>(in[i % 128]) % 4; };
  unsigned bytes[2] = {}, nibbles[2] = {};
  for (int i = 0; i < 8; ++i)
    for (int j = 0; j < 2; ++j) {
      const int one = value(g * 32 + c * 8 + i + 64 * j);
      nibbles[j] |= (one & 15u) << (4 * i);
      if (i < 4) bytes[j] |= (one & 255u) << (8 * i);
    }
  int d[2] = {1, 2}, e[2] = {3, 4};
  asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+r"(d[0]), "+r"(d[1]) : "r"(bytes[0]), "r"(bytes[1]));
  asm volatile("mma.sync.aligned.m8n8k32.row.col.s32.s4.s4.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+r"(e[0]), "+r"(e[1]) : "r"(nibbles[0]), "r"(nibbles[1]));
  double f[2] = {0.5, 0.25};
  asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
               : "+d"(f[0]), "+d"(f[1]) : "d"(0.5 * value(g * 4 + c)), "d"(1.0 * value(g * 4 + c + 9)));
  unsigned turned, plain = 2u * lane | (2u * lane + 1) << 16;
  asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(turned) : "r"(plain));
  out[t] = t < 32 ? d[0] + 3 * d[1] : t < 64 ? e[0] + 3 * e[1] : t < 96 ? f[0] + 3 * f[1] : (turned & 0xffffu) + 100 * (turned >> 16);
}
