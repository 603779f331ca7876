#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "bench.h"

namespace evotune::cpu_test {
namespace {

class Dialect : public WithCompiler {
 protected:
  /// What `void k(T* y)` leaves in y with one block.
  template <typename T>
  std::vector<T> results(const std::string& body, std::size_t count, std::uint32_t threads = 32,
                         const std::string& before = {}) {
    const std::string type = std::is_same_v<T, float>           ? "float"
                             : std::is_same_v<T, double>        ? "double"
                             : std::is_same_v<T, std::uint32_t> ? "unsigned"
                                                                : "int";
    const std::string text = before + "\nextern \"C\" __global__ void k(" + type +
                             "* y) {\n  const int t = threadIdx.x; (void)t;\n" + body + "\n}\n";
    return output<T>(source_of(text, "k"), {{1, 1, 1}, {threads, 1, 1}, 0},
                     Bench().out<T>("y", count), 0);
  }

  /// y[t] for every thread against a model of it.
  template <typename Model>
  void expect_each(const std::string& expression, Model model, std::uint32_t threads = 32) {
    const auto y = results<std::int32_t>("  y[t] = " + expression + ";", threads, threads);
    ASSERT_EQ(y.size(), threads);
    for (int t = 0; t < static_cast<int>(threads); ++t)
      EXPECT_EQ(y[static_cast<std::size_t>(t)], model(t)) << expression << ", thread " << t;
  }
};
EVOTUNE_WITH_EVERY_COMPILER(Dialect);

TEST_P(Dialect, ShufflesTakeFromTheLaneThatTheySay) {
  expect_each("__shfl_sync(~0u, t * 10, 5)", [](int) { return 50; });
  expect_each("__shfl_sync(~0u, t, t + 1, 8)", [](int t) { return (t & ~7) | ((t + 1) & 7); });
  expect_each("__shfl_up_sync(~0u, t, 3)", [](int t) { return t < 3 ? t : t - 3; });
  expect_each("__shfl_up_sync(~0u, t, 3, 16)", [](int t) { return t % 16 < 3 ? t : t - 3; });
  expect_each("__shfl_down_sync(~0u, t, 4, 8)", [](int t) { return t % 8 + 4 >= 8 ? t : t + 4; });
  expect_each("__shfl_xor_sync(~0u, t, 7)", [](int t) { return t ^ 7; });
  expect_each("__shfl_xor_sync(~0u, t, 8, 8)", [](int t) { return (t & 8) != 0 ? t ^ 8 : t; });
}

TEST_P(Dialect, ShufflesMoveEveryTypeOfFourAndEightBytes) {
  EXPECT_EQ(results<std::int32_t>(R"(
  bool same = __shfl_xor_sync(~0u, (float)t, 1) == (float)(t ^ 1);
  same &= __shfl_xor_sync(~0u, (double)t, 1) == (double)(t ^ 1);
  same &= __shfl_xor_sync(~0u, (unsigned)t, 1) == (unsigned)(t ^ 1);
  same &= __shfl_xor_sync(~0u, t + (1ll << 40), 1) == (t ^ 1) + (1ll << 40);
  same &= __shfl_xor_sync(~0u, (unsigned char)t, 1) == (t ^ 1);
  y[t] = same;)",
                                  32),
            std::vector<std::int32_t>(32, 1));
}

TEST_P(Dialect, PartsOfAWarpMeetApart) {
  const auto y = results<std::int32_t>(R"(
  if (t < 16) y[t] = __shfl_xor_sync(0x0000ffffu, t, 1);
  else y[t] = __shfl_xor_sync(0xffff0000u, t, 2);)",
                                       32);
  ASSERT_EQ(y.size(), 32u);
  for (int t = 0; t < 32; ++t) EXPECT_EQ(y[static_cast<std::size_t>(t)], t < 16 ? t ^ 1 : t ^ 2);
}

TEST_P(Dialect, ThreadsThatReturnedAreWaitedForNoLonger) {
  EXPECT_EQ(results<std::int32_t>(
                "  if (t >= 40) return; __syncthreads(); y[t] = __syncthreads_count(1);", 40, 96),
            std::vector<std::int32_t>(40, 40));
  const auto y =
      results<std::int32_t>("  if (t >= 16) return; y[t] = __shfl_xor_sync(~0u, t, 16);", 16);
  EXPECT_EQ(y, std::vector<std::int32_t>(16, -1)) << "a lane that is gone has no value";
}

TEST_P(Dialect, AFunctionMayForgetToReturnWhatNobodyUses) {
  EXPECT_EQ(results<std::int32_t>("  noted(y, t); y[t] += 1;", 3, 3,
                                  "__device__ int noted(int* y, int i) { y[i] = 2 * i; }"),
            (std::vector<std::int32_t>{1, 3, 5}));
}

TEST_P(Dialect, VotesAndMatches) {
  expect_each("(int)__ballot_sync(~0u, t & 1)", [](int) { return static_cast<int>(0xaaaaaaaau); });
  expect_each("__any_sync(~0u, t == 3) + 2 * __any_sync(~0u, 0)", [](int) { return 1; });
  expect_each("__all_sync(~0u, t < 32) + 2 * __all_sync(~0u, t < 31)", [](int) { return 1; });
  expect_each("(int)__match_any_sync(~0u, t % 3)", [](int t) {
    unsigned same = 0;
    for (int i = t % 3; i < 32; i += 3) same |= 1u << i;
    return static_cast<int>(same);
  });
  expect_each("__popc(__activemask())", [](int) { return 32; });
}

TEST_P(Dialect, ReductionsOverAWarp) {
  expect_each("__reduce_add_sync(~0u, t)", [](int) { return 496; });
  expect_each("__reduce_min_sync(~0u, t - 5)", [](int) { return -5; });
  expect_each("__reduce_max_sync(~0u, t - 50)", [](int) { return -19; });
  expect_each("(int)__reduce_max_sync(~0u, (unsigned)(t - 1))", [](int) { return -1; });
  expect_each("(int)__reduce_and_sync(~0u, 0xf0u | t)", [](int) { return 0xf0; });
  expect_each("(int)__reduce_or_sync(~0u, 1u << t)", [](int) { return -1; });
  expect_each("(int)__reduce_xor_sync(~0u, 1u << (t % 31))", [](int) { return 0x7ffffffe; });
}

TEST_P(Dialect, BarriersCountPredicates) {
  expect_each(
      "__syncthreads_count(t < 10)", [](int) { return 10; }, 96);
  expect_each(
      "__syncthreads_and(t < 96) + 2 * __syncthreads_and(t < 95)", [](int) { return 1; }, 96);
  expect_each(
      "__syncthreads_or(t == 95) + 2 * __syncthreads_or(t == 96)", [](int) { return 1; }, 96);
}

TEST_P(Dialect, BuiltInVariablesNameEveryThreadOnce) {
  const char* const text = R"(
extern "C" __global__ void k(int* count, int* seen) {
  const dim3 b = blockDim; uint3 t = threadIdx;
  const int thread = (t.z * b.y + t.y) * b.x + t.x;
  const int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  atomicAdd(count, 1);
  seen[block * (b.x * b.y * b.z) + thread] = warpSize;
}
)";
  const auto bench =
      Bench().inout("count", std::vector<std::int32_t>{0}).out<std::int32_t>("seen", 24 * 30);
  const auto seen = output<std::int32_t>(source_of(text, "k"), {{2, 3, 4}, {5, 3, 2}, 0}, bench, 1);
  EXPECT_EQ(seen, std::vector<std::int32_t>(24 * 30, 32));
}

TEST_P(Dialect, AtomicsReturnWhatWasThere) {
  EXPECT_EQ((results<std::int32_t>(R"(
  if (t != 0) return;
  int i = 5; unsigned u = 5; unsigned long long l = 5; float f = 1.5f; double d = 2.5;
  y[0] = atomicAdd(&i, 2) * 100 + i;
  y[1] = atomicSub(&i, 3) * 100 + i;
  y[2] = atomicMax(&i, 9) * 100 + i;
  y[3] = atomicMin(&u, 2u) * 100 + u;
  y[4] = atomicExch(&i, 1) * 100 + i;
  y[5] = atomicCAS(&i, 1, 8) * 100 + i;
  y[6] = atomicCAS(&i, 1, 7) * 100 + i;
  y[7] = atomicOr(&u, 8u) * 100 + u;
  y[8] = atomicAnd(&u, 9u) * 100 + u;
  y[9] = atomicXor(&u, 1u) * 100 + u;
  y[10] = (int)atomicAdd(&l, 1ull << 32) * 100 + (l == (1ull << 32) + 5);
  y[11] = (int)(atomicAdd(&f, 1.f) * 100 + f);
  y[12] = (int)(atomicAdd(&d, 1.) * 100 + d);
  y[13] = atomicInc(&u, 9u) * 100 + u;
  y[14] = atomicDec(&u, 9u) * 100 + u;)",
                                   15)),
            (std::vector<std::int32_t>{507, 704, 409, 502, 901, 108, 808, 210, 1008, 809, 501, 152,
                                       253, 900, 9}));
}

TEST_P(Dialect, IntegerIntrinsics) {
  const std::map<std::string, std::int32_t> cases = {
      {"__popc(0xf0f0u)", 8},
      {"__popcll(~0ull)", 64},
      {"__clz(1) * 100 + __clz(0)", 3132},
      {"__ffs(8) * 100 + __ffs(0)", 400},
      {"(int)__brev(1u)", INT32_MIN},
      {"__mul24(-3, 7)", -21},
      {"(int)__umulhi(0x80000000u, 6u)", 3},
      {"__mulhi(1 << 30, -8)", -2},
      {"(int)__byte_perm(0x33221100u, 0x77665544u, 0x7531u)", 0x77553311},
      {"(int)__funnelshift_l(0x80000000u, 1u, 1)", 3},
      {"__dp4a(0x01020304, 0x01010101, 5)", 15},
      {"__dp4a((int)0xff000000u, 0x02000000, 0)", -2},
      {"__hadd(-3, -4)", -4},
      {"(int)__sad(-3, 4, 1u)", 8},
      {"__float2int_rn(2.5f) * 10 + __float2int_rz(-2.7f)", 18},
      {"__float2int_rn(1e30f)", INT32_MAX},
      {"__float2int_rn(NAN)", 0},
      {"__float_as_int(1.f)", 0x3f800000},
      {"max(3, -4) * 10 + min(3, -4)", 26},
      {"(int)max(3u, -4) + 4", 0},
  };
  std::string body;
  std::vector<std::int32_t> expected;
  for (const auto& [expression, value] : cases) {
    body += "  y[" + std::to_string(expected.size()) + "] = " + expression + ";\n";
    expected.push_back(value);
  }
  const auto y = results<std::int32_t>(body, expected.size(), 1);
  ASSERT_EQ(y.size(), expected.size());
  std::size_t i = 0;
  for (const auto& [expression, value] : cases) EXPECT_EQ(y[i++], value) << expression;
}

TEST_P(Dialect, MathematicsIsOverloadedForFloat) {
  EXPECT_EQ(results<std::int32_t>(R"(
  y[0] = sizeof(exp(1.f)); y[1] = sizeof(pow(2.f, 2.f)); y[2] = sizeof(fmax(1.f, 2.f));
  y[3] = sizeof(sqrt(1.0)); y[4] = sizeof(max(1.f, 2.f)); y[5] = sizeof(max(1.f, 2.0));
  y[6] = sizeof(abs(-1.f)); y[7] = abs(-3) == 3 && abs(-2.5f) == 2.5f && abs(-2.5) == 2.5;
  y[8] = isnan(NAN) && isinf(-INFINITY) && !isnan(1.0);
  y[9] = fabsf(rsqrtf(4.f) - 0.5f) < 1e-6f && __fdividef(6.f, 3.f) == 2.f && __saturatef(2.f) == 1.f;
  y[10] = fmaxf(NAN, 1.f) == 1.f && max(1.f, NAN) == 1.f;
  float s, c; sincosf(0.f, &s, &c); __sincosf(s, &s, &c); y[11] = s == 0.f && c == 1.f;
  y[12] = __fmul_rn(3.f, 4.f) == 12.f && __expf(0.f) == 1.f && __powf(2.f, 3.f) == 8.f;)",
                                  13, 1),
            (std::vector<std::int32_t>{4, 4, 4, 8, 4, 8, 4, 1, 1, 1, 1, 1, 1}));
}

TEST_P(Dialect, StandardHeadersAndNamespaceStdAreNoObstacle) {
  for (const char* before :
       {"#include <math.h>\n#include <cmath>\n#include <algorithm>\n#include <limits>",
        "#include <algorithm>\n#include <cmath>\n#include <math.h>\nusing namespace std;"})
    EXPECT_EQ(results<std::int32_t>(
                  "  y[0] = std::max(1, 2) + (exp(0.f) == 1.f) + (std::exp(0.f) == 1.f) + "
                  "(abs(-1.f) == 1.f)"
                  " + (min(3.f, 2.f) == 2.f) + (pow(2.f, 2) == 4.f) + max(4, 5) + !isnan(1.f);",
                  1, 1, before),
              std::vector<std::int32_t>{13});
}

TEST_P(Dialect, VectorsHaveCudasSizesAndAlignments) {
  EXPECT_EQ(results<std::int32_t>(R"(
  y[0] = sizeof(float3) * 100 + alignof(float3); y[1] = sizeof(float4) * 100 + alignof(float4);
  y[2] = sizeof(uchar4) * 100 + alignof(uchar4); y[3] = sizeof(double4) * 100 + alignof(double4);
  y[4] = sizeof(uint2) * 100 + alignof(uint2); y[5] = sizeof(ushort4) * 100 + alignof(ushort4);
  const int4 v = make_int4(1, 2, 3, 4); y[6] = v.x * 1000 + v.y * 100 + v.z * 10 + v.w;
  const uint3 u = make_uint3(1, 2, 3); y[7] = u.z;)",
                                  8, 1),
            (std::vector<std::int32_t>{1204, 1616, 404, 3216, 808, 808, 1234, 3}));
}

TEST_P(Dialect, SharedMemoryInEverySpelling) {
  EXPECT_EQ(results<std::int32_t>(R"(
  __shared__ alignas(16) int a[4][8];
  static __shared__ int b[32];
  volatile __shared__ int c[32];
  __shared__ __align__(16) struct { int x, y; } d[32];
  a[t / 8][t % 8] = t; b[t] = t; c[t] = t; d[t].y = t; e[t] = t;
  __syncthreads();
  const int u = 31 - t;
  y[t] = a[u / 8][u % 8] + b[u] + c[u] + d[u].y + e[u] == 5 * u && (size_t)a % 16 == 0;)",
                                  32, 32, "__shared__ int e[32];"),
            std::vector<std::int32_t>(32, 1));
}

TEST_P(Dialect, DynamicSharedMemoryAtFileScopeAndInTwoDimensions) {
  const char* const text = R"(
extern __shared__ float whole[];
template <int N> __global__ void k(float* y) {
  extern __shared__ float rows[][N];
  rows[threadIdx.x / N][threadIdx.x % N] = threadIdx.x;
  __syncthreads();
  y[threadIdx.x] = whole[31 - threadIdx.x];
}
)";
  const auto y = output<float>(source_of(text, "k<8>"), {{1, 1, 1}, {32, 1, 1}, 128},
                               Bench().out<float>("y", 32), 0);
  ASSERT_EQ(y.size(), 32u);
  for (std::size_t i = 0; i < 32; ++i) EXPECT_EQ(y[i], static_cast<float>(31 - i));
}

TEST_P(Dialect, BlocksWaitForEachOtherAtABarrierOfTheGrid) {
  const char* const text = R"(
#include <cooperative_groups.h>
extern "C" __global__ void k(int* part, int* y, int missing) {
  __shared__ int own[64];
  extern __shared__ int also[];
  auto grid = cooperative_groups::this_grid();
  own[threadIdx.x] = also[threadIdx.x] = grid.thread_rank();
  __syncthreads();
  if (threadIdx.x == 0)
    for (int i = 0; i < 64; ++i) part[blockIdx.x] += own[i];
  if (blockIdx.x == missing) return;
  grid.sync();
  int sum = 0;
  for (int i = 0; i < gridDim.x; ++i) sum += part[i];
  grid.sync();
  y[grid.thread_rank()] = sum + own[threadIdx.x] + also[63 - threadIdx.x];
}
)";
  const auto bench = [](std::int32_t missing) {
    return Bench()
        .inout("part", std::vector<std::int32_t>(5, 0))
        .out<std::int32_t>("y", 320)
        .scalar("missing", missing);
  };
  const Launch launch{{5, 1, 1}, {64, 1, 1}, 256};
  const auto y = output<std::int32_t>(source_of(text, "k"), launch, bench(-1), 1);
  ASSERT_EQ(y.size(), 320u);
  for (int t = 0; t < 320; ++t)
    EXPECT_EQ(y[static_cast<std::size_t>(t)], 319 * 160 + t + t / 64 * 64 + 63 - t % 64) << t;
  EXPECT_EQ(failure_of(*device, source_of(text, "k"), launch, bench(3).workload).message,
            "deadlock: 4 blocks wait at a barrier of the whole grid, 1 have returned");
}

TEST(GridBarrier, AsManyThreadsMeetAsAreAllowedAndOneBlockMoreIsRefused) {
  const auto device = make_cpu_device();
  const Source source = source_of(R"(
#include <cooperative_groups.h>
extern "C" __global__ void k(int* y) { cooperative_groups::this_grid().sync(); y[threadIdx.x] = 1; }
)",
                                  "k");
  const auto bench = Bench().out<std::int32_t>("y", 1024);
  constexpr std::uint32_t most = cpu::Executor::most_threads_at_once / 1024;
  const auto result = run_once(*device, source, {{most, 1, 1}, {1024, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(values_of<std::int32_t>((*result)[0]), std::vector<std::int32_t>(1024, 1));
  EXPECT_EQ(failure_of(*device, source, {{most + 1, 1, 1}, {1024, 1, 1}, 0}, bench.workload).stage,
            Stage::launch);
}

TEST_P(Dialect, LambdasStructsAndNoinlineFunctions) {
  EXPECT_EQ(results<float>(R"(
  const auto twice = [](float v) { return 2 * v; };
  y[t] = fold((float)t, [] __device__ (float a, float b) { return a + b; }) + twice(Op<float, 3>()(1));)",
                           32, 32, R"(
template <class T, int N> struct Op { __device__ T operator()(T v) const { return v * T(N); } };
template <class T, class F> __device__ __noinline__ T fold(T v, F f) {
  for (int o = 16; o > 0; o >>= 1) v = f(v, __shfl_xor_sync(~0u, v, o));
  return v;
})"),
            std::vector<float>(32, 496 + 6));
}

}  // namespace
}  // namespace evotune::cpu_test
