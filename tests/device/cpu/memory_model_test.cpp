// What one line each costs, in a kernel of one warp (or of more blocks than are followed).
#include <gtest/gtest.h>

#include <algorithm>

#include "asked_compilers.h"

namespace evotune::cpu_test {
namespace {

constexpr const char* lines_of_all_kinds = R"(
extern "C" __global__ void k(const float* x, float* y, int* z, int n) {
  __shared__ float s[32 * 33];
  __shared__ float4 wide[32];
  const int t = threadIdx.x;
  float sum = 0;
  s[t] = 1;                                              // 7
  sum += s[2 * t];                                       // 8
  sum += s[32 * t];                                      // 9
  sum += s[33 * t];                                      // 10
  sum += s[n];                                           // 11
  wide[t] = make_float4(1, 2, 3, 4);                     // 12
  float4 other = wide[31 - t];                           // 13
  sum += other.x + other.y + other.z + other.w;
  atomicAdd(reinterpret_cast<int*>(&s[0]), 1);           // 15
  sum += x[t];                                           // 16
  sum += x[8 * t];                                       // 17
  sum += x[t + 1];                                       // 18
  sum += x[n];                                           // 19
  float4 four = reinterpret_cast<const float4*>(x)[t];   // 20
  sum += four.x * four.y + four.z * four.w;
  if (t < 8) sum += x[t + 64];                           // 22
  for (int i = 0; i < 3; ++i) sum += x[32 * i + t + 96]; // 23
  atomicAdd(&z[t], 1);                                   // 24
  reinterpret_cast<float2*>(y)[t] = make_float2(sum, n); // 25
}
)";

class MemoryModel : public testing::Test {
 protected:
  static Observation observe(std::uint32_t blocks, const std::string& compiler = {},
                             const char* text = lines_of_all_kinds) {
    const auto device = make_cpu_device({.compiler = compiler});
    Source source = source_of(text, "k");
    source.observed = true;
    const auto compiled = device->compile(source);
    const auto bench = Bench()
                           .in("x", std::vector<float>(1024))
                           .out<float>("y", 1024)
                           .inout("z", std::vector<std::int32_t>(32))
                           .scalar("n", std::int32_t{0});
    auto loaded = device->load(*compiled, {{blocks, 1, 1}, {32, 1, 1}, 0}, bench.workload);
    const auto seen = (*loaded)->observe(0, Watch::memory, 10);
    if (!seen) ADD_FAILURE() << seen.error().message;
    return seen ? *seen : Observation{};
  }
  static AccessSite at(const Observation& seen, int line) {
    const auto found =
        std::find_if(seen.sites.begin(), seen.sites.end(),
                     [line](const AccessSite& one) { return one.where.line == line; });
    if (found == seen.sites.end()) ADD_FAILURE() << "nothing in line " << line;
    return found == seen.sites.end() ? AccessSite{} : *found;
  }
};

TEST_F(MemoryModel, CountsWhatAWarpsRequestTakes) {
  struct Line {
    int line;
    bool shared;
    std::uint32_t bytes;
    double requests, transactions, ideal;
  };
  const Line lines[] = {
      {7, true, 4, 1, 1, 1},     // neighbours
      {8, true, 4, 1, 2, 1},     // every second word: two of each bank
      {9, true, 4, 1, 32, 1},    // one bank
      {10, true, 4, 1, 1, 1},    // padded
      {11, true, 4, 1, 1, 1},    // one word for all
      {12, true, 16, 1, 4, 4},   // four phases of eight lanes
      {13, true, 16, 1, 4, 4},   //
      {15, true, 4, 1, 32, 1},   // one after the other
      {16, false, 4, 1, 4, 4},   //
      {17, false, 4, 1, 32, 4},  // a sector for each
      {18, false, 4, 1, 5, 4},   // not aligned
      {19, false, 4, 1, 1, 1},   //
      {20, false, 16, 1, 16, 16}, {22, false, 4, 1, 1, 1}, {23, false, 4, 3, 12, 12},
      {24, false, 4, 1, 4, 4},    {25, false, 8, 1, 8, 8},
  };
  for (const std::string& compiler : asked_compilers()) {
    const Observation seen = observe(1, compiler);
    for (const Line& line : lines) {
      SCOPED_TRACE(compiler + " line " + std::to_string(line.line));
      const AccessSite site = at(seen, line.line);
      EXPECT_EQ(site.shared, line.shared);
      EXPECT_EQ(site.bytes, line.bytes);
      EXPECT_EQ(site.requests, line.requests);
      EXPECT_EQ(site.transactions, line.transactions);
      EXPECT_EQ(site.ideal, line.ideal);
    }
    EXPECT_EQ(at(seen, 15).kind, AccessKind::atomic);
    EXPECT_EQ(at(seen, 25).kind, AccessKind::write);
  }
}

constexpr const char* moves_of_tensor_cores = R"(
#include <mma.h>
using namespace nvcuda;
#define LDMATRIX(a, row)                                                        \
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"  \
               : "=r"(a[0]), "=r"(a[1]), "=r"(a[2]), "=r"(a[3])                 \
               : "r"((unsigned)__cvta_generic_to_shared(row)))
extern "C" __global__ void k(const float* x, float* y, int* z, int n) {
  __shared__ __align__(16) __half narrow[16 * 64];
  __shared__ __align__(16) __half padded[16 * 72];
  __shared__ __align__(16) float sums[16 * 16];
  const int t = threadIdx.x;
  for (int i = t; i < 16 * 64; i += 32) narrow[i] = padded[i] = 0;
  for (int i = t; i < 16 * 72; i += 32) padded[i] = 0;
  __syncwarp();
  unsigned a[4];
  LDMATRIX(a, &narrow[t % 16 * 64 + t / 16 * 8]);                            // 17
  z[t] = a[0] + a[1];
  LDMATRIX(a, &padded[t % 16 * 72 + t / 16 * 8]);                            // 19
  z[t] += a[2] + a[3];
  wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> left;
  wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::col_major> right;
  wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
  wmma::load_matrix_sync(left, narrow, 64);                                  // 24
  wmma::load_matrix_sync(right, padded, 72);                                 // 25
  wmma::fill_fragment(sum, 0.f);
  wmma::mma_sync(sum, left, right, sum);
  wmma::store_matrix_sync(sums, sum, 16, wmma::mem_row_major);               // 28
  __syncwarp();
  wmma::store_matrix_sync(y, sum, 16, wmma::mem_row_major);                  // 30
}
)";

TEST_F(MemoryModel, CountsMovesOfTensorCoresInPhasesOfEightRows) {
  struct Line {
    int line;
    std::uint32_t bytes;
    double transactions, ideal;
  };
  const Line lines[] = {
      {17, 16, 32, 4},   // rows 128 bytes apart: eight of one bank
      {19, 16, 4, 4},    // 144 bytes apart
      {24, 16, 32, 4},   //
      {25, 16, 4, 4},    //
      {28, 16, 32, 8},   // rows of 64 bytes: of eight every second begins in the same bank
      {30, 16, 32, 32},  // global: sectors
  };
  for (const std::string& compiler : asked_compilers()) {
    const Observation seen = observe(1, compiler, moves_of_tensor_cores);
    for (const Line& line : lines) {
      SCOPED_TRACE(compiler + " line " + std::to_string(line.line));
      const AccessSite site = at(seen, line.line);
      EXPECT_EQ(site.bytes, line.bytes);
      EXPECT_EQ(site.requests, 1);
      EXPECT_EQ(site.transactions, line.transactions);
      EXPECT_EQ(site.ideal, line.ideal);
    }
  }
}

TEST_F(MemoryModel, AllowsForTheBlocksThatItDoesNotFollow) {
  const Observation seen = observe(200);
  EXPECT_EQ(seen.blocks, 200u);
  EXPECT_EQ(seen.observed_blocks, 64u);
  EXPECT_NEAR(at(seen, 16).transactions, 4 * 200, 1e-6);
}

}  // namespace
}  // namespace evotune::cpu_test
