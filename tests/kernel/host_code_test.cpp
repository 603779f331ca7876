#include "kernel/host_code.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace evotune {
namespace {

/// What is left, without the blanks that stand for what is gone.
std::string left_of(std::string_view source) {
  std::string text;
  for (const char c : without_host_code(source))
    if (c != ' ' || (!text.empty() && text.back() != ' ' && text.back() != '\n')) text += c;
  return text;
}

TEST(HostCode, ASourceWithoutAnyIsLeftAsItIs) {
  const std::string source =
      "#include <stdint.h>\nstatic int table[] = {1, 2};\nfloat half_of(float x) { return x / 2; "
      "}\n"
      "struct string { int length; };\n__global__ void k(float* y) { y[0] = half_of(table[1]); }\n";
  EXPECT_EQ(without_host_code(source), source);
}

TEST(HostCode, LinesAndLengthsStay) {
  const std::string source =
      "#include <iostream>\n__device__ int f();\nint main() {\n  f<<<1, 2>>>();\n}\nint x;\n";
  const std::string rest = without_host_code(source);
  EXPECT_EQ(rest.size(), source.size());
  EXPECT_EQ(std::count(rest.begin(), rest.end(), '\n'), 6);
}

TEST(HostCode, WhatALibrarysHeaderBringsAlongStays) {
  const std::string include = "#include <cublas_v2.h>\n",
                    kernel = "__global__ void k(half* y) {}\n";
  EXPECT_EQ(without_host_code(include + kernel), "#include<cuda_fp16.h> \n" + kernel);
  EXPECT_EQ(left_of(include + "__global__ void k(int* y) {}"), "\n__global__ void k(int* y) {}");
}

TEST(HostCode, MainLaunchesAndCallsOfTheRuntimeGo) {
  const std::string kernel = "__global__ void k(int* y) { *y = 1; }";
  for (const char* host : {"int main() { return 0; }", "void run() { k<<<1, 1>>>(0); }",
                           "void run() { cudaMalloc(0, 4); }", "static cudaStream_t stream;",
                           "struct Timer { cudaEvent_t start; Timer() { start = 0; } };",
                           "template <typename T> void fill(std::vector<T>& v) { v.clear(); }",
                           "extern \"C\" float call(float* p) { std::cout << p; return 1; }"})
    EXPECT_EQ(left_of(host + std::string("\n") + kernel), "\n" + kernel) << host;
}

TEST(HostCode, WhatCallsAHostFunctionIsOneToo) {
  EXPECT_EQ(left_of("void a() { cudaFree(0); }\nvoid b() { a(); }\nvoid c() { b(); }\n"), "\n\n\n");
}

TEST(HostCode, WithAHostsProgramUnannotatedFunctionsAreIts) {
  const std::string host = "int main() {}\n";
  EXPECT_EQ(left_of(host + "float reference(float x) { return x; }"), "\n");
  EXPECT_EQ(left_of(host + "static int repetitions = 10;"), "\n");
  for (const char* kept :
       {"constexpr int twice(int x) { return 2 * x; }", "const int n = 3;",
        "struct Point { float x; float norm() { return x; } };", "typedef float real;",
        "DEFINE_KERNEL(float);", "__host__ __device__ int f(int x) { return x; }"})
    EXPECT_EQ(left_of(host + kept), std::string("\n") + kept) << kept;
}

TEST(HostCode, DirectivesInsideOfItStay) {
  EXPECT_EQ(left_of("int main() {\n#ifdef A\n  cudaFree(0);\n#endif\n}\n"),
            "\n#ifdef A\n\n#endif\n\n");
}

TEST(HostCode, HeadersOfTheHostGoAndOthersOnRequest) {
  EXPECT_EQ(left_of("#include <iostream>\n#include <cuda_fp16.h>\n#include \"helper_cuda.h\"\n"),
            "\n#include <cuda_fp16.h>\n\n");
  constexpr std::string_view also[] = {"stdio.h"};
  EXPECT_EQ(without_host_code("#include <stdio.h>\nint x;", also).find("stdio"), std::string::npos);
}

TEST(HostCode, SurvivesEveryPrefixOfASource) {
  const std::string source =
      "#include <vector>\ntemplate <class T, int N> static void f(T* p) { k<<<1, N>>>(p); }\n"
      "namespace a { extern \"C\" { int main(int argc, char** argv) { return argv[0][0]; } } }";
  for (std::size_t i = 0; i <= source.size(); ++i)
    EXPECT_EQ(without_host_code(std::string_view(source).substr(0, i)).size(), i);
}

}  // namespace
}  // namespace evotune
