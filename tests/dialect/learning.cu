// As files of machine learning are: kernels between the bindings and registrations of a framework.
#include <ATen/cuda/CUDAContext.h>
#include <torch/extension.h>
#include <cub/block/block_discontinuity.cuh>
#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>
#include <cub/device/device_radix_sort.cuh>
#include <vector>

using namespace framework;
using namespace framework::ops;
typedef unsigned long long int uint64_t;

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 700
__device__ void add(c10::Half* address, c10::Half value) { *address = *address + value; }
#endif

// Quantised weights, as PTX unpacks and copies them.
template <int lut>
__device__ inline unsigned lop3(unsigned a, unsigned b, unsigned c) {
  unsigned result;
  asm volatile("lop3.b32 %0, %1, %2, %3, %4;\n" : "=r"(result) : "r"(a), "r"(b), "r"(c), "n"(lut));
  return result;
}
__device__ inline void copy_streaming(void* shared, const void* global) {
  const int bytes = 16;
  const uint32_t to = static_cast<uint32_t>(__cvta_generic_to_shared(shared));
  asm volatile(
      "{\n"
      "   .reg .b64 p;\n"
      "   createpolicy.fractional.L2::evict_first.b64 p, 1.0;"
      "   cp.async.cg.shared.global.L2::cache_hint [%0], [%1], %2, p;\n"
      "}\n" ::"r"(to), "l"(global), "n"(bytes));
}
enum class Policy { all, streaming };
template <int Bytes, Policy P = Policy::all>
__device__ __forceinline__ void load(void* to, const void* from);
template <>
__device__ __forceinline__ void load<16>(void* to, const void* from) {
  uint4* data = reinterpret_cast<uint4*>(to);
  __asm__ __volatile__("ld.global.ca.v4.u32 {%0, %1, %2, %3}, [%4];\n"
                       : "=r"(data[0].x), "=r"(data[0].y), "=r"(data[0].z), "=r"(data[0].w)
                       : "l"(from));
}
template <>
__device__ __forceinline__ void load<4, Policy::streaming>(void* to, const void* from) {
  __asm__ __volatile__("ld.global.cs.u32 %0, [%1];\n" : "=r"(*static_cast<int*>(to)) : "l"(from));
}

extern "C" __global__ void quantised(const float* in, float* out) {
  __shared__ __align__(16) float line[128];
  if (threadIdx.x < 32) copy_streaming(&line[threadIdx.x * 4], in + threadIdx.x * 4);
  asm volatile("cp.async.commit_group;\n" ::);
  asm volatile("cp.async.wait_group %0;\n" ::"n"(0));
  __syncthreads();
  const uint64_t weights = 0x00090005;
  unsigned low = lop3<(0xf0 & 0xcc) | 0xaa>(static_cast<unsigned>(weights), 0x000f000f, 0x64006400);
  asm volatile("sub.f16x2 %0, %1, %2;\n" : "=r"(low) : "r"(low), "r"(0x64006400));
  const half2 pair = *reinterpret_cast<half2*>(&low);
  float four[4], one;
  load<16>(four, in + threadIdx.x * 4);
  load<4, Policy::streaming>(&one, in + threadIdx.x);
  short byte;
  unsigned bytes;
  asm volatile("cvt.rni.sat.s8.f32 %0, %1;" : "=h"(byte) : "f"(4.0f * one + 0.4f));
  asm volatile("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;"
               : "=r"(bytes) : "r"(300), "r"(static_cast<int>(one)), "r"(0u));
  const float sum = line[127 - threadIdx.x] * __low2float(pair) + four[3] + one * __high2float(pair) + byte +
                    static_cast<float>(bytes);
  asm volatile("st.global.wb.u32 [%0], %1;\n" ::"l"(out + threadIdx.x), "r"(__float_as_int(sum)));
}

template <typename T>
struct Best {
  int at = -1;
  T value = -FLT_MAX;
};
template <typename T>
__device__ __forceinline__ Best<T> better(const Best<T>& a, const Best<T>& b) {
  return a.value > b.value ? a : b;
}
template <typename T>
using Pair = cub::KeyValuePair<T, T>;

extern "C" __global__ void best_and_moments(const float* in, float* out) {
  using Reduce = cub::BlockReduce<Best<float>, 128>;
  using Sums = cub::BlockReduce<Pair<float>, 128>;
  __shared__ typename Reduce::TempStorage room;
  __shared__ typename Sums::TempStorage sums_room;
  __shared__ float best, mean;
  const float v = in[threadIdx.x] - 0.001f * threadIdx.x;
  Best<float> mine;
  mine.at = threadIdx.x;
  mine.value = std::is_same<float, half>::value ? 0 : v;
  const Best<float> all = Reduce(room).Reduce(mine, better<float>);
  const Pair<float> sum = Sums{sums_room}.Reduce(Pair<float>(in[threadIdx.x], 1), [](const auto& a, const auto& b) {
    return Pair<float>(a.key + b.key, a.value + b.value);
  });
  const auto store = [&] __device__(int at) { best = at, mean = sum.key / sum.value; };
  if (threadIdx.x == 0) store(all.at);
  __syncthreads();
  out[threadIdx.x] = best + mean;
}

struct Affine {
  __device__ float2 operator()(const float2& a, const float2& b) const {
    return make_float2(a.x * b.x, b.x * a.y + b.y);
  }
};
struct Running {
  float2 before;
  __device__ float2 operator()(float2 whole) {
    const float2 old = before;
    before = Affine()(before, whole);
    return old;
  }
};
struct Traits {
  using Scan = cub::BlockScan<float2, 128, cub::BLOCK_SCAN_WARP_SCANS>;
};

extern "C" __global__ void scan_in_chunks(const float* in, float* out) {
  extern __shared__ char room[];
  auto& scan_room = *reinterpret_cast<typename Traits::Scan::TempStorage*>(room);
  Running running{make_float2(1.0f, 5.0f)};
  float2 items[2];
  for (int chunk = 0; chunk < 2; ++chunk) {
    for (int i = 0; i < 2; ++i)
      items[i] = make_float2(i == 1 ? -1.0f : 1.0f, in[chunk * 256 + threadIdx.x * 2 + i]);
    typename Traits::Scan(scan_room).InclusiveScan(items, items, Affine(), running);
    __syncthreads();
  }
  out[threadIdx.x] = items[1].y;
}

template <typename T>
struct LaunchOp final {
  void operator()(const Tensor& x) { quantised<<<1, 128, 0, x.stream()>>>(x.data<T>(), nullptr); }
};
template <typename T>
class QuantisedKernel final : public framework::OpKernel {
 public:
  void Compute(framework::Context* ctx) const override { LaunchOp<T>()(ctx->input()); }
};
#define REGISTER_QUANTISED(T) \
  REGISTER_USER_KERNEL("quantised").SetCreateFn<QuantisedKernel<T>>()
REGISTER_QUANTISED(float);

template <typename Dtype>
void NormLayer<Dtype>::forward(const Tensor& x) const {
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "norm", ([&] { run(x.data_ptr<scalar_t>()); }));
}
#define INSTANTIATE(T) template void NormLayer<T>::forward(const Tensor& x) const;
INSTANTIATE(float)
INSTANTIATE_LAYER(NormLayer);
PD_REGISTER_KERNEL(norm, GPU, ALL_LAYOUT, framework::Norm, float, double) {
  kernel->InputAt(1).SetBackend(framework::Backend::ALL_BACKEND);
}
TORCH_LIBRARY(learning, m) { m.def("quantised", &QuantisedKernel<float>::Compute); }
