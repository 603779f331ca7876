// Checks whose blocks are spread over cores. A device of two is asked for, whatever the machine
// has; blocks that must be under way at once wait for each other, so that nothing hangs on time.
#include <gtest/gtest.h>
#include <unistd.h>

#include "bench.h"
#include "device/cpu/block_independence.h"
#include "device/cpu/block_queue.h"

namespace evotune::cpu_test {
namespace {

// meet(): block b says that it is there, and waits for block 1 - b; false: in vain.
const char* const prelude = R"(
extern "C" int usleep(unsigned);
extern "C" int getpid();
extern "C" int gettid();
__device__ bool meet(int* there, int patience) {
  there[blockIdx.x] = 1;
  for (int i = 0; there[1 - blockIdx.x] == 0 && i < patience; ++i) usleep(1000);
  return there[1 - blockIdx.x] != 0;
}
__device__ int deep(int n) { return n == 0 ? 0 : deep(n - 1) * 3 ^ getpid(); }
)";
constexpr int lines_before = 12;  // of a kernel's first line

Source kernel(const std::string& body, const std::string& before = {}) {
  return source_of(prelude + before + "\nextern \"C\" __global__ void k(int* there, int* out) {\n" +
                       body + "\n}",
                   "k");
}

Bench buffers(std::size_t count = 64) {
  Bench bench;
  bench.inout("there", std::vector<std::int32_t>(2, 0)).out<std::int32_t>("out", count);
  return bench;
}

class Cores : public testing::Test {
 protected:
  static void SetUpTestSuite() { device = make_cpu_device({.cores = 2, .alone = 0}); }
  static void TearDownTestSuite() { device.reset(); }
  static std::unique_ptr<Device> device;

  static Result<Buffers> run(const Source& source, std::uint32_t blocks, const Bench& bench) {
    return run_once(*device, source, {{blocks, 1, 1}, {32, 1, 1}, 128}, bench.workload);
  }

  /// Whether one thread ran all blocks of a kernel, with `before` at file scope and `also` in its
  /// body. There are enough of them for another one to come in time.
  static bool stays_on_one_core(const std::string& before, const std::string& also) {
    const std::string last =
        "\nif (threadIdx.x == 0) { usleep(1000); out[blockIdx.x] = gettid() == getpid(); }";
    const auto result = run(kernel(also + last, before), 64, buffers());
    if (!result) ADD_FAILURE() << result.error().message;
    return result && values_of<std::int32_t>((*result)[1]) == std::vector<std::int32_t>(64, 1);
  }

  static void die(const std::string& body, std::uint32_t blocks = 2) {
    set_crash_report_fd(STDERR_FILENO);
    const auto result = run(kernel(body), blocks, buffers());
    if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
  }
};
std::unique_ptr<Device> Cores::device;

using CoresDeathTest = Cores;
const auto crashed = testing::ExitedWithCode(134);

TEST_F(Cores, BlocksAtWorkAtOnceHaveSharedMemoryOfTheirOwnAndTheSameConstants) {
  const std::string before =
      "namespace a { __constant__ int uploaded; }\n__constant__ int written[2] = {1000, 2000};";
  const std::string body = R"(
  __shared__ int fixed[32];
  extern __shared__ int dynamic[];
  fixed[threadIdx.x] = blockIdx.x * 100;
  dynamic[threadIdx.x] = threadIdx.x;
  if (threadIdx.x == 0 && !meet(there, 20000)) return;
  __syncthreads();
  const int other = 31 - threadIdx.x;
  out[blockIdx.x * 32 + threadIdx.x] = fixed[other] + dynamic[other] + a::uploaded + written[1];)";
  const auto compiled = device->compile(kernel(body, before));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = buffers()
                         .constant("a::uploaded", std::vector<std::int32_t>{5})
                         .also_with(2, bytes_of(std::vector<std::int32_t>{6}));
  auto loaded = device->load(*compiled, {{2, 1, 1}, {32, 1, 1}, 128}, bench.workload);
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (const std::size_t set : {0u, 1u, 0u}) {
    const auto sample = (*loaded)->run({.input_set = set, .flush = false});
    ASSERT_TRUE(sample) << sample.error().message;
    const auto out = values_of<std::int32_t>((*(*loaded)->read())[1]);
    for (int i = 0; i < 64; ++i)
      EXPECT_EQ(out[static_cast<std::size_t>(i)],
                i / 32 * 100 + (31 - i % 32) + 2005 + static_cast<int>(set))
          << i;
  }
}

TEST_F(Cores, WhatMayLeaveAWordForAnotherBlockStaysOnOneCore) {
  EXPECT_TRUE(stays_on_one_core("", "atomicAdd(there, 1);"));
  EXPECT_TRUE(stays_on_one_core("__device__ int last;", "last = blockIdx.x;"));
}

TEST_F(Cores, ATimedRunStaysOnOneCore) {
  const auto compiled = device->compile(
      kernel("if (threadIdx.x == 0) out[blockIdx.x] = gettid() == getpid() && !meet(there, 20);"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = buffers();
  auto loaded = device->load(*compiled, {{2, 1, 1}, {32, 1, 1}, 0}, bench.workload);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_TRUE((*loaded)->run({.launches = 1, .flush = true}));
  EXPECT_EQ(values_of<std::int32_t>((*(*loaded)->read())[1])[0], 1);
}

TEST_F(Cores, AShortCheckIsOverBeforeItIsSpread) {
  const auto patient = make_cpu_device({.cores = 2, .alone = 60});
  const auto result =
      run_once(*patient, kernel("if (threadIdx.x == 0) out[blockIdx.x] = gettid() == getpid();"),
               {{64, 1, 1}, {32, 1, 1}, 0}, buffers().workload);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(values_of<std::int32_t>((*result)[1]), std::vector<std::int32_t>(64, 1));
}

TEST_F(Cores, AnotherCoresFloatingPointModeIsLookedAtToo) {
  const auto result =
      run(kernel("if (threadIdx.x == 0 && meet(there, 20000) && gettid() != getpid()) {\n"
                 "unsigned mode = 0x9fc0; __builtin_ia32_ldmxcsr(mode); }"),
          2, buffers());
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("changed the floating-point mode"), std::string::npos)
      << result.error().message;
}

TEST_F(CoresDeathTest, AFaultOnAnotherCoreIsNamedAsEver) {
  const std::string elsewhere = "if (threadIdx.x == 9 && gettid() != getpid()) ";
  const std::string both = "if (threadIdx.x == 0 && !meet(there, 20000)) return;\n";
  const std::string where =
      ", thread \\(9,0,0\\) block \\([01],0,0\\), kernel.cu:" + std::to_string(lines_before + 2) +
      "\n";
  EXPECT_EXIT(die(both + elsewhere + "out[there[0] * 64] = 1;"), crashed,
              "write 0 bytes past the end of buffer out \\(256 bytes\\)" + where);
  EXPECT_EXIT(die(both + elsewhere + "out[0] = 7 / (there[0] - 1);"), crashed,
              "integer division by zero.*" + where);
  EXPECT_EXIT(die("extern __shared__ int s[];\n" + elsewhere + "s[there[0] * 32] = 1;\n" + both),
              crashed, "write 0 bytes past the end of dynamic shared memory \\(128 bytes\\)");
  EXPECT_EXIT(die(both + elsewhere + "out[0] = deep(there[0] * 1000000);"), crashed,
              "stack overflow: more than 60 KiB of local variables, thread \\(9,0,0\\)");
}

// As if blocks had run one after another: block 2 is late, blocks 3, 4 … are not.
TEST_F(CoresDeathTest, TheLowestBlockThatGoesWrongIsTheOneThatIsNamed) {
  const std::string late = "if (threadIdx.x == 0 && blockIdx.x == 2) usleep(30000);\n";
  EXPECT_EXIT(die(late + "if (blockIdx.x > 1) out[64 + blockIdx.x] = 1;", 64), crashed,
              "^write 8 bytes past the end of buffer out .* block \\(2,0,0\\)[^\n]*\n$");
  const auto result = run(kernel(late + "if (blockIdx.x > 2) out[64 + blockIdx.x] = 1;\n"
                                        "if (blockIdx.x == 2) __trap();"),
                          64, buffers());
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("block (2,0,0)"), std::string::npos)
      << result.error().message;
}

TEST(BlockQueue, GivesOutBlocksInOrderUntilOneEndsTheLaunch) {
  cpu::BlockQueue queue(5);
  queue.join(0);
  queue.join(1);
  EXPECT_EQ(queue.take(0), 0u);
  EXPECT_EQ(queue.take(1), 1u);
  EXPECT_EQ(queue.take(1), 2u);
  EXPECT_EQ(queue.left(), 2u);
  queue.end(1, "the third");
  queue.end(0, "the first");
  EXPECT_EQ(queue.take(0), cpu::BlockQueue::none);
  EXPECT_EQ(queue.why_ended(), "the first");
  EXPECT_FALSE(queue.is_first_to_fail(1));
}

TEST(BlockIndependence, EveryWordByWhichBlocksSpeakIsKnown) {
  for (const char* said :
       {"atomicAdd(p, 1);", "cuda::atomic_ref<int> a(*p);", "__threadfence();", "volatile int* p;",
        "__nanosleep(1);", "auto g = cooperative_groups::this_grid();", "__ldcv(p);",
        "asm volatile(\"red.global.add.f32 [%0], %1;\" :: \"l\"(p));", "printf(\"here\");",
        "asm(\"ld.global.acquire.gpu.u32 %0, [%1];\" : \"=r\"(x) : \"l\"(p));",
        "#define ADD atomicAdd"})
    EXPECT_TRUE(cpu::blocks_may_communicate(said)) << said;
  for (const char* silent :
       {"// atomicAdd", "__syncthreads(); __syncwarp();", "asm volatile(\"mov.u32 %0, 1;\");",
        "asm(\"bar.red.popc.u32 %0, 0, p;\" : \"=r\"(x));",
        "asm volatile(\"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0}, [%1];\");"})
    EXPECT_FALSE(cpu::blocks_may_communicate(silent)) << silent;
}

TEST(BlockIndependence, ConstantsAreKnownByName) {
  const std::string names = cpu::names_of_constants(
      "__constant__ float filter[5] = {1}, bias;\n__device__ int count;\nint constant;");
  for (const char* name : {" filter ", " bias "}) EXPECT_NE(names.find(name), names.npos) << name;
  for (const char* name : {" count ", " constant "})
    EXPECT_EQ(names.find(name), names.npos) << name;
}

}  // namespace
}  // namespace evotune::cpu_test
