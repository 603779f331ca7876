// device_cpu_measure [COMPILER]: compile and run times of a GEMM, and
// what a barrier and a shuffle cost each thread.
// A program, not a test: what it prints is for docs/, from the release preset on a quiet machine.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "bench.h"

namespace evotune::cpu_test {
namespace {

const char* const gemm = R"(
extern "C" __global__ void __launch_bounds__(256)
gemm(const float* __restrict__ A, const float* __restrict__ B, float* __restrict__ C, int M, int N,
     int K) {
  constexpr int BM = 64, BN = 64, BK = 16, TM = 4, TN = 4;
  __shared__ float As[BM][BK + 1];
  __shared__ float Bs[BK][BN];
  const int tx = threadIdx.x % (BN / TN), ty = threadIdx.x / (BN / TN);
  const int row0 = blockIdx.y * BM, col0 = blockIdx.x * BN;
  float acc[TM][TN] = {};
  for (int k0 = 0; k0 < K; k0 += BK) {
    for (int e = threadIdx.x; e < BM * BK; e += 256)
      As[e / BK][e % BK] = A[(row0 + e / BK) * K + k0 + e % BK];
    for (int e = threadIdx.x; e < BK * BN; e += 256)
      Bs[e / BN][e % BN] = B[(k0 + e / BN) * N + col0 + e % BN];
    __syncthreads();
#pragma unroll
    for (int k = 0; k < BK; k++) {
      float a[TM], b[TN];
      for (int i = 0; i < TM; i++) a[i] = As[ty * TM + i][k];
      for (int j = 0; j < TN; j++) b[j] = Bs[k][tx * TN + j];
      for (int i = 0; i < TM; i++)
        for (int j = 0; j < TN; j++) acc[i][j] += a[i] * b[j];
    }
    __syncthreads();
  }
  for (int i = 0; i < TM; i++)
    for (int j = 0; j < TN; j++) C[(row0 + ty * TM + i) * N + col0 + tx * TN + j] = acc[i][j];
}
)";

const char* const barriers = R"(
extern "C" __global__ void barriers(int* out, int n) {
  for (int i = 0; i < n; i++) __syncthreads();
  out[threadIdx.x] = n;
}
)";

const char* const shuffles = R"(
extern "C" __global__ void shuffles(int* out, int n) {
  int v = threadIdx.x;
  for (int i = 0; i < n; i++) v = __shfl_xor_sync(~0u, v, 1);
  out[threadIdx.x] = v;
}
)";

struct Cost {
  Seconds compile = 0, run = 0;
};

Cost best_of(Device& device, const Source& source, const Launch& launch, const Workload& workload) {
  constexpr int repetitions = 15;
  Cost best{1e9, 1e9};
  for (int i = 0; i < 5; ++i) {
    const auto compiled = device.compile(source);
    if (!compiled) {
      fmt::print("{}\n", compiled.error().message);
      std::exit(1);
    }
    best.compile = std::min(best.compile, compiled->facts.compile_seconds);
  }
  auto loaded = device.load(*device.compile(source), launch, workload);
  for (int i = 0; i < repetitions; ++i)
    best.run = std::min(best.run, (*loaded)->run({.launches = 1, .flush = true})->seconds);
  return best;
}

void measure(const std::string& compiler) {
  const auto device = make_cpu_device({.compiler = compiler});
  fmt::print("{}, {}\n", device->info().compiler, device->info().name);
  const std::int32_t n = 512;
  const std::vector<float> ones(std::size_t{512} * 512, 1.f);
  const auto product = Bench().in("A", ones).in("B", ones).out<float>("C", ones.size());
  const Cost cost = best_of(*device, source_of(gemm, "gemm"), {{8, 8, 1}, {256, 1, 1}, 0},
                            Bench(product).scalar("M", n).scalar("N", n).scalar("K", n).workload);
  fmt::print("GEMM 512^3: compile {:.0f} ms, run {:.1f} ms\n", cost.compile * 1e3, cost.run * 1e3);

  const std::int32_t rounds = 10'000, threads = 256;
  for (const auto& [name, text] :
       {std::pair("barriers", barriers), std::pair("shuffles", shuffles)}) {
    const Cost wait =
        best_of(*device, source_of(text, name), {{1, 1, 1}, {256, 1, 1}, 0},
                Bench().out<std::int32_t>("out", threads).scalar("n", rounds).workload);
    fmt::print("{}: {:.1f} ns a thread\n", name, wait.run / rounds / threads * 1e9);
  }
}

}  // namespace
}  // namespace evotune::cpu_test

int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  for (const std::string& compiler : wanted.empty() ? evotune::cpu_test::compilers() : wanted)
    evotune::cpu_test::measure(compiler);
}
