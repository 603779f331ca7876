#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "bench.h"

namespace evotune::cpu_test {
namespace {

std::vector<float> random_floats(std::size_t count, std::uint64_t stream) {
  Rng rng(7, stream);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform() * 2 - 1);
  return values;
}

double largest_difference(const std::vector<float>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::fabs(static_cast<double>(a[i]) - b[i]);
    if (!(difference <= largest)) largest = difference;
    if (std::isnan(largest)) return INFINITY;
  }
  return largest;
}

const char* const tiled_gemm = R"(
template <int TILE, int WORK>
__global__ void __launch_bounds__((TILE / WORK) * (TILE / WORK))
gemm(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int m, int n,
     int k) {
  __shared__ float as[TILE][17];
  __shared__ float bs[16][TILE];
  const int side = TILE / WORK, threads = side * side;
  const int tx = threadIdx.x % side, ty = threadIdx.x / side;
  const int row0 = blockIdx.y * TILE, col0 = blockIdx.x * TILE;
  float sum[WORK][WORK] = {};
  for (int k0 = 0; k0 < k; k0 += 16) {
    for (int e = threadIdx.x; e < TILE * 16; e += threads) {
      const int row = row0 + e / 16, col = k0 + e % 16;
      as[e / 16][e % 16] = row < m && col < k ? a[row * k + col] : 0.f;
    }
    for (int e = threadIdx.x; e < 16 * TILE; e += threads) {
      const int row = k0 + e / TILE, col = col0 + e % TILE;
      bs[e / TILE][e % TILE] = row < k && col < n ? b[row * n + col] : 0.f;
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 16; i++)
#pragma unroll
      for (int y = 0; y < WORK; y++)
#pragma unroll
        for (int x = 0; x < WORK; x++) sum[y][x] += as[ty * WORK + y][i] * bs[i][tx * WORK + x];
    __syncthreads();
  }
  for (int y = 0; y < WORK; y++)
    for (int x = 0; x < WORK; x++) {
      const int row = row0 + ty * WORK + y, col = col0 + tx * WORK + x;
      if (row < m && col < n) c[row * n + col] = sum[y][x];
    }
}
)";

const char* const row_softmax = R"(
__device__ __forceinline__ float warp_max(float v) {
  for (int o = 16; o; o >>= 1) v = fmaxf(v, __shfl_xor_sync(0xffffffffu, v, o));
  return v;
}
__device__ __forceinline__ float warp_sum(float v) {
  for (int o = 16; o; o >>= 1) v += __shfl_down_sync(0xffffffffu, v, o);
  return v;
}
extern "C" __global__ void softmax(const float* __restrict__ x, float* __restrict__ y, int cols) {
  __shared__ float part[32];
  __shared__ float whole;
  const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  const float* row = x + (size_t)blockIdx.x * cols;
  float m = -INFINITY;
  for (int c = threadIdx.x; c < cols; c += blockDim.x) m = fmaxf(m, row[c]);
  m = warp_max(m);
  if (lane == 0) part[warp] = m;
  __syncthreads();
  if (warp == 0) {
    const float t = warp_max(lane < warps ? part[lane] : -INFINITY);
    if (lane == 0) whole = t;
  }
  __syncthreads();
  m = whole;
  float s = 0.f;
  for (int c = threadIdx.x; c < cols; c += blockDim.x) s += __expf(row[c] - m);
  s = warp_sum(s);
  __syncthreads();
  if (lane == 0) part[warp] = s;
  __syncthreads();
  if (warp == 0) {
    const float t = warp_sum(lane < warps ? part[lane] : 0.f);
    if (lane == 0) whole = t;
  }
  __syncthreads();
  for (int c = threadIdx.x; c < cols; c += blockDim.x)
    y[(size_t)blockIdx.x * cols + c] = __expf(row[c] - m) / whole;
}
)";

const char* const reduce_sum = R"(
extern "C" __global__ void reduce_sum(const float* x, float* sum, int n) {
  extern __shared__ __align__(16) float part[];
  float v = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) v += x[i];
  part[threadIdx.x] = v;
  __syncthreads();
  for (int o = blockDim.x / 2; o >= 32; o >>= 1) {
    if (threadIdx.x < o) part[threadIdx.x] += part[threadIdx.x + o];
    __syncthreads();
  }
  if (threadIdx.x < 32) {
    v = part[threadIdx.x];
    for (int o = 16; o; o >>= 1) v += __shfl_down_sync(~0u, v, o);
    if (threadIdx.x == 0) *sum = v;
  }
}
)";

class Kernels : public WithCompiler {};
EVOTUNE_WITH_EVERY_COMPILER(Kernels);

struct GemmSize {
  std::size_t m, n, k;
};

Bench gemm_bench(const GemmSize& s) {
  return Bench()
      .in("a", random_floats(s.m * s.k, 1))
      .in("b", random_floats(s.k * s.n, 2))
      .out<float>("c", s.m * s.n)
      .scalar("m", static_cast<std::int32_t>(s.m))
      .scalar("n", static_cast<std::int32_t>(s.n))
      .scalar("k", static_cast<std::int32_t>(s.k));
}

std::vector<double> gemm_reference(const GemmSize& s) {
  const auto a = random_floats(s.m * s.k, 1), b = random_floats(s.k * s.n, 2);
  std::vector<double> c(s.m * s.n);
  for (std::size_t i = 0; i < s.m; ++i)
    for (std::size_t q = 0; q < s.k; ++q)
      for (std::size_t j = 0; j < s.n; ++j)
        c[i * s.n + j] += static_cast<double>(a[i * s.k + q]) * static_cast<double>(b[q * s.n + j]);
  return c;
}

Launch gemm_launch(const GemmSize& s, std::uint32_t tile, std::uint32_t work) {
  const auto tiles = [tile](std::size_t n) {
    return (static_cast<std::uint32_t>(n) + tile - 1) / tile;
  };
  return {{tiles(s.n), tiles(s.m), 1}, {(tile / work) * (tile / work), 1, 1}, 0};
}

TEST_P(Kernels, TiledGemmsOfSeveralTilesMatchTheReference) {
  const GemmSize size{65, 97, 33};
  const struct { std::uint32_t tile, work; } variants[] = {{32, 1}, {32, 2}, {64, 4}};
  for (const auto& [tile, work] : variants) {
    const std::string entry = "gemm<" + std::to_string(tile) + ", " + std::to_string(work) + ">";
    const auto c = output<float>(source_of(tiled_gemm, entry), gemm_launch(size, tile, work),
                                 gemm_bench(size), 2);
    EXPECT_LT(largest_difference(c, gemm_reference(size)), 1e-5) << entry;
  }
}

TEST_P(Kernels, SoftmaxWithShufflesMatchesTheReference) {
  const std::size_t rows = 5, cols = 301;
  const auto x = random_floats(rows * cols, 3);
  std::vector<double> expected(rows * cols);
  for (std::size_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < cols; ++c) sum += std::exp(static_cast<double>(x[r * cols + c]));
    for (std::size_t c = 0; c < cols; ++c)
      expected[r * cols + c] = std::exp(static_cast<double>(x[r * cols + c])) / sum;
  }
  const auto bench =
      Bench().in("x", x).out<float>("y", rows * cols).scalar("cols", std::int32_t{cols});
  const auto y =
      output<float>(source_of(row_softmax, "softmax"), {{rows, 1, 1}, {128, 1, 1}, 0}, bench, 1);
  EXPECT_LT(largest_difference(y, expected), 1e-7);
}

TEST_P(Kernels, ReductionsInDynamicSharedMemoryMatchTheReference) {
  const auto x = random_floats(10'000, 4);
  double expected = 0;
  for (const float value : x) expected += static_cast<double>(value);
  const auto bench = Bench().in("x", x).out<float>("sum", 1).scalar("n", std::int32_t{10'000});
  const auto sum =
      output<float>(source_of(reduce_sum, "reduce_sum"), {{1, 1, 1}, {256, 1, 1}, 1024}, bench, 1);
  EXPECT_LT(largest_difference(sum, {expected}), 1e-3);
}

TEST_P(Kernels, EveryOrderOfThreadsGivesACorrectKernelsAnswer) {
  const GemmSize size{40, 70, 20};
  for (const auto order : {cpu::Order::forward, cpu::Order::reverse, cpu::Order::random}) {
    const auto ordered = make_cpu_device({.compiler = GetParam(), .order = order});
    const auto result = run_once(*ordered, source_of(tiled_gemm, "gemm<32, 2>"),
                                 gemm_launch(size, 32, 2), gemm_bench(size).workload);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_LT(largest_difference(values_of<float>((*result).at(2)), gemm_reference(size)), 1e-5);
  }
}

TEST_P(Kernels, SomeOrderShowsAMissingBarrier) {
  const char* const text = R"(
extern "C" __global__ void turn(const float* x, float* y) {
  __shared__ float s[64];
  s[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = s[63 - threadIdx.x];
})";
  const auto x = random_floats(64, 5);
  const auto bench = Bench().in("x", x).out<float>("y", 64);
  int wrong = 0;
  for (const auto order : {cpu::Order::forward, cpu::Order::reverse}) {
    const auto ordered = make_cpu_device({.compiler = GetParam(), .order = order});
    const auto result =
        run_once(*ordered, source_of(text, "turn"), {{1, 1, 1}, {64, 1, 1}, 0}, bench.workload);
    ASSERT_TRUE(result) << result.error().message;
    // Shared memory was poisoned, so what was read too early is a NaN.
    for (const float value : values_of<float>((*result).at(1))) wrong += std::isnan(value);
  }
  EXPECT_EQ(wrong, 64);
}

TEST_P(Kernels, ATimedRunLaunchesAsOftenAsAsked) {
  const char* const text = "extern \"C\" __global__ void count(int* n) { atomicAdd(n, 1); }";
  const auto compiled = device->compile(source_of(text, "count"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = Bench().inout("n", std::vector<std::int32_t>{0});
  auto loaded = device->load(*compiled, {{3, 1, 1}, {40, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const auto sample = (*loaded)->run({.launches = 5, .flush = true});
  ASSERT_TRUE(sample) << sample.error().message;
  EXPECT_EQ(values_of<std::int32_t>((*(*loaded)->read()).at(0)).at(0), 5 * 3 * 40);
  EXPECT_GT(sample->seconds, 0);
  EXPECT_GE(sample->host_seconds, sample->seconds * 5);
}

TEST_P(Kernels, RunsRestoreInoutsPoisonOutputsAndChangeInputSets) {
  const char* const text =
      "extern \"C\" __global__ void k(const float* x, float* io, float* out) {"
      "  io[threadIdx.x] += x[threadIdx.x]; if (threadIdx.x == 0) out[0] = 1; }";
  const auto compiled = device->compile(source_of(text, "k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  auto bench = Bench()
                   .in("x", std::vector<float>{1, 2})
                   .inout("io", std::vector<float>{10, 20})
                   .out<float>("out", 2)
                   .also_with(0, bytes_of(std::vector<float>{3, 4}));
  auto loaded = device->load(*compiled, {{1, 1, 1}, {2, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (const std::size_t set : {0u, 0u, 1u, 0u, 1u}) {
    ASSERT_TRUE((*loaded)->run({.input_set = set, .flush = false}));
    const auto buffers = *(*loaded)->read();
    EXPECT_TRUE(buffers.at(0).empty());
    const std::vector<float> expected =
        set == 0 ? std::vector<float>{11, 22} : std::vector<float>{13, 24};
    EXPECT_EQ(values_of<float>(buffers.at(1)), expected);
    EXPECT_TRUE(std::isnan(values_of<float>(buffers.at(2)).at(1)));
  }
  ASSERT_TRUE((*loaded)->run({.flush = false, .finite_poison = true}));
  EXPECT_TRUE(std::isfinite(values_of<float>((*(*loaded)->read()).at(2)).at(1)));
}

TEST_P(Kernels, ScratchWithValuesHasThemBeforeEveryRun) {
  const auto compiled = device->compile(source_of(
      "extern \"C\" __global__ void k(int* turn, float* y) { y[0] = atomicAdd(turn, 1); }", "k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = Bench().scratch("turn", std::vector<std::int32_t>{7}).out<float>("y", 1);
  auto loaded = device->load(*compiled, {{1, 1, 1}, {1, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE((*loaded)->run(check_run));
    EXPECT_EQ(values_of<float>((*(*loaded)->read()).at(1)).at(0), 7);
  }
}

TEST_P(Kernels, StaticSharedMemoryIsReportedForTheEntryAlone) {
  const char* const text = R"(
template <int N> __global__ void small(float* y) { __shared__ float s[N]; s[threadIdx.x] = 1; __syncthreads(); y[threadIdx.x] = s[N - 1 - threadIdx.x]; }
extern "C" __global__ void large(float* y) { __shared__ float s[5000]; s[threadIdx.x] = 1; __syncthreads(); y[threadIdx.x] = s[63 - threadIdx.x]; }
)";
  const auto compiled = device->compile(source_of(text, "small<64>"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_EQ(compiled->facts.static_shared_bytes, 256);
  EXPECT_GT(compiled->facts.compile_seconds, 0);
}

TEST_P(Kernels, ConstantsFillVariablesByName) {
  const char* const text = R"(
__constant__ float weights[8];
namespace ns { static __constant__ int shift; }
__device__ float offset;
__constant__ float s;  // "s" is also how a symbol names the type short
static __device__ int hidden[2];
namespace { __device__ int deeper; }
extern "C" __global__ void k(float* y) {
  y[threadIdx.x] = weights[threadIdx.x] * (1 << ns::shift) + offset + s + hidden[1] + deeper;
}
)";
  const auto bench = Bench()
                         .constant("weights", std::vector<float>{1, 2, 3, 4})
                         .constant("ns::shift", std::vector<std::int32_t>{3})
                         .constant("offset", std::vector<float>{0.5f})
                         .constant("s", std::vector<float>{100})
                         .constant("hidden", std::vector<std::int32_t>{0, 1000})
                         .constant("deeper", std::vector<std::int32_t>{10000})
                         .out<float>("y", 4);
  const auto y = output<float>(source_of(text, "k"), {{1, 1, 1}, {4, 1, 1}, 0}, bench, 6);
  EXPECT_EQ(y, (std::vector<float>{11108.5f, 11116.5f, 11124.5f, 11132.5f}));
}

TEST_P(Kernels, SubnormalsAreKeptAsOnAGpu) {
  const char* const text =
      "extern \"C\" __global__ void k(const float* x, float* y) { *y = *x * 0.5f; }";
  const float tiny = 1e-38f;
  const auto bench = Bench().in("x", std::vector<float>{tiny}).out<float>("y", 1);
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"--use_fast_math"}}) {
    const auto y = output<float>(source_of(text, "k", options), {}, bench, 1);
    EXPECT_EQ(y, std::vector<float>{tiny * 0.5f});
  }
}

TEST_P(Kernels, TwoThatLiveAtOnceAreNotTakenForEachOther) {
  // dlopen knows libraries by path; a second image once got the first one's code.
  const auto adding = [](const char* what) {
    return source_of(
        std::string("extern \"C\" __global__ void add(float* y) { y[threadIdx.x] += ") + what +
            "; }",
        "add");
  };
  Bench bench;
  bench.inout<float>("y", {0, 0});
  const Launch launch{{1, 1, 1}, {2, 1, 1}, 0};
  std::vector<std::unique_ptr<Loaded>> loaded;
  for (const char* what : {"1.f", "2.f", "3.f"}) {
    const auto compiled = device->compile(adding(what));
    ASSERT_TRUE(compiled);
    auto one = device->load(*compiled, launch, bench.workload);
    ASSERT_TRUE(one) << one.error().message;
    loaded.push_back(*std::move(one));
  }
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    ASSERT_TRUE(loaded[i]->run(check_run));
    const auto outputs = loaded[i]->read();
    ASSERT_TRUE(outputs);
    EXPECT_EQ(values_of<float>((*outputs)[0])[1], static_cast<float>(i + 1));
  }
}

}  // namespace
}  // namespace evotune::cpu_test
