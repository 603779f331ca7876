#include <gtest/gtest.h>
#include <unistd.h>

#include "bench.h"

namespace evotune::cpu_test {
namespace {

/// One compiler is enough: what is tested is the device, not the code.
class Faults : public testing::Test {
 protected:
  static void SetUpTestSuite() { device = make_cpu_device(); }
  static void TearDownTestSuite() { device.reset(); }

  static std::unique_ptr<Device> device;

  /// The death of a kernel `void k(const float* in, float* c, int n)` with 1000 floats in each
  /// buffer, in the second run if `runs` is 2: then the buffers begin at a guard.
  static void die(const std::string& body, int runs = 1, int n = 1000,
                  const std::string& before = "") {
    const auto compiled = device->compile(
        source_of(before + "extern \"C\" __global__ void k(const float* in, float* c, int n) {\n" +
                      body + "\n}",
                  "k"));
    if (!compiled) std::fprintf(stderr, "%s\n", compiled.error().message.c_str());
    const auto bench = Bench()
                           .in("in", std::vector<float>(1000, 1.f))
                           .out<float>("c", 1000)
                           .scalar("n", std::int32_t{n});
    auto loaded = device->load(*compiled, {{2, 1, 1}, {32, 1, 1}, 64}, bench.workload);
    set_crash_report_fd(STDERR_FILENO);
    for (int i = 0; i < runs; ++i) {
      const auto sample = (*loaded)->run(check_run);
      if (!sample) std::fprintf(stderr, "%s\n", sample.error().message.c_str());
    }
  }

  static bool has_checks() { return device->info().compiler.find("clang") != std::string::npos; }

  static Failure fail(const std::string& body, const Launch& launch = {{1, 1, 1}, {64, 1, 1}, 0}) {
    return failure_of(*device,
                      source_of("extern \"C\" __global__ void k(int* out) {\n" + body + "\n}", "k"),
                      launch, Bench().out<std::int32_t>("out", 64).workload);
  }
};
std::unique_ptr<Device> Faults::device;

using FaultsDeathTest = Faults;
const auto crashed = testing::ExitedWithCode(134);

TEST_F(FaultsDeathTest, AWritePastTheEndNamesBufferThreadAndBlock) {
  EXPECT_EXIT(die("if (blockIdx.x == 1 && threadIdx.x == 5) c[n + 3] = 1;"), crashed,
              "write 12 bytes past the end of buffer c \\(4000 bytes\\), thread \\(5,0,0\\) block "
              "\\(1,0,0\\), kernel.cu:2\n");
}

TEST_F(FaultsDeathTest, AFaultInsideTheShimOrTheLibraryIsAtTheLineThatCalledIt) {
  EXPECT_EXIT(die("\n\nc[0] = __ldg(in + n + 5);"), crashed,
              "past the end of buffer in .*, kernel.cu:4\n");
  EXPECT_EXIT(die("\nmemset(c, 0, n * 5); c[n - 1] = in[0];"), crashed,
              "past the end of buffer c .*, kernel.cu:3\n");
}

TEST_F(FaultsDeathTest, AReadOfTheElementAfterTheLastOneFaults) {
  EXPECT_EXIT(die("if (threadIdx.x == 7) c[0] = in[n];"), crashed,
              "read 0 bytes past the end of buffer in \\(4000 bytes\\), thread \\(7,0,0\\)");
}

TEST_F(FaultsDeathTest, TheNextCheckCatchesMissesBeforeTheStart) {
  EXPECT_EXIT(die("if (threadIdx.x == 1) c[0] = in[-n];", 2, 1), crashed,
              "read 4 bytes before the start of buffer in");
}

TEST_F(FaultsDeathTest, AWriteToAnInputIsNamedAsSuch) {
  EXPECT_EXIT(die("((float*)in)[2] = 1;"), crashed,
              "write at byte 8 of buffer in, which is an input and may not be written");
}

TEST_F(FaultsDeathTest, DynamicSharedMemoryHasAGuard) {
  EXPECT_EXIT(die("extern __shared__ float s[]; s[threadIdx.x % 16 + n] = 1; c[0] = s[0];", 1, 16),
              crashed, "write 0 bytes past the end of dynamic shared memory \\(64 bytes\\)");
}

TEST_F(FaultsDeathTest, AnIntegerDivisionByZeroIsNamed) {
  EXPECT_EXIT(die("c[0] = 7 / n;", 1, 0), crashed,
              "integer division by zero.*thread \\(0,0,0\\) block \\(0,0,0\\), kernel.cu:2\n");
}

TEST_F(FaultsDeathTest, AStackOverflowIsNamedWhereverTheStackLies) {
  EXPECT_EXIT(die("volatile float big[40000];\n\nbig[n] = 1;\n"
                  "cooperative_groups::this_grid().sync(); c[0] = big[n];",
                  1, 1000, "#include <cooperative_groups.h>\n"),
              crashed,
              "stack overflow: more than 60 KiB of local variables, thread \\(0,0,0\\) block "
              "\\(0,0,0\\), kernel.cu:5\n");
}

TEST_F(FaultsDeathTest, ALastThreadThatNeverUsesWhatIsTooMuchHasOverflowedItsStackAllTheSame) {
  EXPECT_EXIT(
      die("struct Big {\n"
          "  __noinline__ static float use(int n) {\n"
          "    volatile float big[20000]; big[19000 + n % 900] = 1; return big[n + 18500]; }\n"
          "};\n"
          "if (blockIdx.x == 1 && threadIdx.x == 31) c[0] = Big::use(n);"),
      crashed, "stack overflow: .*, thread \\(31,0,0\\) block \\(1,0,0\\), kernel.cu:[34]\n");
}

TEST_F(FaultsDeathTest, AMisalignedVectorAccessIsNamed) {
  EXPECT_EXIT(die("*(float4*)(c + 4) = *(const float4*)(in + n);", 1, 1), crashed,
              "misaligned vector access.*, thread \\(0,0,0\\) block \\(0,0,0\\), kernel.cu:2\n");
  if (!has_checks()) return;
  EXPECT_EXIT(die("\nc[0] = ((const float2*)(in + n))->y;", 1, 1), crashed,
              "misaligned .*float2.* 4 more than a multiple of 8, .* kernel.cu:3\n");
}

TEST_F(FaultsDeathTest, AStaticSharedArraysBoundsAreKept) {
  if (!has_checks()) GTEST_SKIP() << "g++ builds without the checks";
  EXPECT_EXIT(
      die("__shared__ float s[8][33];\n"
          "if (threadIdx.x == 3) s[n + 3][40] = 1;\n"
          "__syncthreads(); c[threadIdx.x] = s[0][threadIdx.x];",
          1, 1),
      crashed,
      "index 40 is out of bounds of s, an array .*float ?\\[33\\].*, thread \\(3,0,0\\) block "
      "\\(0,0,0\\), kernel.cu:3\n");
  EXPECT_EXIT(die("__shared__ float s[32];\n"
                  "s[threadIdx.x] = 0; c[threadIdx.x] = s[(int)threadIdx.x - n];",
                  1, 1),
              crashed, "index -1 is out of bounds of s, an array .*, kernel.cu:3\n");
}

TEST_F(FaultsDeathTest, ANullPointerIsNamed) {
  EXPECT_EXIT(die("float* p = (float*)(size_t)n; *p = 1;", 1, 0), crashed,
              "write through a null pointer");
}

TEST_F(Faults, AWriteIntoTheSlackBesideABufferIsFoundAfterwards) {
  const auto source =
      source_of("extern \"C\" __global__ void k(float* c) { c[threadIdx.x] = 1; }", "k");
  const auto bench = Bench().out<float>("c", 3);  // 12 bytes: the guard begins 4 bytes later
  const auto failure = failure_of(*device, source, {{1, 1, 1}, {4, 1, 1}, 0}, bench.workload);
  EXPECT_EQ(failure.stage, Stage::crash);
  EXPECT_NE(failure.message.find("wrote outside buffer c"), std::string::npos) << failure.message;
}

TEST_F(Faults, ADeadlockSaysWhereItsThreadsWait) {
  const auto failure = fail(
      "if (threadIdx.x < 16) out[0] = __shfl_xor_sync(~0u, 1, 1);\n"
      "else __syncthreads();");
  EXPECT_EQ(failure.stage, Stage::launch);
  EXPECT_EQ(failure.message,
            "deadlock in block (0,0,0): threads 0..15 wait in __shfl_xor_sync, line 2; threads "
            "16..63 wait in __syncthreads, line 3");
}

TEST_F(Faults, ADivergentBarrierNamesBothLines) {
  const auto failure = fail(
      "if (threadIdx.x < 32) __syncthreads();\n"
      "else __syncthreads();");
  EXPECT_EQ(failure.stage, Stage::launch);
  EXPECT_EQ(failure.message,
            "divergent barrier: thread (32,0,0) block (0,0,0) comes to __syncthreads in line 3 "
            "while others wait in line 2");
}

TEST_F(Faults, ALaneMustBeInItsOwnMask) {
  const auto failure = fail("out[threadIdx.x] = __shfl_sync(0xffff0000u, 1, 17);");
  EXPECT_EQ(failure.message,
            "thread (0,0,0) block (0,0,0) calls __shfl_sync in line 2 with a mask that does not "
            "name its own lane");
}

TEST_F(Faults, WhoArrivesAtABarrierThatIsFullIsNamed) {
  const auto failure = fail(
      "#include <cuda/barrier>\n__shared__ cuda::barrier<cuda::thread_scope_block> b;\n"
      "if (threadIdx.x == 0) init(&b, 4);\n__syncthreads();\n"
      "if (threadIdx.x == 9) auto token = b.arrive(5);");
  EXPECT_EQ(failure.message,
            "more arrive at a barrier than it expects, line 6, thread (9,0,0) block (0,0,0)");
}

TEST_F(Faults, TrapsAndAssertionsEndTheLaunchOnly) {
  EXPECT_EQ(fail("if (threadIdx.x == 3) __trap();").message,
            "__trap() was called, line 2, thread (3,0,0) block (0,0,0)");
  EXPECT_EQ(fail("#include <assert.h>\nassert(threadIdx.x < 9);").message,
            "assertion failed: threadIdx.x < 9, line 3, thread (9,0,0) block (0,0,0)");
}

TEST_F(Faults, TheDeviceGoesOnAfterAFailedLaunch) {
  static_cast<void>(fail("if (threadIdx.x < 16) __syncthreads(); else __syncwarp();"));
  const auto result = run_once(
      *device,
      source_of("extern \"C\" __global__ void k(int* out) { __syncthreads(); *out = 4; }", "k"),
      {{1, 1, 1}, {64, 1, 1}, 0}, Bench().out<std::int32_t>("out", 1).workload);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(values_of<std::int32_t>((*result).at(0)).at(0), 4);
}

TEST_F(Faults, AnArrayThatIsMissedOntoTheShimsOwnVariablesHarmsNobodyElse) {
  const auto compiled = device->compile(source_of(
      "#include <cuda_pipeline.h>\nextern \"C\" __global__ void k(int* out) {\n"
      "  evotune::cpu::copies_of_thread[5].all = (evotune::cpu::Copy*)8;\n  out[0] = 1;\n}",
      "k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = Bench().out<std::int32_t>("out", 1);
  auto loaded = device->load(*compiled, {}, bench.workload);
  EXPECT_TRUE((*loaded)->run(check_run));
  loaded = Failure{};  // unloads the kernel, which frees what it has
}

TEST_F(Faults, LaunchesBeyondTheDevicesLimitsAreRefused) {
  const Launch launches[] = {{{1, 1, 1}, {1025, 1, 1}, 0},
                             {{1, 1, 1}, {32, 32, 2}, 0},
                             {{0, 1, 1}, {32, 1, 1}, 0},
                             {{1, 70000, 1}, {32, 1, 1}, 0},
                             {{1, 1, 1}, {32, 1, 1}, 101377}};
  for (const Launch& launch : launches) {
    const auto failure = fail("out[0] = 1;", launch);
    EXPECT_EQ(failure.stage, Stage::launch) << failure.message;
  }
}

TEST_F(Faults, TooMuchStaticSharedMemoryDoesNotCompile) {
  const auto failure = fail(
      "__shared__ int s[13000]; s[threadIdx.x] = 1; __syncthreads(); *out = s[threadIdx.x ^ 1];");
  EXPECT_EQ(failure.stage, Stage::compile);
  EXPECT_EQ(failure.message, "52000 bytes of static shared memory are more than the 49152 allowed");
}

TEST_F(Faults, ArgumentsMustFitTheKernelsParameters) {
  const auto source =
      source_of("extern \"C\" __global__ void k(float* c, int n, float f) { c[0] = n * f; }", "k");
  const auto message = [&](const Bench& bench) {
    const auto failure = failure_of(*device, source, {}, bench.workload);
    EXPECT_EQ(failure.stage, Stage::load);
    return failure.message;
  };
  const auto c = [] { return Bench().out<float>("c", 1); };
  EXPECT_EQ(message(c().scalar("n", std::int32_t{1})),
            "the kernel has 3 parameters, 2 arguments are passed");
  EXPECT_EQ(message(c().scalar("n", std::int64_t{1}).scalar("f", 1.f)),
            "argument 'n' is an integer scalar of 8 bytes, but parameter 2 of the kernel is an "
            "integer of 4 bytes");
  EXPECT_EQ(message(c().scalar("n", std::int32_t{1}).scalar("f", std::int32_t{1})),
            "argument 'f' is an integer scalar of 4 bytes, but parameter 3 of the kernel is a "
            "floating-point number of 4 bytes");
  EXPECT_EQ(message(c().in("n", std::vector<float>{1}).scalar("f", 1.f)),
            "argument 'n' is a buffer, but parameter 2 of the kernel is an integer of 4 bytes");
  EXPECT_EQ(message(c().scalar("n", std::int32_t{1})
                        .scalar("f", 1.f)
                        .constant("weights", std::vector<float>{1})),
            "constant 'weights': the kernel has no __constant__ or __device__ variable 'weights' "
            "that it uses");
}

TEST_F(Faults, AnImageOfAnotherBuildIsRefused) {
  auto compiled =
      device->compile(source_of("extern \"C\" __global__ void k(float* c) { c[0] = 1; }", "k"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  compiled->build_id = "0123";
  const auto bench = Bench().out<float>("c", 1);
  const auto loaded = device->load(*compiled, {}, bench.workload);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().stage, Stage::load);
  EXPECT_NE(loaded.error().message.find("not 0123 as asked for"), std::string::npos);
}

TEST_F(Faults, BuffersThatNoMachineHasAreOutOfMemory) {
  const auto source = source_of("extern \"C\" __global__ void k(float* c) { c[0] = 1; }", "k");
  const auto failure =
      failure_of(*device, source, {}, Bench().out<float>("c", std::size_t{1} << 46).workload);
  EXPECT_EQ(failure.stage, Stage::out_of_memory);
}

}  // namespace
}  // namespace evotune::cpu_test
