#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "bench.h"

namespace evotune::cpu_test {
namespace {

/// A small floating type by its definition: `fraction` bits, exponents from `lowest` to `highest`.
struct Format {
  int fraction, lowest, highest;

  [[nodiscard]] double value(std::uint16_t bits) const {
    const int exponent = (bits & 0x7fff) >> fraction, rest = bits & ((1 << fraction) - 1);
    const double sign = (bits & 0x8000) != 0 ? -1 : 1;
    if (exponent == highest - lowest + 2) return rest != 0 ? NAN : sign * INFINITY;
    if (exponent == 0) return sign * std::ldexp(rest, lowest - fraction);
    return sign * std::ldexp(rest + (1 << fraction), exponent - 1 + lowest - fraction);
  }

  /// The nearest value, ties to even, of a number that is not NaN.
  [[nodiscard]] std::uint16_t nearest(long double x) const {
    const unsigned sign = std::signbit(x) ? 0x8000u : 0u;
    const auto infinite = static_cast<unsigned>(highest - lowest + 2) << fraction;
    const long double magnitude = std::fabs(x);
    if (magnitude == 0) return static_cast<std::uint16_t>(sign);
    if (std::isinf(magnitude)) return static_cast<std::uint16_t>(sign | infinite);
    const int exponent = std::max(std::ilogb(magnitude), lowest);
    const long double steps = std::nearbyint(std::ldexp(magnitude, fraction - exponent));
    // In steps of the last place bits count up without a gap, through every power of two.
    const auto bits = static_cast<std::uint64_t>(steps) +
                      (static_cast<std::uint64_t>(exponent - lowest) << fraction);
    return static_cast<std::uint16_t>(sign | std::min<std::uint64_t>(bits, infinite));
  }
};

constexpr Format half{10, -14, 15};
constexpr Format bfloat16{7, -126, 127};

std::vector<std::uint16_t> every_pattern() {
  std::vector<std::uint16_t> all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  return all;
}

/// Every value of the format, the points half way between neighbours, and the floats next to those.
std::vector<float> awkward_floats(const Format& format) {
  std::vector<float> floats;
  for (const std::uint16_t bits : every_pattern()) {
    const double here = format.value(bits);
    if (std::isnan(here)) continue;
    const double next = format.value(static_cast<std::uint16_t>(bits + 1));
    const double middle = std::isfinite(next) ? (here + next) / 2 : here * 1.0001;
    for (const double value : {here, middle}) {
      const auto x = static_cast<float>(value);
      floats.insert(floats.end(), {x, std::nextafterf(x, INFINITY), std::nextafterf(x, -INFINITY)});
    }
  }
  return floats;
}

std::uint32_t blocks_for(std::size_t threads) {
  return static_cast<std::uint32_t>((threads + 255) / 256);
}

Source half_source(std::string text, const std::string& type,
                   std::vector<std::string> options = {}) {
  options.push_back("-DT=" + type);
  return source_of("#include <cuda_fp16.h>\n#include <cuda_bf16.h>\n" + std::move(text), "k",
                   std::move(options));
}

struct Case {
  const Format* format;
  std::string type;
  std::vector<std::string> options;
};

class Halves : public WithCompiler {
 protected:
  /// The last is what compilers without a type of 16 bits do with half.
  const std::vector<Case> cases = {{&half, "__half", {}},
                                   {&bfloat16, "__nv_bfloat16", {}},
                                   {&half, "__half", {"-DEVOTUNE_SOFTWARE_HALF"}}};
};
EVOTUNE_WITH_EVERY_COMPILER(Halves);

TEST_P(Halves, EveryPatternWidensToItsExactValue) {
  const char* const text =
      "extern \"C\" __global__ void k(const T* x, float* y, int n) {"
      "  const int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = float(x[i]); }";
  for (const Case& c : cases) {
    const auto patterns = every_pattern();
    const auto bench =
        Bench().in("x", patterns).out<float>("y", 65536).scalar("n", std::int32_t{65536});
    const auto y = output<float>(half_source(text, c.type, c.options),
                                 {{256, 1, 1}, {256, 1, 1}, 0}, bench, 1);
    ASSERT_EQ(y.size(), patterns.size());
    for (const std::uint16_t bits : patterns) {
      const double expected = c.format->value(bits);
      const bool same = std::isnan(expected) ? std::isnan(y[bits])
                                             : static_cast<double>(y[bits]) == expected &&
                                                   std::signbit(y[bits]) == std::signbit(expected);
      ASSERT_TRUE(same) << c.type << " " << bits << ": " << y[bits];
    }
  }
}

TEST_P(Halves, FloatsNarrowToTheNearestTiesToEven) {
  const char* const text =
      "extern \"C\" __global__ void k(const float* x, T* y, int n) {"
      "  const int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = T(x[i]); }";
  for (const Case& c : cases) {
    const auto x = awkward_floats(*c.format);
    const auto bench = Bench()
                           .in("x", x)
                           .out<std::uint16_t>("y", x.size())
                           .scalar("n", static_cast<std::int32_t>(x.size()));
    const auto y = output<std::uint16_t>(half_source(text, c.type, c.options),
                                         {{blocks_for(x.size()), 1, 1}, {256, 1, 1}, 0}, bench, 1);
    ASSERT_EQ(y.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(y[i], c.format->nearest(x[i])) << c.type << " " << std::hexfloat << x[i];
  }
}

TEST_P(Halves, NanStaysNan) {
  const char* const text =
      "extern \"C\" __global__ void k(const float* x, int* y) { y[0] = __hisnan(T(x[0])); }";
  for (const Case& c : cases)
    EXPECT_EQ(
        output<std::int32_t>(half_source(text, c.type, c.options), {},
                             Bench().in("x", std::vector<float>{NAN}).out<std::int32_t>("y", 1), 1),
        std::vector<std::int32_t>{1});
}

/// Random values near 1, where every operation rounds, and now and then far from it.
std::vector<std::uint16_t> random_values(const Format& format, std::size_t count,
                                         std::uint64_t stream) {
  Rng rng(11, stream);
  std::vector<std::uint16_t> values(count);
  for (std::uint16_t& bits : values) {
    const int spread = rng.below(4) == 0 ? 14 : 4;
    const double x =
        (rng.uniform() * 2 - 1) *
        std::ldexp(1.0,
                   static_cast<int>(rng.below(static_cast<std::uint64_t>(2 * spread))) - spread);
    bits = format.nearest(static_cast<long double>(x));
  }
  return values;
}

TEST_P(Halves, ArithmeticIsRoundedOnce) {
  const char* const text = R"(
extern "C" __global__ void k(const T* a, const T* b, const T* c, T* y, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  y[i] = a[i] + b[i];
  y[n + i] = __hsub(a[i], b[i]);
  y[2 * n + i] = a[i] * b[i];
  y[3 * n + i] = a[i] / b[i];
  y[4 * n + i] = __hfma(a[i], b[i], c[i]);
}
)";
  constexpr std::size_t n = 40'000;
  for (const Case& c : cases) {
    const Format& f = *c.format;
    const auto a = random_values(f, n, 1), b = random_values(f, n, 2), d = random_values(f, n, 3);
    const auto bench = Bench()
                           .in("a", a)
                           .in("b", b)
                           .in("c", d)
                           .out<std::uint16_t>("y", 5 * n)
                           .scalar("n", static_cast<std::int32_t>(n));
    const auto y = output<std::uint16_t>(half_source(text, c.type, c.options),
                                         {{blocks_for(n), 1, 1}, {256, 1, 1}, 0}, bench, 3);
    ASSERT_EQ(y.size(), 5 * n);
    for (std::size_t i = 0; i < n; ++i) {
      const long double u = f.value(a[i]), v = f.value(b[i]), w = f.value(d[i]);
      if (v == 0) continue;
      ASSERT_EQ(y[i], f.nearest(u + v)) << c.type;
      ASSERT_EQ(y[n + i], f.nearest(u - v)) << c.type;
      ASSERT_EQ(y[2 * n + i], f.nearest(u * v)) << c.type;
      ASSERT_EQ(y[3 * n + i], f.nearest(u / v)) << c.type;
      ASSERT_EQ(y[4 * n + i], f.nearest(u * v + w)) << c.type << " " << u << " " << v << " " << w;
    }
  }
}

TEST_P(Halves, PairsShufflesAndAtomicsWork) {
  const char* const text = R"(
extern "C" __global__ void k(const __half2* x, float* y, __half* sum) {
  __shared__ __half total;
  if (threadIdx.x == 0) total = __float2half(0.f);
  __syncthreads();
  __half2 v = __hfma2(x[threadIdx.x], __float2half2_rn(2.f), __floats2half2_rn(1.f, -1.f));
  v = __hadd2(v, __shfl_xor_sync(0xffffffffu, v, 1));
  const float2 f = __half22float2(v);
  y[2 * threadIdx.x] = f.x;
  y[2 * threadIdx.x + 1] = f.y;
  atomicAdd(&total, __low2half(x[threadIdx.x]));
  __syncthreads();
  if (threadIdx.x == 0 && total > __half(3) && !(total != total)) *sum = total;
}
)";
  std::vector<std::uint16_t> x;
  for (int i = 0; i < 64; ++i) x.push_back(half.nearest(i / 8.0L));
  const auto bench = Bench().in("x", x).out<float>("y", 64).out<std::uint16_t>("sum", 1);
  const auto result =
      run_once(*device, half_source(text, "half"), {{1, 1, 1}, {32, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(result) << result.error().message;
  const auto y = values_of<float>((*result).at(1));
  for (std::size_t i = 0; i < 32; ++i) {
    const auto low = [](std::size_t lane) { return static_cast<float>(lane) / 4; };
    EXPECT_EQ(y[2 * i], 2 * (low(i) + low(i ^ 1)) + 2);
    EXPECT_EQ(y[2 * i + 1], 2 * (low(i) + low(i ^ 1) + 0.25f) - 2);
  }
  EXPECT_EQ(half.value(values_of<std::uint16_t>((*result).at(2)).at(0)), 31 * 32 / 2 / 4.0);
}

TEST_P(Halves, AHalfGemmMatchesTheReference) {
  const char* const text = R"(
template <typename T, int TILE>
__global__ void gemm(const T* a, const T* b, float* c, int n) {
  __shared__ T as[TILE][TILE], bs[TILE][TILE];
  const int row = blockIdx.y * TILE + threadIdx.y, col = blockIdx.x * TILE + threadIdx.x;
  float sum = 0;
  for (int k = 0; k < n; k += TILE) {
    as[threadIdx.y][threadIdx.x] = a[row * n + k + threadIdx.x];
    bs[threadIdx.y][threadIdx.x] = b[(k + threadIdx.y) * n + col];
    __syncthreads();
    for (int i = 0; i < TILE; i++) sum += __half2float(as[threadIdx.y][i] * bs[i][threadIdx.x]);
    __syncthreads();
  }
  c[row * n + col] = sum;
}
)";
  constexpr std::size_t n = 64;
  std::vector<std::uint16_t> a(n * n), b(n * n);  // small enough for no product to overflow
  Rng rng(13);
  for (std::size_t i = 0; i < n * n; ++i) {
    a[i] = half.nearest(static_cast<long double>(rng.uniform() * 2 - 1));
    b[i] = half.nearest(static_cast<long double>(rng.uniform() * 2 - 1));
  }
  Source source = half_source(text, "half");
  source.entry = "gemm<half, 16>";
  const auto bench =
      Bench().in("a", a).in("b", b).out<float>("c", n * n).scalar("n", std::int32_t{n});
  const auto c = output<float>(source, {{4, 4, 1}, {16, 16, 1}, 0}, bench, 2);
  ASSERT_EQ(c.size(), n * n);
  for (std::size_t i = 0; i < n * n; ++i) {
    float sum = 0;
    for (std::size_t k = 0; k < n; ++k)
      sum += static_cast<float>(half.value(half.nearest(
          static_cast<long double>(half.value(a[i / n * n + k]) * half.value(b[k * n + i % n])))));
    ASSERT_EQ(c[i], sum);
  }
}

}  // namespace
}  // namespace evotune::cpu_test
