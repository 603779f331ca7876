#include <cstdlib>

#include "rendered_text.h"

namespace evotune {
namespace {

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

TEST(Render, ATypeThatTheVariantNamesIsThere) {
  const std::string space = "parameters: {T: {types: [half, float]}}\n";
  EXPECT_TRUE(text_of("T x;\n", space, {{"T", std::string("half")}})
                  .starts_with("#include <cuda_fp16.h>\n#define T"));
  EXPECT_FALSE(contains(text_of("T x;\n", space, {{"T", std::string("float")}}), "#include"));
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
