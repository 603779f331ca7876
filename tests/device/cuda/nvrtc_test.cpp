#include "device/cuda/nvrtc.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "../scoped_environment.h"
#include "base/file.h"
#include "device/cuda/cubin_facts.h"
#include "real_nvrtc.h"

namespace evotune {
namespace {

using NvrtcTest = RealNvrtc;

class NvrtcWithLibcu : public RealNvrtc {
 protected:
  void SetUp() override {
    RealNvrtc::SetUp();
    if (!IsSkipped() && compiler_.header_folders().size() < 2) GTEST_SKIP() << "no libcu++ headers";
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class NvrtcForArchitecture : public RealNvrtc, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, NvrtcForArchitecture, ::testing::Values("sm_80", "sm_89", "sm_90"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(NvrtcForArchitecture, TheLogsFactsAreThoseOfTheCubin) {
  for (const char* entry : {"plain", "spill<64>"}) {
    const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, entry), GetParam());
    ASSERT_TRUE(compiled) << compiled.error().message;
    const auto own = cubin_facts(compiled->image, compiled->symbol);
    ASSERT_TRUE(own) << compiled->symbol;
    EXPECT_GT(*compiled->facts.registers, 0);
    EXPECT_EQ(compiled->facts.registers, own->registers);
    EXPECT_EQ(compiled->facts.stack_bytes, own->stack_bytes);
    const int reserved = std::string(GetParam()) == "sm_90" && *own->shared_bytes != 0 ? 1024 : 0;
    EXPECT_EQ(*compiled->facts.static_shared_bytes + reserved, *own->shared_bytes);
  }
}

TEST_F(NvrtcTest, ATemplatesEntryIsFoundByItsExpression) {
  const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, "spill<64>"), "sm_90");
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_EQ(compiled->symbol, "_Z5spillILi64EEvPfPKf");
  EXPECT_EQ(compiled->build_id, "0123456789abcdef");
  EXPECT_GT(*compiled->facts.spill_bytes, 0);
  EXPECT_GT(compiled->facts.compile_seconds, 0);
  EXPECT_TRUE(contains(compiled->log, "spill stores"));
}

// NVIDIA's wheels, below AddressSanitizer: NVRTC did not find its second library beside itself.
TEST_F(NvrtcTest, ItsBuiltinsAreOpenBeforeItLooksForThem) {
  const std::string name = "libnvrtc-builtins.so." + compiler_.version().substr(6);
  void* builtins = dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(builtins, nullptr) << name;
  dlclose(builtins);
}

TEST_F(NvrtcTest, AKernelWithACNameIsFound) {
  const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, "plain"), "sm_90");
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_EQ(compiled->symbol, "plain");
  EXPECT_EQ(compiled->facts.static_shared_bytes, 1024);
  EXPECT_EQ(compiled->facts.spill_bytes, 0);
}

TEST_F(NvrtcTest, AKernelNamedLikeAFunctionOfCudasIsFound) {
  const auto compiled = compiler_.compile(
      source_of("__global__ void norm(double* y, int n) { y[n] = norm(3, y); }\n", "norm"),
      "sm_80");
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_EQ(compiled->symbol, "_Z4normPdi");
}

TEST_F(NvrtcTest, AnErrorIsAFailureThatNamesTheLine) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of("#line 7 \"gemm.cu\"\nextern \"C\" __global__ void k() { int a = BMM; }", "k"),
      "sm_90");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::compile);
  EXPECT_TRUE(contains(compiled.error().message, "gemm.cu(7): error: identifier \"BMM\""))
      << compiled.error().message;
  EXPECT_FALSE(contains(compiled.error().message, "detected in the compilation"));
}

TEST_F(NvrtcTest, WhatPtxasRefusesIsAFailureToo) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of("extern \"C\" __global__ void k(float* y) { __shared__ float a[100000];"
                "a[threadIdx.x] = y[0]; __syncthreads(); y[1] = a[y[0] > 1]; }",
                "k"),
      "sm_90");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::compile);
  EXPECT_TRUE(contains(compiled.error().message, "uses too much shared data"));
}

TEST_F(NvrtcTest, AnEntryThatDoesNotExistIsNamed) {
  const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, "gone<3>"), "sm_90");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::compile);
  EXPECT_TRUE(contains(compiled.error().message, "gone")) << compiled.error().message;
}

TEST_F(NvrtcTest, AnOptionItDoesNotKnowIsAFailure) {
  Source source = source_of(two_kernels, "plain");
  source.options = {"--bogus"};
  const Result<Compiled> compiled = compiler_.compile(source, "sm_90");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::compile);
  EXPECT_TRUE(contains(compiled.error().message, "--bogus"));
}

TEST_F(NvrtcTest, TunedOptionsArriveAtTheCompiler) {
  Source source = source_of(two_kernels, "plain");
  source.options = {"--use_fast_math", "--maxrregcount=16", "--std=c++20"};
  const Result<Compiled> compiled = compiler_.compile(source, "sm_90");
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_LE(*compiled->facts.registers, 16);
}

TEST_F(NvrtcTest, TheToolkitsHeadersAndInfinityAreThere) {
  if (compiler_.header_folders().empty()) GTEST_SKIP() << "no CUDA headers";
  const Result<Compiled> compiled = compiler_.compile(
      source_of("#include <cuda_fp16.h>\n#include <mma.h>\n#include <cuda_pipeline.h>\n"
                "extern \"C\" __global__ void k(half* y) { y[0] = __float2half(INFINITY); }",
                "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcTest, WhatNvccDeclaresUnaskedIsThere) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of("#line 3 \"own.cu\"\n"
                "typedef unsigned int uint; typedef unsigned char uint8_t;\n"
                "constexpr uint32_t twice(uint32_t x) { return 2 * x; }\n"
                "struct Pair { float a; float get() const { return a; } };\n"
                "extern \"C\" __global__ void k(float* y, ulong n, size_t m) {\n"
                "  y[twice(n)] = Pair{float(M_PI)}.get() + float(NAN) + uint8_t(m); }",
                "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcTest, FunctionsOfIntegersLimitsAndOldSpellingsAreThere) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of("#include <malloc.h>\n#include <memory.h>\n#ifdef __NVCC__\n"
                "extern \"C\" __global__ void k(double* y, cufftComplex* z, unsigned n) {\n"
                "  register int i = n > UINT_MAX / 2 ? INT_MIN : int(LLONG_MAX);\n"
                "  y[i] = sqrt(i) + pow(2, i) + pow(i, 0.5f) + pow(2.0f, i) + pow(2.0f, 0.5) + "
                "pow(2.0f, threadIdx.x) + pow(2.0, 3L) + log2(n)\n"
                "       + floor(z->x); }\n#endif\n",
                "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcWithLibcu, HeadersOfTheStandardLibrariesAreThere) {
  std::string headers;
  for (const char* one : {"stdint.h", "stdio.h", "math.h", "float.h", "limits.h", "assert.h",
                          "cstdint", "cfloat", "climits", "cmath", "algorithm", "array", "limits",
                          "tuple", "type_traits", "utility", "functional", "cuda.h"})
    headers += std::string("#include <") + one + ">\n";
  const Result<Compiled> compiled = compiler_.compile(
      source_of(headers + "template <typename T> std::enable_if_t<std::is_same_v<T, float>, T>\n"
                          "__device__ larger(T a, T b) { return std::max(a, b); }\n"
                          "extern \"C\" __global__ void k(float* y, std::uint64_t n) {\n"
                          "  std::array<float, 3> a{FLT_MAX, std::sqrt(y[n]), INT_MAX};\n"
                          "  y[0] = larger(a[n % 3], std::numeric_limits<float>::lowest());\n"
                          "  std::swap(y[1], y[2]); assert(n < 3); printf(\"%f\", y[0]); }",
                "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcWithLibcu, AllOfStdIsNotAmbiguous) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of("#include <cmath>\n#include <algorithm>\nusing namespace std;\n"
                "extern \"C\" __global__ void k(float* y) {\n"
                "  y[0] = sqrtf(y[1]) + sqrt(y[2]) + max(y[3], 1.0f) + std::min(y[4], 2.0f);\n"
                "  y[5] = abs(y[6]) + numeric_limits<float>::max() + pow(y[7], 2.0f);\n"
                "  swap(y[1], y[2]); }",
                "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcWithLibcu, BlocksOfCubAreThere) {
  const Result<Compiled> compiled =
      compiler_.compile(source_of("#include <cub/cub.cuh>\n"
                                  "extern \"C\" __global__ void k(float* y) {\n"
                                  "  using Sum = cub::BlockReduce<float, 64>;\n"
                                  "  __shared__ typename Sum::TempStorage scratch;\n"
                                  "  y[0] = Sum(scratch).Sum(y[threadIdx.x]); }",
                                  "k"),
                        "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcWithLibcu, CooperativeGroupsAreThere) {
  const Result<Compiled> compiled = compiler_.compile(
      source_of(
          "#include <cooperative_groups.h>\n"
          "extern \"C\" __global__ void k() { cooperative_groups::this_thread_block().sync(); }",
          "k"),
      "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_F(NvrtcTest, PtxIsText) {
  const Result<std::string> ptx = compiler_.ptx(source_of(two_kernels, "plain"), "sm_89");
  ASSERT_TRUE(ptx) << ptx.error().message;
  EXPECT_TRUE(contains(*ptx, ".target sm_89"));
  EXPECT_TRUE(contains(*ptx, ".entry plain"));
}

TEST_F(NvrtcTest, SeveralThreadsMayCompileTheSameSource) {
  std::vector<std::string> symbols(4);
  std::vector<std::thread> threads;
  for (std::string& symbol : symbols)
    threads.emplace_back([this, &symbol] {
      const auto compiled = compiler_.compile(source_of(two_kernels, "plain"), "sm_80");
      symbol = compiled ? compiled->symbol : compiled.error().message;
    });
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(symbols, std::vector<std::string>(4, "plain"));
}

TEST_F(NvrtcTest, KnowsItselfAndWhatItCanTarget) {
  EXPECT_EQ(compiler_.version().rfind("NVRTC 1", 0), 0U) << compiler_.version();
  EXPECT_FALSE(compiler_.library().empty());
  const std::vector<std::string> architectures = compiler_.architectures();
  EXPECT_NE(std::find(architectures.begin(), architectures.end(), "sm_90"), architectures.end());
}

TEST(NvrtcAbsent, IsSaidWithWhatToDo) {
  const ScopedEnvironment nowhere("EVOTUNE_NVRTC", "/nonexistent/libnvrtc.so");
  const CudaCompiler compiler;
  EXPECT_FALSE(compiler.available());
  EXPECT_TRUE(contains(compiler.why_not(), "/nonexistent/libnvrtc.so")) << compiler.why_not();
  EXPECT_TRUE(contains(compiler.why_not(), "install the CUDA toolkit"));
  EXPECT_EQ(compiler.version(), "");
  EXPECT_TRUE(compiler.architectures().empty());
  const Result<Compiled> compiled = compiler.compile({}, "sm_90");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::infrastructure);
}

TEST(NvrtcAbsent, ALibraryThatIsNoNvrtcIsNotTakenForOne) {
  const CudaCompiler compiler({"libm.so.6"});
  EXPECT_FALSE(compiler.available());
  EXPECT_TRUE(contains(compiler.why_not(), "libm.so.6 is no NVRTC")) << compiler.why_not();
}

}  // namespace
}  // namespace evotune
