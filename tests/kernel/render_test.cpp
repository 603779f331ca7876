#include <gtest/gtest.h>

#include <cstdlib>

#include "kernel_folder.h"

namespace evotune {
namespace {

Source rendered(const Template& kernel, const SpaceFile& file, const Bindings& bound) {
  const Result<Source> source = render(kernel, file, bound);
  EXPECT_TRUE(source) << source.error().message;
  return source ? *source : Source{};
}

std::string text_of(const std::string& kernel, const std::string& parameters, const Bindings& bound,
                    const std::string& entry = "gemm") {
  const KernelFolder folder(kernel);
  return rendered(folder.kernel(), folder.space(parameters + small_rest, entry), bound).text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const Bindings bm64{{"BM", std::int64_t{64}}};

// Everything at once, as it reaches a compiler. Rewritten by EVOTUNE_UPDATE_GOLDEN=1.
TEST(Render, TheWholeText) {
  const KernelFolder folder(read_file(EVOTUNE_SOURCE_DIR "/tests/kernel/golden/kernel.cu"));
  folder.write("warp.cuh", "#pragma once\n__device__ float combine(T x) { return x; }\n");
  folder.write("serial.cuh", "__device__ float combine(T x) { return x + 0; }\n");
  const SpaceFile file = folder.space(
      "problem: {M: 128, N: 64}\n"
      "parameters:\n  BM: [16, 64]\n  SCALE: [0.5, 2.0]\n  FAST: [false, true]\n"
      "  LAYOUT: [row, col]\n  COMBINE: {files: [warp.cuh, serial.cuh]}\n"
      "  T: {types: [float, half]}\n  WIDTH: [1, 4]\n"
      "let: {threads: BM * 2}\noptions: {fast_math: true, max_registers: [0, 64]}\n" +
          small_rest,
      "gemm<WIDTH, T>");
  const Source source = rendered(folder.kernel(), file,
                                 {{"BM", std::int64_t{64}},
                                  {"SCALE", 0.5},
                                  {"FAST", true},
                                  {"LAYOUT", std::string("col")},
                                  {"COMBINE", std::string("warp.cuh")},
                                  {"T", std::string("half")},
                                  {"WIDTH", std::int64_t{4}},
                                  {"max_registers", std::int64_t{64}},
                                  {"threads", std::int64_t{128}},
                                  {"M", std::int64_t{128}},
                                  {"N", std::int64_t{64}},
                                  {"device.sms", std::int64_t{1}}});
  EXPECT_EQ(source.entry, "gemm<4, half>");
  EXPECT_EQ(source.options, (std::vector<std::string>{"--use_fast_math", "--maxrregcount=64"}));
  const std::string golden = EVOTUNE_SOURCE_DIR "/tests/kernel/golden/rendered.cu";
  if (std::getenv("EVOTUNE_UPDATE_GOLDEN") != nullptr) write_file(golden, source.text);
  EXPECT_EQ(source.text, read_file(golden));
}

TEST(Render, AGuardedDefaultGivesWay) {
  EXPECT_EQ(text_of("#ifndef BM\n#define BM 16\n#endif\n", "parameters: {BM: [64]}\n", bm64),
            "#define BM 64\n#line 1 \"kernel.cu\"\n#ifndef BM\n#define BM 16\n#endif\n");
}

TEST(Render, AnUnguardedDefinitionIsTakenOutAndLinesStay) {
  EXPECT_EQ(text_of("#define BM 1 + \\\n 15\nint x;\n", "parameters: {BM: [64]}\n", bm64),
            "#define BM 64\n#line 1 \"kernel.cu\"\n// BM is set above\n\nint x;\n");
}

TEST(Render, AnUndefIsTakenOutToo) {
  EXPECT_FALSE(
      contains(text_of("#define BM 1\n#undef BM\n", "parameters: {BM: [64]}\n", bm64), "#undef"));
}

TEST(Render, ADefinitionInACommentIsNone) {
  EXPECT_TRUE(contains(text_of("// #define BM 1\nint x = BM;\n", "parameters: {BM: [64]}\n", bm64),
                       "// #define BM 1\n"));
}

TEST(Render, ATemplateParameterReachesTheTextThroughTheEntryAlone) {
  const KernelFolder folder("template <int BM> __global__ void gemm(float* C) { C[0] = BM; }\n");
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest, "gemm<BM>");
  const Source source = rendered(folder.kernel(), file, bm64);
  EXPECT_FALSE(contains(source.text, "#define BM"));
  EXPECT_EQ(source.entry, "gemm<64>");
}

TEST(Render, ADefineOfTheTemplateMakesAMacroEvenOfATemplateParameter) {
  EXPECT_TRUE(
      contains(text_of("#ifndef BM\n#define BM 1\n#endif\ntemplate <int BM_> struct X {};\n",
                       "parameters: {BM: [64]}\n", bm64, "gemm<BM>"),
               "#define BM 64\n"));
}

TEST(Render, AParameterThatTheTextNeverSaysStaysOutOfTheWay) {
  EXPECT_EQ(text_of("int x;\n", "parameters: {T: [1, 2]}\n", {{"T", std::int64_t{1}}}),
            "#line 1 \"kernel.cu\"\nint x;\n");
}

TEST(Render, AnIdentifierCanBeAskedForByThePreprocessor) {
  const std::string kernel = "#if LAYOUT_col\nint x;\n#endif\n";
  EXPECT_TRUE(contains(
      text_of(kernel, "parameters: {LAYOUT: [row, col]}\n", {{"LAYOUT", std::string("col")}}),
      "#define LAYOUT col\n#define LAYOUT_col 1\n"));
}

TEST(Render, SizesAreMacrosOnlyWhereTheTemplateDefinesThem) {
  const std::string space = "problem: {M: 8, N: 9}\nparameters: {BM: [64]}\n";
  const Bindings bound{{"BM", std::int64_t{64}}, {"M", std::int64_t{8}}, {"N", std::int64_t{9}}};
  const std::string text = text_of("#define M 1\nvoid f(int N);\nint x = BM;\n", space, bound);
  EXPECT_TRUE(contains(text, "#define M 8\n"));
  EXPECT_TRUE(contains(text, "// M is set above\n"));
  EXPECT_FALSE(contains(text, "#define N"));
}

// Many kernels write their tile sizes so; a macro would turn it into `constexpr int 64 = 16`.
TEST(Render, AMacroThatIsDefinedBehindADeclarationOfItsNameKeepsItsPlace) {
  const std::string space = "problem: {M: 8}\nparameters: {BM: [64]}\n";
  const Bindings bound{{"BM", std::int64_t{64}}, {"M", std::int64_t{8}}};
  const std::string kernel = "__global__ void k(float* y, int M);\n", define = "#define M 1\n",
                    host = "int main() { k<<<1, 1>>>(0, M); }\n";
  EXPECT_EQ(text_of(kernel + define + "#undef M\n" + define + host, space, bound),
            "#line 1 \"kernel.cu\"\n" + kernel + "#define M 8\n#undef M\n#define M 8\n" + host);
  for (const std::string& before :
       {define + kernel, "#ifndef M\n" + define + "#endif\n" + kernel,
        "void f(int M) { cudaFree(0); }\n" + define + "__global__ void k(float* y);\n"})
    EXPECT_TRUE(text_of(before + host, space, bound).starts_with("#define M 8\n")) << before;
}

TEST(Render, AConstantOfTheTemplateSaysWhatTheVariantSays) {
  const std::string kernel =
      "constexpr int BM = 16, BN = (4 + 4) * 4;\n__global__ void gemm(float* C) {\n"
      "  static const bool FAST =\n false;\n  const int other = BM;\n}\n";
  EXPECT_EQ(text_of(kernel, "parameters: {BM: [64], BN: [32], FAST: [false, true]}\n",
                    {{"BM", std::int64_t{64}}, {"BN", std::int64_t{32}}, {"FAST", true}}),
            "#line 1 \"kernel.cu\"\nconstexpr int BM = 64, BN = 32;\n"
            "__global__ void gemm(float* C) {\n"
            "  static const bool FAST =\n true;\n  const int other = BM;\n}\n");
}

TEST(Render, AConstantMayBeSpelledInAnyWay) {
  const auto set_in = [](const std::string& kernel) {
    const std::string text = text_of(kernel, "parameters: {BM: [64], BN: [32]}\n",
                                     {{"BM", std::int64_t{64}}, {"BN", std::int64_t{32}}});
    EXPECT_FALSE(contains(text, "#define")) << text;
    return text.substr(text.find('\n') + 1);
  };
  EXPECT_EQ(set_in("constexpr int BM{16}, BN = {8};"), "constexpr int BM{64}, BN = 32;\n");
  EXPECT_EQ(set_in("unsigned int const BM = 16;\nint static const BN = 8;\n"),
            "unsigned int const BM = 64;\nint static const BN = 32;\n");
  EXPECT_EQ(set_in("enum { BM = 16, OTHER, BN = 1 << 3 };"), "enum { BM = 64, OTHER, BN = 32 };\n");
  EXPECT_EQ(set_in("struct S { enum Tiles : int { BM = (4 + 4), BN = 2, }; };"),
            "struct S { enum Tiles : int { BM = 64, BN = 32, }; };\n");
}

TEST(Render, ASizeIsThatOfAConstantAtFileScopeAlone) {
  const std::string kernel =
      "namespace a {\nconst int M = 1 << 4;\n}\nvoid f() { const int N = 3; }\n";
  const Bindings sizes = {{"M", std::int64_t{8}}, {"N", std::int64_t{9}}};
  EXPECT_TRUE(contains(text_of(kernel, "problem: {M: 8, N: 9}\n", sizes),
                       "namespace a {\nconst int M = 8;\n}\nvoid f() { const int N = 3; }\n"));
  for (const char* another :
       {"enum class Size { N = 3 };", "enum Op { T, N = 3 };", "struct S { enum { N = 3 }; };",
        "void f(int const N = 3);", "const int3 N{3, 3, 3};", "const float N = 0.5f;"})
    EXPECT_TRUE(contains(text_of(another, "problem: {N: 9}\n", {{"N", std::int64_t{9}}}), another));
}

TEST(Render, ATypeThatTheVariantNamesIsThere) {
  const std::string space = "parameters: {T: {types: [half, float]}}\n";
  EXPECT_TRUE(text_of("T x;\n", space, {{"T", std::string("half")}})
                  .starts_with("#include <cuda_fp16.h>\n#define T"));
  EXPECT_FALSE(contains(text_of("T x;\n", space, {{"T", std::string("float")}}), "#include"));
}

TEST(Render, ASizeThatTheTemplateSaysAndDeclaresNowhereIsAMacro) {
  const auto of = [](const std::string& kernel) {
    const std::string text = text_of(kernel, "problem: {N: 9}\nparameters: {BM: [64]}\n",
                                     {{"BM", std::int64_t{64}}, {"N", std::int64_t{9}}});
    return contains(text, "#define N 9\n");
  };
  for (const char* used :
       {"int x = BM * N;", "#ifndef N\n#error\n#endif\nint x[N];", "int f(int i) { return N; }",
        "int x = i < N && f(2, N);", "int x[2] = {1, N};", "int x[2][2] = {{1, 2}, {N, N}};",
        "const int x{N};", "int x = f<2, N>();", "P f() { return {g(1), N}; }",
        "int x = f({1, N});", "int x = f(P{1, N});", "auto f = [] { for (int t : {1, N}) g(t); };",
        "#define SHAPE {1, N}\nint x[2] = SHAPE;", "void f() { h<2, N, 3>(); }"})
    EXPECT_TRUE(of(used)) << used;
  for (const char* declared : {"void f(int N) { g(2 * N); }",
                               "template <typename T, int N> int x = N;",
                               "int x = N, N;",
                               "void f(const long& N);",
                               "int M = 1, N = 2;",
                               "void f(p q) { g(q.N, q->N); }",
                               "enum { N };",
                               "enum E : int { M, N };",
                               "struct S { int M, N; };",
                               "void f() { { int M, N; } }",
                               "int x = ({ int M, N; M; });",
                               "int x = [] { int M, N; return 1; }();",
                               "enum E { N };",
                               "auto f(index_t* N) { return N; }",
                               "// N",
                               "void f(float4 *N);",
                               "struct V {}; void f(const V& N);",
                               "void f(a::B<float>& N);",
                               "A<float, 2> N;",
                               "void f(float (*N)[4]);",
                               "void f() { auto [N, M] = g(); }",
                               "auto f = [](auto&& N) {};",
                               "#define EACH for (int N = 0; N < 4; ++N)",
                               "#define ITS q.N",
                               "__global__ void k(Unknown *N) { g(2 * N); }"})
    EXPECT_FALSE(of(declared)) << declared;
}

TEST(Render, OnlyWhatIsMeantIsTakenForAParametersConstant) {
  const auto text = [](const std::string& kernel) {
    return text_of(kernel, "parameters: {BM: [64]}\n", {{"BM", std::int64_t{64}}});
  };
  // The host's own, which goes later; one that an #if asks for.
  for (const char* other : {"int x = BM; int main() { const int BM = 32; }",
                            "#ifndef BM\nconstexpr int BM = 32;\n#endif\n#if BM > 32\n#endif\n"})
    EXPECT_TRUE(contains(text(other), "#define BM 64\n")) << other;
  // A template's parameter, beside another's constant of that name.
  EXPECT_TRUE(
      contains(text("template <int BM> void k(); __device__ void f() { const int BM = 4; }"),
               "const int BM = 4;"));
  EXPECT_TRUE(contains(text("struct S { static constexpr int BM = 32; };"), "int BM = 64;"));
  EXPECT_TRUE(contains(text("constexpr int BM = C<2, 4>::V;"), "= C<2, 4>::V;"));
}

TEST(Render, WhatC17DoesNotHaveAsksForC20) {
  const auto options_of = [](const std::string& kernel) {
    const KernelFolder folder(kernel);
    const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
    return rendered(folder.kernel(), file, bm64).options;
  };
  for (const char* newer :
       {"template <typename T> concept any = true;", "#include <concepts>\n",
        "consteval int f() { return 1; }", "#define R(...) requires(__VA_ARGS__)",
        "template <class T> requires ::std::is_same_v<T, float> void f();",
        "auto f(auto x) requires (sizeof(x) == 4) { return x; }"})
    EXPECT_EQ(options_of(newer), std::vector<std::string>{"--std=c++20"}) << newer;
  for (const char* older : {"#include <vector>\n", "// a concept\n", "int requirement;",
                            "int requires = 2;", "int concept(int);"})
    EXPECT_TRUE(options_of(older).empty()) << older;
}

TEST(Render, AMacroDoesNotReachIntoTheHeadersThatTheTemplateBeginsWith) {
  const std::string text = text_of("#include <mma.h>\n#define T 1\n#include <late.h>\nint x = T;\n",
                                   "parameters: {T: [2]}\n", {{"T", std::int64_t{2}}});
  EXPECT_TRUE(text.starts_with("#include <mma.h>\n#define T 2\n#line 1")) << text;
}

// Their absence is told by their line.
TEST(Render, HeadersThatMayBeAbsentStayWhereTheyStand) {
  const KernelFolder folder(
      "#include <project/sort.cuh>\n#include <mma.h>\n#include <torch/all.h>\n");
  const SpaceFile file = folder.space("parameters: {T: [2]}\n" + small_rest);
  const std::string text = rendered(folder.kernel(), file, {{"T", std::int64_t{2}}}).text;
  EXPECT_TRUE(text.starts_with("#include <mma.h>\n")) << text;
  EXPECT_EQ(text.find("#include <torch/all.h>"), text.rfind("#include <torch/all.h>"));
}

TEST(Render, OfSeveralKernelsOfANameTheOneThatTakesTheArgumentsIsMeant) {
  const KernelFolder folder(
      "__global__ void gemm(const half* x, int n) {}\n__global__ void gemm(float *C) {}\n");
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
  EXPECT_EQ(rendered(folder.kernel(), file, bm64).entry, "(void (*)(float*))gemm");
  const KernelFolder branches(
      "#if BM > 1\n__global__ void gemm(float4* C) {}\n#else\n__global__ void gemm(float* C) {}\n"
      "#endif\n");
  EXPECT_EQ(
      rendered(branches.kernel(), branches.space("parameters: {BM: [64]}\n" + small_rest), bm64)
          .entry,
      "gemm");
  const KernelFolder declared("__global__ void gemm(float* C);\n__global__ void gemm(float*) {}\n");
  EXPECT_EQ(
      rendered(declared.kernel(), declared.space("parameters: {BM: [64]}\n" + small_rest), bm64)
          .entry,
      "gemm");
}

std::string entry_among(const std::string& kernels, const std::string& entry) {
  const KernelFolder folder(kernels);
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest, entry);
  return rendered(folder.kernel(), file, bm64).entry;
}

TEST(Render, DeclarationsOfOneKernelAreNoOverloads) {
  EXPECT_EQ(entry_among("__global__ void gemm(float* C);\n"
                        "__global__ void gemm(float* __restrict__ C) {}\n",
                        "gemm"),
            "gemm");
  EXPECT_EQ(entry_among("extern \"C\" __global__ void gemm(float* C);\n"
                        "extern \"C\" __global__ void gemm(float* const C) {}\n",
                        "gemm"),
            "gemm");
  EXPECT_EQ(entry_among("namespace n { using real = float;\n__global__ void q(real* x);\n"
                        "__global__ void q(real* __restrict x) {} }\n",
                        "n::q"),
            "n::q");
}

TEST(Render, AKernelOfAnotherNamespaceIsNoOverload) {
  const std::string kernels =
      "namespace a { struct T {}; __global__ void k(const T* x, int n) { if (n) { } } }\n"
      "namespace b { using T = float; __global__ void k(T* C) {} }\n"
      "__global__ void k(float* C) {}\n";
  EXPECT_EQ(entry_among(kernels, "b::k"), "b::k");
  EXPECT_EQ(entry_among(kernels, "k"), "k");
  const std::string overloads =
      "namespace a::b { namespace { __global__ void k(half* C) {}\n"
      "__global__ void k(float* __restrict__ C) {} } }\n";
  EXPECT_EQ(entry_among(overloads, "a::b::k"), "(void (*)(float*))a::b::k");
}

TEST(Render, AFunctionIsToldFromATemplateOfItsName) {
  EXPECT_EQ(entry_among("template <typename T> __global__ void k(T* x, const int n);\n"
                        "__global__ void k(float* C) {}\n",
                        "k"),
            "(void (*)(float*))k");
}

TEST(Render, LetsAreMacrosOnlyWhereTheTemplateDefinesThem) {
  const std::string space = "parameters: {BM: [64]}\nlet: {THREADS: BM * 2, twice: BM * 2}\n";
  const Bindings bound{
      {"BM", std::int64_t{64}}, {"THREADS", std::int64_t{128}}, {"twice", std::int64_t{128}}};
  const std::string text =
      text_of("#ifndef THREADS\n#define THREADS 1\n#endif\nint twice;\n", space, bound);
  EXPECT_TRUE(contains(text, "#define THREADS 128\n"));
  EXPECT_FALSE(contains(text, "#define twice"));
}

TEST(Render, AParameterInTheEntrysListOfArgumentsIsNoMacro) {
  const KernelFolder folder("__global__ void gemm(float* C, int BM) { C[0] = BM; }\n");
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
  const std::string text = rendered(folder.kernel(), file, bm64).text;
  EXPECT_TRUE(contains(text, "int BM) { C[0] = BM; }")) << text;
  EXPECT_FALSE(contains(text, "#define BM")) << text;
}

TEST(Render, TheHashCoversTextEntryAndOptionsAndNotTheProvenance) {
  const KernelFolder folder("#define BM 1\ntemplate <int X> __global__ void gemm(float*) {}\n");
  const std::string space = "parameters: {BM: [1, 2], X: [1, 2]}\noptions: {fmad: [false, true]}\n";
  const SpaceFile file = folder.space(space + small_rest, "gemm<X>");
  const auto hash = [&](std::int64_t bm, std::int64_t x, bool fmad) {
    return rendered(folder.kernel(), file, {{"BM", bm}, {"X", x}, {"fmad", fmad}}).hash;
  };
  const std::string first = hash(1, 1, true);
  EXPECT_EQ(first, hash(1, 1, true));
  EXPECT_NE(first, hash(2, 1, true));
  EXPECT_NE(first, hash(1, 2, true));
  EXPECT_NE(first, hash(1, 1, false));
  const SpaceFile renamed = folder.space("name: other\n" + space + small_rest, "gemm<X>");
  const Source same = rendered(folder.kernel(), renamed,
                               {{"BM", std::int64_t{1}}, {"X", std::int64_t{1}}, {"fmad", true}});
  EXPECT_EQ(same.hash, first);
  EXPECT_TRUE(contains(same.provenance, "other"));
}

TEST(Render, TheHashCoversIncludedFiles) {
  const KernelFolder folder("#include \"a.cuh\"\nint x = BM;\n");
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
  folder.write("a.cuh", "int a;\n");
  const std::string before = rendered(folder.kernel(), file, bm64).hash;
  folder.write("a.cuh", "int b;\n");
  EXPECT_NE(rendered(folder.kernel(), file, bm64).hash, before);
}

TEST(Render, TheHashDoesNotDependOnWhereTheTemplateLies) {
  const auto hash = [] {
    const KernelFolder folder("#include \"a.cuh\"\nint x = BM;\n");
    folder.write("a.cuh", "int a;\n");
    const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
    return rendered(folder.kernel(), file, bm64).hash;
  };
  EXPECT_EQ(hash(), hash());
}

TEST(Render, TheProvenanceIsOneComment) {
  const KernelFolder folder(small_kernel);
  const SpaceFile file = folder.space("parameters: {BM: [64]}\n" + small_rest);
  const Source source = rendered(folder.kernel(), file, bm64);
  EXPECT_TRUE(contains(source.provenance, "BM=64"));
  EXPECT_TRUE(contains(source.provenance, source.hash));
  EXPECT_TRUE(contains(source.provenance, file.hash));
  for (std::size_t at = 0; at < source.provenance.size(); at = source.provenance.find('\n', at) + 1)
    EXPECT_EQ(source.provenance.substr(at, 2), "//");
}

TEST(Render, WhatCannotBeWrittenIsAFailureOfTheCandidate) {
  const KernelFolder folder("int x = BM;\n#include FILE\n");
  folder.write("a.cuh", "int a;\n");
  const SpaceFile file =
      folder.space("parameters: {BM: [64], FILE: {files: [a.cuh]}}\n" + small_rest);
  const auto stage = [&](const Bindings& bound) {
    const Result<Source> source = render(folder.kernel(), file, bound);
    return source ? Stage::infrastructure : source.error().stage;
  };
  const Value a = std::string("a.cuh");
  EXPECT_EQ(stage({{"BM", std::int64_t{64}}, {"FILE", a}}), Stage::infrastructure);
  EXPECT_EQ(stage({{"FILE", a}}), Stage::render);
  EXPECT_EQ(stage({{"BM", std::string("1;x")}, {"FILE", a}}), Stage::render);
  EXPECT_EQ(stage({{"BM", std::int64_t{64}}, {"FILE", std::string("gone.cuh")}}), Stage::render);
}

TEST(RenderReference, ComputesInDoubleWithoutOptions) {
  const KernelFolder folder("__global__ void reference(T* x) { x[0] = BM; }\n");
  const SpaceFile file = folder.space(
      "parameters: {BM: [64], T: {types: [half]}}\noptions: {fast_math: true}\n" + small_rest);
  const Result<Source> source = render_reference(
      folder.kernel(), file, {{"BM", std::int64_t{64}}, {"T", std::string("half")}});
  ASSERT_TRUE(source);
  EXPECT_EQ(source->entry, "reference");
  EXPECT_TRUE(source->options.empty());
  EXPECT_TRUE(contains(source->text, "#define BM 64\n#define T double\n"));
}

}  // namespace
}  // namespace evotune
