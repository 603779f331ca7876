#include "device/cpu/unreached.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace evotune::cpu {
namespace {

const std::string kernel = "__global__ void k(float* y) { *y = 1; }\n";

bool is_kept(const std::string& other, const std::string& entry = "k") {
  const std::string source = kernel + other, rest = without_unreached(source, entry);
  EXPECT_EQ(rest.size(), source.size());
  EXPECT_EQ(rest.substr(0, kernel.size()), kernel);
  return rest == source;
}

bool is_blanked(const std::string& other) {
  const std::string rest = without_unreached(kernel + other, "k").substr(kernel.size());
  return rest.find_first_not_of(" \n") == std::string::npos;
}

TEST(Unreached, WhatIsRefusedAndOfAnotherKernelGoes) {
  for (const char* other :
       {"texture<float, 1> t;\n__global__ void other(float* y) { *y = tex1Dfetch(t, 0); }",
        "template <int N> __global__ void __launch_bounds__(N) b(cudaTextureObject_t t) {}\n"
        "template __global__ void b<4>(cudaTextureObject_t);",
        "extern \"C\" __global__ void b(float* y) { *y = __shfl_down(*y, 1); }",
        "__device__ float sum(float x) { return __shfl(x, 0); }",
        "__device__ void fence() { asm volatile(\"wgmma.fence.sync.aligned;\"); }"})
    EXPECT_TRUE(is_blanked(other)) << other;
}

TEST(Unreached, WhatTheEntryReachesStaysHoweverFar) {
  const std::string far =
      "#define READ(i) read(i)\ntexture<float, 1> t;\n"
      "__device__ float read(int i) { return tex1Dfetch(t, i); }\n"
      "template <int N> __global__ void other(float* y) { *y = READ(N); }\n";
  EXPECT_TRUE(is_kept(far, "other<3>"));
  EXPECT_TRUE(is_kept(far, "#define KERNEL other\nk"));
  EXPECT_FALSE(is_kept(far));
}

TEST(Unreached, WherePastedNamesMayReachItAllStays) {
  EXPECT_TRUE(is_kept("#define CALL(x) load_##x()\n__device__ void load_a() { asm(\"\"); }"));
}

TEST(Unreached, TypesOperatorsMembersAndWhatIsNotRefusedStay) {
  for (const char* other :
       {"struct S { __device__ float f() { return __shfl(1, 0); } };",
        "__device__ S operator+(S a, S b) { asm(\"\"); return a; }",
        "__device__ void S::f() { asm(\"\"); }", "__global__ void other(float* y) { *y = 2; }",
        "__device__ float x[] = {1, 2};"})
    EXPECT_TRUE(is_kept(other)) << other;
}

TEST(Unreached, DirectivesAndLinesStay) {
  const std::string source = kernel + "__device__ void f() {\n#ifdef A\n  asm(\"\");\n#endif\n}\n",
                    rest = without_unreached(source, "k");
  EXPECT_EQ(std::count(rest.begin(), rest.end(), '\n'),
            std::count(source.begin(), source.end(), '\n'));
  EXPECT_NE(rest.find("#ifdef A\n"), std::string::npos);
  EXPECT_EQ(rest.find("asm"), std::string::npos);
}

TEST(Unreached, SurvivesEveryPrefixOfASource) {
  const std::string source =
      "#define A(x) f<x>\nnamespace n { template <int N> __device__ void f() { asm(\"\"); } }\n"
      "extern \"C\" { texture<float> t[3]; __global__ void b(int (*p)[2]) { (void)(1 << 2); } }";
  for (std::size_t i = 0; i <= source.size(); ++i)
    EXPECT_EQ(without_unreached(source.substr(0, i), "b").size(), i);
}

}  // namespace
}  // namespace evotune::cpu
