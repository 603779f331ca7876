#include "device/cpu/rewrite.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "device/cpu/used_code.h"

namespace evotune::cpu {
namespace {

TEST(Rewrite, LeavesPlainSourcesAlone) {
  const std::string source =
      "// extern __shared__ float s[];\nvoid k() { __shared__ float t[4]; } extern int n; extern "
      "\"C\" void f();";
  EXPECT_EQ(rewrite_for_host(source), source);
}

std::string in_kernel(const std::string& declaration) {
  const std::string rewritten = rewrite_for_host("void k() { " + declaration + " }");
  return rewritten.substr(11, rewritten.size() - 13);
}

TEST(Rewrite, DynamicSharedMemoryBecomesAPointerInEverySpelling) {
  EXPECT_EQ(in_kernel("extern __shared__ float s[];"),
            "float* s = (float*)evotune_dynamic_shared();");
  EXPECT_EQ(in_kernel("extern __shared__ __align__(16) unsigned char s[];"),
            "unsigned char* s = (unsigned char*)evotune_dynamic_shared();");
  EXPECT_EQ(in_kernel("extern __shared__ alignas(sizeof(T)) ns::Vec<T, 4> s [ ] ;"),
            "ns::Vec<T, 4>* s = (ns::Vec<T, 4>*)evotune_dynamic_shared() ;");
  EXPECT_EQ(in_kernel("extern volatile __shared__ int s[];"),
            "volatile int* s = (volatile int*)evotune_dynamic_shared();");
  EXPECT_EQ(in_kernel("extern __shared__ T s[][N + 1];"),
            "T (*s)[N + 1] = (T (*)[N + 1])evotune_dynamic_shared();");
}

TEST(Rewrite, AtFileScopeTheAddressIsTakenAtLoad) {
  EXPECT_EQ(rewrite_for_host(
                "#include <x>\nnamespace a { extern \"C\" { extern __shared__ float s[]; } }"),
            "#include <x>\nnamespace a { extern \"C\" { static float* s = "
            "(float*)evotune_dynamic_shared_at_load(); } }");
}

TEST(Rewrite, AnInlineFunctionIsNoNamespace) {
  for (const char* head : {"inline auto f() -> int {", "inline int f() noexcept {"}) {
    const std::string source = std::string(head) + " __shared__ int x[1]; return x[0]; }";
    EXPECT_EQ(rewrite_for_host(source), source);
  }
}

TEST(Rewrite, SharedVariablesOfFileScopeGetANamespaceThatTellsThem) {
  EXPECT_EQ(rewrite_for_host("int n;\nstatic __shared__ struct { int a; } x[4], y;\nint m;"),
            "int n;\ninline namespace evotune_shared {  __shared__ struct { int a; } x[4], y; }\n"
            "int m;");
  EXPECT_EQ(
      rewrite_for_host("namespace a { template <int N> __shared__ alignas(8) int x[N]; }"),
      "namespace a { inline namespace evotune_shared { template <int N> alignas(8) __shared__ "
      "int x[N]; } }");
}

TEST(Rewrite, CastsToVectorsForgetWhatTheyCast) {
  EXPECT_EQ(in_kernel("v = reinterpret_cast<const float4*>(&s[i])[2];"),
            "v = ((const float4*)(void*)(&s[i]))[2];");
  EXPECT_EQ(in_kernel("reinterpret_cast<uint2&>(s[i]) = v;"), "(*(uint2*)(void*)&(s[i])) = v;");
  EXPECT_EQ(in_kernel("v = *(half2*)&s[i];"), "v = *(half2*)(void*)&s[i];");
  EXPECT_EQ(rewrite_for_host("#define QUAD(p) (reinterpret_cast<float4*>(&(p))[0])\n"),
            "#define QUAD(p) (((float4*)(void*)(&(p)))[0])\n");
  for (const char* other : {"f(float4*);", "a = sizeof(float4*) & 3;", "p = (float*)&s[i];",
                            "p = reinterpret_cast<T*>(&s[i]);", "g = h<float4*>(p);"})
    EXPECT_EQ(in_kernel(other), other);
}

TEST(Rewrite, SpecifiersOfStaticSharedMemoryAreReordered) {
  EXPECT_EQ(in_kernel("__shared__ alignas(16) float x[4];"), "alignas(16) __shared__ float x[4];");
  EXPECT_EQ(in_kernel("static __shared__ int x;"), " __shared__ int x;");
  EXPECT_EQ(in_kernel("__shared__ static int x;"), "__shared__  int x;");
}

TEST(Rewrite, NoinlineIsTranslatedUnlessItIsAnAttributeAlready) {
  EXPECT_EQ(rewrite_for_host("__noinline__ f();"), "__attribute__((noinline)) f();");
  EXPECT_EQ(rewrite_for_host("__attribute__((__noinline__)) f();"),
            "__attribute__((__noinline__)) f();");
}

TEST(Rewrite, CommentsAndStringsHideWhatTheyHold) {
  const std::string source = "/* asm */ x = \"asm <<<\"; // asm \\\n asm\n R\"q(asm )\" )q\";";
  EXPECT_EQ(rewrite_for_host(source), source);
}

TEST(Rewrite, MacrosMayHoldPtxButNoDeclarationIsLookedForInThem) {
  EXPECT_EQ(rewrite_for_host("#define F(x) \\\n  asm(x)\n#define S extern __shared__ int s[];\n"),
            "#define F(x) \\\n  static_assert(false, \"inline PTX whose text macros or branches "
            "put together "
            "is not supported by "
            "the CPU device\")\n#define S extern __shared__ int s[];\n");
}

TEST(Rewrite, OfAnIfBetweenTheStringsOfAnAsmEachBranchIsAStatement) {
  const auto asm_of = [](const std::string& of_else) {
    return rewrite_for_host("asm(\"mov.u32 %0, 1;\"\n#if A > \\\n 1\n\"add.u32 %0, %0, 1;\"\n" +
                            of_else + "#endif\n: \"=r\"(x));\ny;");
  };
  const std::string rewritten = asm_of("#else\n\"add.u32 %0, %0, 2;\"\n");
  const auto statement = [](const std::string& added) {
    const std::string one =
        rewrite_for_host("asm(\"mov.u32 %0, 1; add.u32 %0, %0, " + added + ";\" : \"=r\"(x));");
    return one.substr(0, one.size() - 1);
  };
  EXPECT_EQ(rewritten, "\n#if A > \\\n 1\n" + statement("1") + "\n#else\n" + statement("2") +
                           "\n#endif\n;\ny;");
  EXPECT_NE(asm_of("").find("not supported"), std::string::npos) << "there would be no line for it";
}

TEST(Rewrite, HeadersOfWhatIsThereAnywayAreNoOthers) {
  EXPECT_EQ(rewrite_for_host("#include <sm_60_atomic_functions.h>\n"), "#include <cuda.h>\n");
}

TEST(Rewrite, LinesKeepTheirNumbers) {
  const std::string source = "void k() {\nextern\n__shared__\nfloat\ns\n[]\n;\nasm(\"x;\");\n}\n";
  const std::string rewritten = rewrite_for_host(source);
  EXPECT_EQ(std::count(rewritten.begin(), rewritten.end(), '\n'), 9);
  EXPECT_EQ(
      std::count(rewritten.begin(),
                 rewritten.begin() + static_cast<std::ptrdiff_t>(rewritten.find("static_assert")),
                 '\n'),
      7);
}

TEST(Rewrite, SurvivesEveryPrefixOfASource) {
  const std::string source =
      "namespace n { static __shared__ alignas(8) int x; extern __shared__ T s[][N]; k<<<1,2>>>(); "
      "asm(";
  for (std::size_t i = 0; i <= source.size(); ++i)
    EXPECT_GE(rewrite_for_host(source.substr(0, i)).size() + 7, i);
}

// What is left for `entry`, a line for each that is.
std::string used(const std::string& source, const std::string& entry = "k") {
  std::string lines;
  for (const std::string& line : split_lines(used_code(source, entry)))
    if (line.find_first_not_of(' ') != std::string::npos) lines += std::string(trim(line)) + "\n";
  return lines;
}

const std::string kernel = "__global__ void k(float* y) { *y = f<2>(*y) + limit; }\n";

TEST(UsedCode, LinesAndLengthsStay) {
  const std::string source = "int g() {\n  return 1;\n}\n" + kernel;
  const std::string rest = used_code(source, "k");
  EXPECT_EQ(rest.size(), source.size());
  EXPECT_EQ(rest.substr(rest.size() - kernel.size()), kernel);
  EXPECT_EQ(std::count(rest.begin(), rest.end(), '\n'), 4);
}

TEST(UsedCode, WhatIsReachedByNameStaysAsDoesWhatItReaches) {
  for (const std::string& kept : std::vector<std::string>{
           "template <int N> __device__ float f(float x) { return g(x); }\n__device__ float "
           "g(float "
           "x);\n",
           "#define f h\n__device__ float h(float x) { return x; }\n",
           "enum { other, limit = 3 };\n", "__constant__ float table[4], limit;\n",
           "namespace a {\nstruct X;\n__device__ float f(X x) { return 1; }\nstruct X { int i; "
           "};\n}\n",
           "float V::f() const { return 1; }\nV::V(int a) : a(a) {}\nstruct alignas(8) V { int a; "
           "};\n"})
    EXPECT_EQ(used(kept + kernel), kept + kernel);
}

TEST(UsedCode, AFunctionWithTwoHeadsEndsWithItsBody) {
  const std::string two =
      "__device__ void g() { asm(\"\"); }\n#ifdef A\nvoid h(double x) {\n#else\nvoid h(float x) {\n"
      "#endif\ng();\n}\n";
  EXPECT_EQ(used(two + kernel), "#ifdef A\n#else\n#endif\n" + kernel);
  EXPECT_EQ(used(two + kernel, "#define f h\nk"), two + kernel);
}

TEST(UsedCode, WhatIsNotGoes) {
  for (const char* gone :
       {"__device__ float g(float x) { return x; }", "struct V { float v; };",
        "template <typename T> __global__ void __launch_bounds__(64) other(T* y) { f<1>(*y); }",
        "texture<float, 2> image;", "static const float numbers[] = {1, f(2)};",
        "#include <cuda_fp8.h>", "template __global__ void other<float>(float*);",
        "typedef Sampled<float>::vector sampled;", "using Sampler = Sampled<float>;",
        "template <typename T> using Row = Sampled<T>;"})
    EXPECT_EQ(used(gone + ("\n" + kernel)), kernel) << gone;
  EXPECT_EQ(used("#define NAME(n) run_##n\nFn table[] = {NAME(a)};\n" + kernel),
            "#define NAME(n) run_##n\n" + kernel);
}

TEST(UsedCode, OfOverloadsThoseForATypeThatIsMissingGo) {
  const std::string array = "__device__ float f(const float* x, int i) { return x[i]; }\n",
                    texture = "__device__ float f(cudaTextureObject_t x, int i) { return 0; }\n",
                    define = "#define PROMOTE(T) template <> struct promote<T> {};\n";
  EXPECT_EQ(used(texture + array + kernel), array + kernel);
  EXPECT_EQ(used(texture + kernel), texture + kernel);
  EXPECT_EQ(used(define + "PROMOTE(__nv_fp8_e5m2)\n" + kernel), define + kernel);
  const std::string general = "template <typename T> struct f;\ntemplate <> struct f<half> {};\n";
  EXPECT_EQ(used(general + "template <> struct f<c10::Half> { at::Half x; };\n" + kernel),
            general + kernel);
  EXPECT_EQ(used("struct at {};\nfloat limit(at::x y) { return 0; }\n" + kernel),
            "struct at {};\nfloat limit(at::x y) { return 0; }\n" + kernel);
}

TEST(UsedCode, HeadersOfCudaThatAreNotHereGo) {
  const std::string kept = "#include <cuda/atomic>\n#include <vector>\n#include <cuda_fp16.h>\n";
  EXPECT_EQ(used("#include <cuda/memory>\n" + kept + "#include <cuda_awbarrier.h>\n" + kernel),
            kept + kernel);
}

TEST(UsedCode, WhatHasNoNameThatTokensTellStaysWithAllThatItNames) {
  const std::string source =
      "#define MAKE(n) __device__ float n##_(float x) { return x; }\n"
      "__device__ float2 operator+(float2 a, float2 b) { return sum(a, b); }\n"
      "__device__ float2 sum(float2 a, float2 b) { return a; }\n"
      "typedef struct { Wide w; } Real, *Reals;\nstruct Wide { double x; };\nMAKE(f)\n";
  EXPECT_EQ(used(source + kernel), source + kernel);
  const std::string name = "#define NAME(n) n\n", paste = "#define VEC(n) vec##n\n";
  for (const std::string& kept : {name + "enum Kind { first = 0, NAME(two), NAME(three) };\n",
                                  name + "__device__ float scale = 1, NAME(by);\n",
                                  paste + "typedef float4 vec4;\nusing vec2 = float2;\n"})
    EXPECT_EQ(used(kept + kernel), kept + kernel);
}

}  // namespace
}  // namespace evotune::cpu
