#include "kernel/signature.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

std::string described(std::string_view text) {
  std::string out;
  for (const KernelSignature& kernel : outline_of(text).kernels) {
    out += (kernel.is_template ? "template " : "") + kernel.name + "(";
    if (!kernel.parameters) out += "?";
    if (kernel.parameters)
      for (const KernelParameter& one : *kernel.parameters)
        out += one.type + (one.pointer ? "* " : " ") + one.name + ",";
    out += ")";
  }
  return out;
}

TEST(Signature, ParametersKeepNameTypeAndPointer) {
  EXPECT_EQ(described("extern \"C\" __global__ void gemm(const float* __restrict__ A, half *B,\n"
                      "    unsigned int n, float c[], float4* v) {}"),
            "gemm(float* A,half* B,unsigned int n,float* c,float4* v,)");
}

TEST(Signature, LaunchBoundsAreNotTheName) {
  EXPECT_EQ(described("__global__ void __launch_bounds__((BM / TM) * (BN / TN), 2) f(int n) {}"),
            "f(int n,)");
  EXPECT_EQ(described("__launch_bounds__(256) __global__ void f(int n) {}"), "f(int n,)");
  EXPECT_EQ(described("__global__ __attribute__((x)) void f(int n);"), "f(int n,)");
}

TEST(Signature, TemplatesAreKnownAndTheirParametersToo) {
  const Outline outline = outline_of(
      "template <typename T, int BM = 4>\n__global__ void f(T* a, int n) {}\n"
      "template <int X> struct Y {};\n__global__ void g() {}");
  ASSERT_EQ(outline.kernels.size(), 2U);
  EXPECT_TRUE(outline.kernels[0].is_template);
  EXPECT_FALSE(outline.kernels[1].is_template);
  EXPECT_EQ(outline.template_parameters, (std::set<std::string, std::less<>>{"BM", "T", "X"}));
}

TEST(Signature, TheOtherFunctionsAreNoKernels) {
  EXPECT_EQ(described("__device__ float f(float x) { return x; }\nvoid g(int);\n"
                      "// __global__ void h(int a) {}\n"),
            "");
}

TEST(Signature, NothingIsClaimedOfAListThatThePreprocessorDecides) {
  EXPECT_EQ(described("__global__ void f(int a,\n#if X\n int b,\n#endif\n int c) {}"), "f(?)");
  EXPECT_EQ(described("#define ARGS int a, int b\n__global__ void f(ARGS) {}"), "f(?)");
}

TEST(Signature, NoParametersAreNone) {
  EXPECT_EQ(described("__global__ void f() {} __global__ void g(void) {}"), "f()g()");
}

TEST(Signature, UnnamedParametersHaveTypes) {
  EXPECT_EQ(described("__global__ void f(const float*, unsigned int, size_t);"),
            "f(float* ,unsigned int ,size_t ,)");
}

TEST(Signature, DefaultsAreNotPartOfAParameter) {
  EXPECT_EQ(described("__global__ void f(int n = g(1, 2), float x = 1) {}"), "f(int n,float x,)");
}

TEST(Outline, ConstantAndDeviceVariablesAreFound) {
  EXPECT_EQ(outline_of("__constant__ float filter[9];\n__device__ int count = 0;\n"
                       "__device__ float f(float x) { return x; }")
                .device_variables,
            (std::set<std::string, std::less<>>{"count", "filter"}));
}

TEST(Outline, AKernelMadeByAMacroIsSuspected) {
  EXPECT_TRUE(outline_of("#define KERNEL(n) __global__ void n(int a)\n").kernels_by_macro);
  EXPECT_FALSE(outline_of("__global__ void f(int a) {}\n").kernels_by_macro);
  EXPECT_TRUE(outline_of("__global__ void NAME(f)(int a) {}\n").kernels_by_macro);
  EXPECT_FALSE(outline_of("__global__ void __launch_bounds__(64) f(int a);\n").kernels_by_macro);
}

TEST(Outline, BrokenTextIsReadToItsEnd) {
  for (const char* text :
       {"__global__", "__global__ void f(", "__global__ void f(int a", "template <",
        "template <int", "__constant__", "#", "#define", "__global__ void (("})
    EXPECT_TRUE(outline_of(text).kernels.empty()) << text;
}

}  // namespace
}  // namespace evotune
