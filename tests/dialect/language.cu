// C++17: templates by int, bool and type, std::, lambdas, __constant__ and __device__ variables.
#include <cuda/cmath>
#ifdef __CUDACC_RTC__
#include <cuda/std/limits>
#include <cuda/std/type_traits>
#include <cuda/std/utility>
namespace std {
using namespace cuda::std;
}
#endif

__constant__ float filter[4] = {1, 2, 3, 4};
__device__ float scale = 2;
__device__ int visits;
namespace deep {
__device__ const int table[3] = {5, 7, 11};
}

template <typename T, int N, bool Twice>
__device__ T dot(const T* a) {
  T sum = 0;
#pragma unroll
  for (int i = 0; i < N; ++i) sum += a[i] * T(i);
  if constexpr (Twice) sum *= 2;
  return sum;
}
template <typename... T>
__device__ float sum_of(T... all) {
  return (0.0f + ... + all);
}
template <class F>
__device__ __noinline__ float twice(F f, float v) {
  return f(f(v));
}
template <typename T>
struct Pair {
  T first, second;
};

extern "C" __global__ void template_arguments(const float* in, float* out) {
  const float a[4] = {in[threadIdx.x], in[threadIdx.x + 1], in[threadIdx.x + 2], in[threadIdx.x + 3]};
  out[threadIdx.x] = dot<float, 4, true>(a) + dot<float, 2, false>(a);
}
extern "C" __global__ void lambdas_and_packs(const float* in, float* out) {
  const float v = in[threadIdx.x];
  const auto add = [v](float w) { return w + v; };
  auto [x, y] = Pair<float>{v, 2 * v};
  out[threadIdx.x] = twice(add, 1.0f) + sum_of(x, y, 3);
}
extern "C" __global__ void std_is_there(const float* in, float* out) {
  static_assert(std::is_same<float, std::remove_reference_t<float&>>::value, "as in C++");
  static_assert(cuda::ceil_div(7, 2) == 4 && cuda::round_up(7u, 4u) == 8 && cuda::round_down(7, 4) == 4);
  int a = threadIdx.x, b = 7;
  if (a > b) std::swap(a, b);
  const auto pair = std::make_pair(a, b);
  float lowest = -std::numeric_limits<float>::max();
  for (int i = 0; i < 4; ++i) lowest = max(lowest, in[threadIdx.x + i]);
  out[threadIdx.x] = lowest + pair.first;
}
extern "C" __global__ void global_variables(const float* in, float* out) {
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += filter[i] * in[threadIdx.x + i];
  out[threadIdx.x] = sum * scale + deep::table[threadIdx.x % 3];
  atomicAdd(&visits, 1);
}
extern "C" __global__ void all_dimensions(const float* in, float* out) {
  const dim3 b = blockDim;
  const uint3 t = threadIdx;
  const unsigned linear = (t.z * b.y + t.y) * b.x + t.x;
  out[linear] = in[linear] + blockIdx.x + blockIdx.y + blockIdx.z + gridDim.y * gridDim.z + warpSize;
}
