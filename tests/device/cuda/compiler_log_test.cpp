#include "device/cuda/compiler_log.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

// As NVRTC 13.0 wrote it for sm_90.
constexpr const char* nvrtc_log = R"(ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function '_Z5spillILi64EEvPfPKf' for 'sm_90'
ptxas info    : Function properties for _Z5spillILi64EEvPfPKf
ptxas         .     528 bytes stack frame, 112 bytes spill stores, 184 bytes spill loads
ptxas info    : Used 64 registers, used 1 barriers, 528 bytes cumulative stack size
ptxas info    : Compile time = 77.127 ms
ptxas info    : Function properties for _Z4deepILi40EEfPKfi
ptxas         .     0 bytes stack frame, 8 bytes spill stores, 8 bytes spill loads
ptxas info    : Compiling entry function 'plain' for 'sm_90'
ptxas info    : Function properties for plain
ptxas         .     0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 14 registers, used 1 barriers, 1024 bytes smem
ptxas info    : Compile time = 1.670 ms
)";

TEST(PtxasLog, EveryKernelGetsItsOwnFacts) {
  const std::vector<KernelFacts> kernels = parse_ptxas_log(nvrtc_log);
  ASSERT_EQ(kernels.size(), 2U);
  EXPECT_EQ(kernels[0].symbol, "_Z5spillILi64EEvPfPKf");
  EXPECT_EQ(kernels[0].facts.registers, 64);
  EXPECT_EQ(kernels[0].facts.stack_bytes, 528);
  EXPECT_EQ(kernels[0].facts.static_shared_bytes, 0);
  EXPECT_EQ(kernels[1].symbol, "plain");
  EXPECT_EQ(kernels[1].facts.registers, 14);
  EXPECT_EQ(kernels[1].facts.spill_bytes, 0);
  EXPECT_EQ(kernels[1].facts.stack_bytes, 0);
  EXPECT_EQ(kernels[1].facts.static_shared_bytes, 1024);
}

TEST(PtxasLog, SpillsOfAFunctionThatWasNotInlinedAreItsKernels) {
  EXPECT_EQ(parse_ptxas_log(nvrtc_log)[0].facts.spill_bytes, 112 + 184 + 8 + 8);
}

TEST(PtxasLog, TheOlderFormIsUnderstoodToo) {
  // As nvcc 12 prints it: no "ptxas ." before the stack frame, constant memory at the end.
  const std::vector<KernelFacts> kernels = parse_ptxas_log(
      "ptxas info    : Compiling entry function 'k' for 'sm_80'\n"
      "ptxas info    : Function properties for k\n"
      "    32 bytes stack frame, 28 bytes spill stores, 4 bytes spill loads\n"
      "ptxas info    : Used 255 registers, 2048 bytes smem, 380 bytes cmem[0]\n");
  ASSERT_EQ(kernels.size(), 1U);
  EXPECT_EQ(kernels[0].facts.registers, 255);
  EXPECT_EQ(kernels[0].facts.spill_bytes, 32);
  EXPECT_EQ(kernels[0].facts.stack_bytes, 32);
  EXPECT_EQ(kernels[0].facts.static_shared_bytes, 2048);
}

TEST(PtxasLog, ALogThatSaysNothingClaimsNothing) {
  EXPECT_TRUE(parse_ptxas_log("").empty());
  EXPECT_TRUE(parse_ptxas_log("ptxas info    : Used 14 registers\n").empty());
  const auto kernels = parse_ptxas_log("Compiling entry function 'k' for 'sm_80'\nUsed registers");
  ASSERT_EQ(kernels.size(), 1U);
  EXPECT_EQ(kernels[0].facts.registers, std::nullopt);
  EXPECT_EQ(kernels[0].facts.spill_bytes, std::nullopt);
  EXPECT_TRUE(parse_ptxas_log("Compiling entry function 'cut off").empty());
}

TEST(PtxasLog, ANumberTooLargeIsNoFact) {
  const auto kernels = parse_ptxas_log(
      "Compiling entry function 'k' for 'sm_80'\nUsed 99999999999999999999 registers");
  EXPECT_EQ(kernels.at(0).facts.registers, std::nullopt);
}

TEST(FirstErrors, AreShownWithTheirLinesAndWithoutTheRest) {
  const char* log = R"(gemm.cu(3): warning #177-D: variable "q" was declared but never referenced
      int q;
gemm.cu(7): error: identifier "BMM" is undefined
      float a[BMM];
              ^
gemm.cu(9): error: expected a ";"
gemm.cu(10): error: third
gemm.cu(11): error: fourth
4 errors detected in the compilation of "gemm.cu".
)";
  EXPECT_EQ(first_errors(log, 2),
            "gemm.cu(7): error: identifier \"BMM\" is undefined\n"
            "      float a[BMM];\n"
            "gemm.cu(9): error: expected a \";\"");
}

TEST(FirstErrors, WhereNoneIsRecognisedTheLogIsShown) {
  EXPECT_EQ(first_errors("something odd\n"), "something odd");
  EXPECT_LE(first_errors(std::string(1'000'000, 'x')).size(), 2'000U);
}

}  // namespace
}  // namespace evotune
