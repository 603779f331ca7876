#include <gtest/gtest.h>

#include <map>

#include <cmath>
#include <cstdlib>

#include "base/file.h"
#include "bench.h"
#include "device/cpu/host_compiler.h"

namespace evotune::cpu_test {
namespace {

class Compiling : public WithCompiler {
 protected:
  Failure refusal(const std::string& text, const std::string& entry = "k",
                  const std::vector<std::string>& options = {}) {
    const auto compiled = device->compile(source_of(text, entry, options));
    if (compiled) ADD_FAILURE() << "it compiled";
    return compiled ? Failure{} : compiled.error();
  }
};
EVOTUNE_WITH_EVERY_COMPILER(Compiling);

TEST_P(Compiling, ErrorsNameTheUsersLineAndNothingOfTheShim) {
  const auto failure =
      refusal("#line 1 \"gemm.cu\"\n\n\n__global__ void k(float* y) {\n  y[0] = nothing;\n}\n");
  EXPECT_EQ(failure.stage, Stage::compile);
  EXPECT_TRUE(failure.message.starts_with("gemm.cu:4:10: ")) << failure.message;
  EXPECT_NE(failure.message.find("nothing"), std::string::npos);
  EXPECT_EQ(failure.message.find('\n'), std::string::npos) << failure.message;
}

TEST_P(Compiling, WithoutLineDirectivesTheSourcesOwnLinesAreNamed) {
  const auto failure = refusal("\n__global__ void k(float* y) { y[0] = nothing; }\n");
  EXPECT_TRUE(failure.message.starts_with("kernel.cu:2:")) << failure.message;
}

TEST_P(Compiling, AnErrorInsideTheShimIsMovedToTheLineThatLedThere) {
  const auto failure = refusal(R"(
struct Big { double a, b; };
__global__ void k(double* y) {
  Big big{1, 2};
  y[0] = __shfl_xor_sync(~0u, big, 1).a;
}
)");
  EXPECT_TRUE(failure.message.starts_with("kernel.cu:5:")) << failure.message;
  EXPECT_NE(failure.message.find("a shuffle moves at most 8 bytes"), std::string::npos)
      << failure.message;
}

TEST_P(Compiling, AnEntryThatNamesNoKernelIsSaidToBeIt) {
  const auto failure = refusal("__global__ void gemm(float* y) { y[0] = 1; }", "gem");
  const auto several = refusal(
      "template <class T> __global__ void gemm(T* y) {}\n"
      "template <class T> __global__ void gemm(T* y, int n) {}",
      "gemm<float>");
  EXPECT_TRUE(several.message.starts_with(
      "the entry 'gemm<float>' does not name one kernel: arguments of its template are missing"))
      << several.message;
  EXPECT_TRUE(failure.message.starts_with("the entry 'gem' does not name a kernel: "))
      << failure.message;
}

TEST_P(Compiling, AKernelCalledLikeFunctionsOfTheLibraryIsToldToBe) {
  EXPECT_TRUE(device->compile(source_of("__global__ void norm(float* y) { y[0] = 1; }", "norm")));
  const auto failure = refusal("__global__ void hypot(float* y) { y[0] = 1; }", "hypot");
  EXPECT_TRUE(failure.message.starts_with("the entry 'hypot' does not name one kernel: "))
      << failure.message;
}

TEST_P(Compiling, WhatTheDialectLacksIsNamedWithItsLine) {
  const struct {
    std::string body, says;
  } cases[] = {
      {"asm volatile(\"wgmma.fence.sync.aligned;\");",
       "inline PTX 'wgmma.fence.sync.aligned' is not supported by the CPU device"},
      {"y[0] = tex1Dfetch<float>(0, 1);", "textures and surfaces are not supported"},
      {"y[0] = __shfl_down(y[1], 1);", "a warp function without _sync"},
      {"__nv_fp8_e4m3 x;", "8-bit and smaller floats are not supported"},
      {"k<<<1, 1>>>(y);", "a kernel launch <<<…>>>"},
      {"asm volatile(\"cp.async.bulk.commit_group;\");",
       "inline PTX 'cp.async.bulk.commit_group' is not supported by the CPU device"},
      {"cluster_group c;", "thread-block clusters are not supported"},
  };
  for (const auto& [body, says] : cases) {
    const auto failure = refusal("extern \"C\" __global__ void k(float* y) {\n\n" + body + "\n}");
    EXPECT_EQ(failure.stage, Stage::compile);
    EXPECT_TRUE(failure.message.starts_with("kernel.cu:3")) << failure.message;
    EXPECT_NE(failure.message.find(says), std::string::npos) << failure.message;
  }
}

TEST_P(Compiling, WhatTheEntryHasNoUseForMayLackOfTheDialect) {
  const std::string others = R"(
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <stdint.h>
texture<float, 2, cudaReadModeElementType> image;
#define FENCE() asm volatile("wgmma.fence.sync.aligned;")
struct Sampled {
  cudaTextureObject_t texture;
  __device__ float at(int i) const { return tex1Dfetch<float>(texture, i); }
};
template <typename T>
__device__ T quantised(T x) { return __nv_fp8_e4m3(x); }
__device__ float twice(float x);
__device__ void launches(float* y) { twice_of_it<<<1, 1>>>(y); }
__global__ void __launch_bounds__(64) other(float* y) {
  FENCE();
  y[0] = tex2D(image, 0, 1) + Sampled{}.at(1) + quantised(y[1]) + __shfl_down(y[1], 1);
}
template __device__ float quantised<float>(float);
__device__ float twice(float x) { return __half2float(__float2half(2 * x)); }
template <typename T> struct cast;
template <> struct cast<float> { static __device__ float of(float x) { return x; } };
template <> struct cast<c10::Half> { static __device__ float of(c10::Half x) { return x; } };
)";
  const std::string kernel =
      "__global__ void k(float* y) { y[0] = twice(cast<float>::of(y[1])); }\n";
  const auto compiled = device->compile(source_of(others + kernel, "k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto failure =
      refusal(others + "__global__ void k(float* y) { asm(\"wgmma.fence.sync.aligned;\"); }\n");
  EXPECT_TRUE(failure.message.starts_with("kernel.cu:24:")) << failure.message;
  EXPECT_NE(failure.message.find("inline PTX 'wgmma.fence.sync.aligned' is not supported by the "),
            std::string::npos);
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
}

TEST_P(Compiling, WhatIsLeftOfAHostsProgramStopsNoKernelThatHasNoUseForIt) {
  const std::string host = R"(
namespace net {
struct Shape {
  int batch = 1;
  void validate() const { if (batch <= 0) throw std::invalid_argument("batch"); }
};
__global__ void k(float* y) { y[0] = 1; }
void run(const Shape& shape) { shape.validate(); k<<<1, 1>>>(nullptr); }
}
)";
  const auto compiled = device->compile(source_of(host, "net::k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto failure =
      refusal(host + "__global__ void other(float* y) { y[0] = nothing; }", "other");
  EXPECT_TRUE(failure.message.starts_with("kernel.cu:5:")) << failure.message;
  EXPECT_NE(failure.message.find("nothing"), std::string::npos) << failure.message;
  const auto asserted = refusal(
      "struct Config { static_assert(sizeof(int) == 5, \"five\"); };\n"
      "__global__ void k(float* y) { y[0] = 1; }\n" +
          host,
      "k");
  EXPECT_TRUE(asserted.message.starts_with("kernel.cu:1:")) << asserted.message;
}

TEST_P(Compiling, AReturnThatForgetsItsValueIsAWarning) {
  if (GetParam() == "g++") GTEST_SKIP() << "g++ has no option for it alone";
  EXPECT_TRUE(
      device->compile(source_of("__device__ int f(int n) { if (n == 0) return; return n; }\n"
                                "__global__ void k(int* y) { y[0] = f(y[1]); }\n",
                                "k")));
}

TEST_P(Compiling, ConstructsInBranchesNotTakenAreNoObstacle) {
  const char* const text = R"(
#if EVOTUNE_CPU_DEVICE
#define FENCE()
#else
#define FENCE() asm volatile("membar.gl;" ::: "memory")
#endif
extern "C" __global__ void k(float* y) { FENCE(); y[0] = 1; }
)";
  EXPECT_TRUE(device->compile(source_of(text, "k")));
}

TEST_P(Compiling, AKernelsMacrosAreItsOwn) {
  const char* const text = R"(
#define T float
#define N 3
#define lane 5
#define count 7
#define thread 9
#define block 10
#define index 11
#define dim 12
#define grid 13
#define call 14
#define num_blocks 8
#include <assert.h>
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cub/cub.cuh>
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cuda_bf16.h>
#include <cuda_pipeline.h>
#include <mma.h>
extern "C" __global__ void k(T* arguments) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  assert(i < N * gridDim.x + A);
  arguments[i] = 0;
  arguments[i] = __shfl_xor_sync(1u, __expf(0.0f) + atomicAdd(arguments, 0.0f), 0) + A;
}
)";
  EXPECT_EQ(
      output<float>(source_of(text, "k", {"-DA=41", "-DP"}), {}, Bench().out<float>("y", 1), 0),
      (std::vector<float>{42}));
}

TEST_P(Compiling, AMissingHeaderIsNamed) {
  const auto failure = refusal("#include <elsewhere/sort.cuh>\n__global__ void k(float* y) {}");
  EXPECT_EQ(failure.message.substr(failure.message.find(": ") + 2),
            "the CPU device has no header <elsewhere/sort.cuh>");
  struct Case {
    std::string header, use, says;
  };
  for (const auto& [header, use, says] : std::vector<Case>{
           {"thrust/sort.h", "thrust::sort(y, y)", "Thrust is not supported by the CPU device"},
           {"torch/types.h", "at::Half h",
            "PyTorch (torch, at, c10) in device code is not supported"},
           {"cute/tensor.hpp", "cute::Int<1> i", "CUTLASS and CuTe are not supported"},
           {"curand_kernel.h", "curandState s", "cuRAND in device code is not supported"},
           {"cuda_fp8.h", "__nv_fp8_e4m3 f", "8-bit and smaller floats are not supported"}}) {
    const auto lacking =
        refusal("\n#include <" + header + ">\n__global__ void k(float* y) { " + use + "; }");
    EXPECT_TRUE(lacking.message.starts_with("kernel.cu:3")) << lacking.message;
    EXPECT_NE(lacking.message.find(says), std::string::npos) << lacking.message;
  }
}

// nvcc's users write what a library needs into branches for other machines.
TEST_P(Compiling, ALibraryThatOnlyAnUntakenBranchNamesStopsNothing) {
  const char* const text =
      "#include <torch/all.h>\n#include <cub/device/device_scan.cuh>\n"
      "#if __CUDA_ARCH__ < 700\n__device__ void add(c10::Half* y) {}\n#endif\n"
      "extern \"C\" __global__ void k(float* y) { y[0] = __low2float(half2{}); }";
  EXPECT_TRUE(device->compile(source_of(text, "k")));
}

// g++ tells of the line that defines a macro, and nobody has written the parameters'.
TEST_P(Compiling, AnErrorInAMacroOfTheSpaceFileHasTheLineThatUsesIt) {
  const auto failure = refusal(
      "#define B 128\n#line 1 \"gemm.cu\"\n\n__global__ void k(float* y) { int B = 1; }", "k");
  EXPECT_TRUE(failure.message.starts_with("gemm.cu:2:")) << failure.message;
}

TEST_P(Compiling, AnOverloadIsMeantByItsType) {
  const auto source = source_of(
      "#include <cuda_fp16.h>\n__global__ void k(half* y) {}\n"
      "__global__ void k(float* y) { y[0] = 2; }",
      "(void (*)(float*))k");
  EXPECT_EQ(output<float>(source, {}, Bench().out<float>("y", 1), 0), (std::vector<float>{2}));
}

TEST_P(Compiling, FragmentsOfOtherTypesAreRefusedAtTheirLine) {
  const auto failure = refusal(R"(#include <mma.h>
extern "C" __global__ void k(float* y) {
  nvcuda::wmma::fragment<nvcuda::wmma::matrix_a, 16, 16, 16, float, nvcuda::wmma::row_major> a;
  y[0] = a.num_elements;
})");
  EXPECT_TRUE(failure.message.starts_with("kernel.cu:3:")) << failure.message;
  EXPECT_NE(failure.message.find("no fragment of this shape and type is supported"),
            std::string::npos)
      << failure.message;
}

TEST_P(Compiling, ASymbolDefinedNowhereFailsAtLoadByItsName) {
  const auto source = source_of(
      "extern \"C\" float elsewhere(float);\n"
      "extern \"C\" __global__ void k(float* y) { y[0] = elsewhere(1); }",
      "k");
  const auto failure = failure_of(*device, source, {}, Bench().out<float>("y", 1).workload);
  EXPECT_EQ(failure.stage, Stage::load);
  EXPECT_EQ(failure.message, "the kernel uses elsewhere, which is declared but defined nowhere");
}

TEST_P(Compiling, OptionsAreTranslatedAndUnknownOnesRefused) {
  const char* const text = "extern \"C\" __global__ void k(float* y) { y[0] = VALUE; }";
  const auto compiled = device->compile(source_of(
      text, "k",
      {"-DVALUE=3", "--maxrregcount=64", "--use_fast_math", "--std=c++17", "--fmad=false"}));
  EXPECT_TRUE(compiled) << compiled.error().message;
  const auto failure = refusal(text, "k", {"-DVALUE=3", "--frobnicate"});
  EXPECT_EQ(failure.message, "the CPU device does not know the compiler option '--frobnicate'");
}

TEST_P(Compiling, FastMathKeepsInfinityAndNan) {
  const char* const text =
      "extern \"C\" __global__ void k(const float* x, int* y) {"
      "  y[0] = x[0] == -INFINITY; y[1] = isnan(x[1]); }";
  const auto bench = Bench().in("x", std::vector<float>{-INFINITY, NAN}).out<std::int32_t>("y", 2);
  EXPECT_EQ(output<std::int32_t>(source_of(text, "k", {"--use_fast_math"}), {}, bench, 1),
            (std::vector<std::int32_t>{1, 1}));
}

TEST_P(Compiling, ACompilationHasATimeLimit) {
  const auto hurried = make_cpu_device({.compiler = GetParam(), .compile_limit = 0.001});
  const auto compiled =
      hurried->compile(source_of("extern \"C\" __global__ void k(float* y) { y[0] = 1; }", "k"));
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::timeout);
}

/// Passes for a compiler until it is asked to compile.
class FakeCompiler {
 public:
  explicit FakeCompiler(const std::string& act) {
    write_file(program_, "#!/bin/sh\n[ \"$1\" != --version ] || exec echo fake 1.0\n" + act + "\n");
    std::filesystem::permissions(program_, std::filesystem::perms::owner_all);
  }
  /// What comes of a compilation.
  Failure verdict(Seconds limit = 60) const {
    const auto device = make_cpu_device(
        {.compiler = program_.string(), .compile_limit = limit, .compile_bytes = 64 << 20});
    const auto compiled = device->compile(source_of("extern \"C\" __global__ void k() {}", "k"));
    return compiled ? Failure{Stage::gate, "it compiled"} : compiled.error();
  }

 private:
  TemporaryDirectory folder_;
  std::filesystem::path program_ = folder_.path() / "compiler";
};

TEST(MisbehavingCompiler, ThatHangsIsATimeout) {
  EXPECT_EQ(FakeCompiler("exec sleep 1000").verdict(0.2).stage, Stage::timeout);
  EXPECT_EQ(FakeCompiler("exec >/dev/null 2>&1; exec sleep 1000").verdict(0.2).stage,
            Stage::timeout);
}

TEST(MisbehavingCompiler, ThatCrashesDidNotCompile) {
  const Failure failure = FakeCompiler("kill -SEGV $$").verdict();
  EXPECT_EQ(failure.stage, Stage::compile);
  EXPECT_NE(failure.message.find("signal 11"), std::string::npos) << failure.message;
}

TEST(MisbehavingCompiler, ThatPrintsWithoutEndFillsNoMemory) {
  const bool thorough = std::getenv("EVOTUNE_LONG") != nullptr;
  const std::string bytes = thorough ? "1073741824" : "20000000";
  const Failure failure =
      FakeCompiler("head -c " + bytes + " /dev/zero | tr '\\0' x; exit 1").verdict();
  EXPECT_EQ(failure.stage, Stage::compile);
  EXPECT_GT(failure.message.size(), 1000U);
  EXPECT_LE(failure.message.size(), std::size_t{66} << 10);
}

TEST(MisbehavingCompiler, ThatTakesAllMemoryIsOutOfIt) {
  const Failure failure = FakeCompiler("exec tail /dev/zero").verdict();  // keeps its last line
  EXPECT_EQ(failure.stage, Stage::out_of_memory) << failure.message;
  EXPECT_EQ(FakeCompiler("kill -KILL $$").verdict().stage, Stage::out_of_memory);
}

TEST(HostCompiler, AMissingOneIsTheMachinesFaultAndSaysWhatToInstall) {
  const auto device = make_cpu_device({.compiler = "no-such-compiler"});
  const auto compiled = device->compile(source_of("", "k"));
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().stage, Stage::infrastructure);
  EXPECT_NE(compiled.error().message.find("'no-such-compiler'"), std::string::npos);
}

TEST(HostCompiler, TheEnvironmentChoosesIt) {
  setenv("EVOTUNE_CXX", "g++", 1);
  const auto found = cpu::find_host_compiler();
  unsetenv("EVOTUNE_CXX");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_clang());
  EXPECT_TRUE(found->version.starts_with("g++")) << found->version;
}

TEST(CpuDevice, DescribesTheMachine) {
  const auto device = make_cpu_device();
  const DeviceInfo& info = device->info();
  EXPECT_EQ(info.id, "cpu");
  EXPECT_EQ(info.arch, "x86-64");
  EXPECT_FALSE(info.name.empty());
  EXPECT_EQ(info.facts.at("device.shared_bytes"), Value(std::int64_t{49152}));
  EXPECT_EQ(info.facts.at("device.warp_size"), Value(std::int64_t{32}));
  EXPECT_GE(std::get<std::int64_t>(info.facts.at("device.sms")), 1);
}

}  // namespace
}  // namespace evotune::cpu_test
