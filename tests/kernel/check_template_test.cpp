#include "kernel/check_template.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "kernel_folder.h"

namespace evotune {
namespace {

// "line: what / hint" of each mistake.
std::vector<std::string> mistakes(const KernelFolder& folder, const std::string& space,
                                  const std::string& entry = "gemm") {
  const SpaceFile file = folder.space(space, entry);
  std::vector<std::string> found;
  for (const Mistake& one : check_template(load_template(file), file))
    found.push_back(std::to_string(one.where.line) + ": " + one.what + " / " + one.hint);
  return found;
}

std::string only(const std::vector<std::string>& found) {
  return found.size() == 1 ? found[0]
                           : "found " + std::to_string(found.size()) + ": " + join(found, "; ");
}

const std::vector<std::string> none;
const std::string with_bm = "#ifndef BM\n#define BM 16\n#endif\n";
const std::string gemm_kernel =
    with_bm + "__global__ void gemm(const float* A, float* C, int n) { C[n] = A[BM]; }\n";

std::string arguments(const std::string& list) {
  return "parameters: {BM: [16, 64]}\nlaunch: {grid: 1, block: 32}\narguments:\n" + list;
}

const std::string a = "  - {name: A, in: \"f32[8]\"}\n";
const std::string c = "  - {name: C, out: \"f32[8]\"}\n";
const std::string n = "  - {name: n, scalar: i32, value: 8}\n";

TEST(CheckTemplate, WhatFitsHasNoMistakes) {
  EXPECT_EQ(mistakes(KernelFolder(gemm_kernel), arguments(a + c + n)), none);
}

TEST(CheckTemplate, PointersToPointersCannotBeGiven) {
  const auto found = [](const std::string& parameter) {
    return mistakes(KernelFolder(with_bm + "__global__ void gemm(" + parameter + ") { BM; }\n"),
                    arguments(c));
  };
  const std::string refused =
      "5: argument 'C' is number 1, where gemm takes 'float** C' / an array of pointers is nothing "
      "that a space file can give: one array, or a structure with several";
  EXPECT_EQ(only(found("float** C")), refused);
  EXPECT_EQ(only(found("float* const* __restrict__ C")), refused);
  EXPECT_EQ(only(found("float *C[]")), refused);
  EXPECT_EQ(found("float (*C)[4]"), none);
  EXPECT_EQ(found("float C[][4]"), none);
}

TEST(CheckTemplate, VectorsAndStructuresMustBeWhatTheKernelTakes) {
  const KernelFolder folder(with_bm +
                            "struct P { int n; };\n"
                            "__global__ void gemm(float* C, int3 size, P p, float4* v) { BM; }\n");
  const std::string v = "  - {name: v, in: \"f32[8]\"}\n";
  const auto found = [&](const std::string& size, const std::string& p) {
    return mistakes(
        folder, arguments(c + "  - {name: size, " + size + "}\n  - {name: p, " + p + "}\n" + v));
  };
  const std::string structure = "struct: [{name: n, scalar: i32, value: 8}]";
  EXPECT_EQ(found("scalar: i32, value: [1, 2, 3]", structure), none);
  EXPECT_EQ(only(found("scalar: float2, value: [1, 2]", structure)),
            "6: argument 'size' is number 2, where gemm takes 'int3 size', but it is 2 of f32 / "
            "int3 is 3 of i32");
  EXPECT_EQ(only(found(structure, structure)),
            "6: argument 'size' is number 2, where gemm takes 'int3 size', but it is a structure / "
            "int3 is 3 of i32");
}

TEST(CheckTemplate, AParameterThatNobodyUsesIsAMistakeAtItsPlace) {
  const KernelFolder folder(with_bm + small_kernel);
  EXPECT_EQ(only(mistakes(folder,
                          "parameters:\n  BM: [16]\n  BM_: [1, 2]\n"
                          "baseline: {config: {BM_: 1}}\n" +
                              small_rest)),
            "4: parameter 'BM_' is used neither by the template nor in the launch or an expression "
            "/ did you mean 'BM'?");
}

TEST(CheckTemplate, AParameterMayBeUsedByTheLaunchAnExpressionOrAType) {
  const KernelFolder folder(small_kernel);
  EXPECT_EQ(mistakes(folder,
                     "parameters: {BX: [1], GX: [1], SIZE: [8], T: {types: [float]}}\n"
                     "constraints: [BX > 0]\n"
                     "launch: {grid: GX, block: 32}\n"
                     "arguments: [{name: C, out: \"T[SIZE]\"}]\n"
                     "baseline: {config: {BX: 1, GX: 1, SIZE: 8, T: float}}\n"),
            none);
}

TEST(CheckTemplate, AParameterMayBeUsedByAFragmentThatIsNotTheFirst) {
  KernelFolder folder("#include PART\n" + small_kernel);
  folder.write("a.cuh", "\n");
  folder.write("b.cuh", "int b = DEPTH;\n");
  EXPECT_EQ(mistakes(folder,
                     "parameters: {PART: {files: [a.cuh, b.cuh]}, DEPTH: [1, 2]}\n"
                     "baseline: {config: {PART: a.cuh, DEPTH: 1}}\n" +
                         small_rest),
            none);
}

TEST(CheckTemplate, AnIdentifierMayBeUsedByItsTestAlone) {
  const KernelFolder folder("#if LAYOUT_col\n#endif\n" + small_kernel);
  EXPECT_EQ(mistakes(folder,
                     "parameters: {LAYOUT: [row, col]}\n"
                     "baseline: {config: {LAYOUT: row}}\n" +
                         small_rest),
            none);
}

TEST(CheckTemplate, AMissingFragmentIsAMistakeOfItsParameter) {
  KernelFolder folder("#ifndef PART\n#define PART \"a.cuh\"\n#endif\n#include PART\n" +
                      small_kernel);
  folder.write("a.cuh", "\n");
  const SpaceFile file =
      folder.space("parameters:\n  PART: {files: [a.cuh, gone.cuh]}\n" + small_rest);
  const std::vector<Mistake> found = check_template(folder.kernel(), file);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].where.line, 3);
  EXPECT_NE(found[0].what.find("\"gone.cuh\" is not there"), std::string::npos);
}

TEST(CheckTemplate, AnEntryThatTheTemplateLacksGetsASuggestion) {
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel), arguments(a + c + n), "gem")),
            "1: there is no __global__ function 'gem' / did you mean 'gemm'?");
}

TEST(CheckTemplate, ATemplateNeedsArgumentsAndNothingElseTakesThem) {
  const KernelFolder plain(with_bm + small_kernel);
  const KernelFolder generic(with_bm + "template <int X> " + small_kernel);
  const std::string space = "parameters: {BM: [16]}\n" + small_rest;
  EXPECT_EQ(only(mistakes(generic, space)),
            "1: 'gemm' is a template / name its arguments: \"gemm<…>\"");
  EXPECT_EQ(only(mistakes(plain, space, "gemm<BM>")), "1: 'gemm' is no template / entry: gemm");
  EXPECT_EQ(mistakes(generic, space, "gemm<BM>"), none);
}

TEST(CheckTemplate, TooFewArguments) {
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel), arguments(a + c))),
            "1: gemm takes 3 arguments, but 2 are declared / gemm(float* A, float* C, int n)");
}

TEST(CheckTemplate, TooManyArgumentsAreAMistakeOfTheFirstTooMany) {
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel),
                          arguments(a + c + n + "  - {name: x, scalar: i32, value: 1}\n"))),
            "8: gemm takes 3 arguments, but 4 are declared / gemm(float* A, float* C, int n)");
}

TEST(CheckTemplate, AnArrayIsNoScalarAndAScalarNoArray) {
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel),
                          arguments(a + c + "  - {name: m, in: \"f32[8]\"}\n"))),
            "7: argument 'm' is number 3, where gemm takes 'int n' / an array is passed as a "
            "pointer; a single value is a scalar");
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel),
                          arguments("  - {name: b, scalar: i32, value: 1}\n" + c + n))),
            "5: argument 'b' is number 1, where gemm takes 'float* A' / a scalar is passed by "
            "value; an array is in, out, inout or scratch");
}

TEST(CheckTemplate, ArgumentsStandInTheKernelsOrder) {
  const std::vector<std::string> found = mistakes(KernelFolder(gemm_kernel), arguments(c + a + n));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0],
            "5: argument 'C' is number 1, where gemm takes 'float* A' / 'C' is its number 2; "
            "arguments stand in the kernel's order");
}

TEST(CheckTemplate, ElementTypesMustAgree) {
  EXPECT_EQ(only(mistakes(KernelFolder(gemm_kernel),
                          arguments("  - {name: A, in: \"f64[8]\"}\n" + c + n))),
            "5: argument 'A' is number 1, where gemm takes 'float* A', but its elements are f64 / "
            "float is f32");
  EXPECT_EQ(mistakes(KernelFolder(gemm_kernel),
                     arguments(a + c + "  - {name: n, scalar: i64, value: 8}\n"))
                .size(),
            1U);
}

TEST(CheckTemplate, TypesThatAreNotKnownAreNotJudged) {
  const KernelFolder folder(with_bm +
                            "__global__ void gemm(const float4* A, real* C, index_t n);\n");
  EXPECT_EQ(mistakes(folder, arguments(a + c + n)), none);
}

TEST(CheckTemplate, OneOfSeveralDefinitionsIsEnough) {
  const KernelFolder folder(with_bm + "#if 0\n__global__ void gemm(int x) {}\n#else\n" +
                            "__global__ void gemm(float* A, float* C, int n) {}\n#endif\n");
  EXPECT_EQ(mistakes(folder, arguments(a + c + n)), none);
}

TEST(CheckTemplate, AConstantNeedsAVariableAndNoParameter) {
  const KernelFolder folder("__constant__ float filter[9];\n" + gemm_kernel);
  const auto constant = [](const std::string& name) {
    return "  - {constant: " + name + ", type: \"f32[9]\"}\n";
  };
  EXPECT_EQ(mistakes(folder, arguments(a + c + n + constant("filter"))), none);
  EXPECT_EQ(only(mistakes(folder, arguments(a + c + n + constant("filtre")))),
            "8: there is no __constant__ or __device__ variable 'filtre' / did you mean 'filter'?");
}

TEST(CheckTemplate, TheBaselineTakesDefaultsAndWhatItLacksIsAMistake) {
  const KernelFolder folder(with_bm + "int x = BN;\n" + small_kernel);
  EXPECT_EQ(
      only(mistakes(
          folder, "parameters: {BM: [16], BN: [1]}\nbaseline: {config: {BM: 16}}\n" + small_rest)),
      "3: the baseline has no value for 'BN' / name one in baseline: {config: {BN: …}}, or "
      "give the template a #define of it");
}

TEST(CheckReference, ItsFloatsAreDoubles) {
  KernelFolder folder(gemm_kernel);
  const SpaceFile file = folder.space(arguments(a + c + n));
  const auto check = [&](const std::string& reference) {
    folder.write("reference.cu", reference);
    return check_reference(load_reference(file, load_template(file)), file);
  };
  EXPECT_TRUE(check("__global__ void reference(const double* A, double* C, int n) {}\n").empty());
  EXPECT_EQ(check("__global__ void reference(const float* A, double* C, int n) {}\n").size(), 1U);
  EXPECT_EQ(check("__global__ void reference(const double* A, double* C) {}\n").size(), 1U);
  EXPECT_EQ(check("__global__ void other(const double* A, double* C, int n) {}\n").size(), 1U);
}

}  // namespace
}  // namespace evotune
