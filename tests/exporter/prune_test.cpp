#include "exporter/prune.h"

#include <gtest/gtest.h>
#include <cstdint>
#include <string>
#include <vector>

#include "base/errors.h"
#include "base/file.h"
#include "base/process.h"
#include "base/rng.h"
#include "base/text.h"

namespace evotune {
namespace {

// What the compiler sees: g++ -E -P, blank lines aside.
std::string preprocessed(const std::string& text) {
  const TemporaryDirectory folder;
  const auto file = folder.path() / "kernel.cpp";
  write_file(file, text);
  const ProcessResult result =
      run_process({"g++", "-std=c++20", "-E", "-P", "-w", file.string()}, {60, 16 << 20});
  EXPECT_EQ(result.exit_code, 0) << result.output << text;
  std::string out;
  for (const std::string& line : split_lines(result.output))
    if (!trim(line).empty()) out += line + "\n";
  return out;
}

TEST(Prune, RemovesTheBranchesNotTaken) {
  EXPECT_EQ(prune("#define BM 64\n"
                  "#if BM > 32\n"
                  "wide();\n"
                  "#else\n"
                  "narrow();\n"
                  "#endif\n"
                  "#ifdef BM\nyes\n#endif\n"),
            "#define BM 64\nwide();\nyes\n");
}

TEST(Prune, ReplacesAGuardedDefaultByTheChosenDefinition) {
  EXPECT_EQ(prune("#define BM 64\n\n#ifndef BM\n#define BM 128  // default\n#endif\nf(BM);\n"),
            "#define BM 64\n\nf(BM);\n");
}

TEST(Prune, KeepsWhatAsksAboutTheCompilerOrAHeader) {
  const std::string text =
      "#include <cuda_fp16.h>\n"
      "#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800  // Ampere\n"
      "  a;\n"
      "#elif   CUDART_VERSION\n"
      "\tb;\n"
      "#  else\n"
      "c; /* #if */\n"
      "#endif // done\n";
  EXPECT_EQ(prune(text), text);
}

TEST(Prune, PrunesInsideOfWhatItKeeps) {
  EXPECT_EQ(prune("#define T 1\n#ifdef __CUDACC__\n#if T\na\n#else\nb\n#endif\n#endif\n"),
            "#define T 1\n#ifdef __CUDACC__\na\n#endif\n");
}

TEST(Prune, RewritesAChainWhoseFirstBranchesGo) {
  EXPECT_EQ(prune("#define T 1\n#if T == 0\na\n#elif X\nb\n#elif T == 1\nc\n#else\nd\n#endif\n"),
            "#define T 1\n#if X\nb\n#else\nc\n#endif\n");
}

TEST(Prune, LearnsDefinitionsAsItGoes) {
  EXPECT_EQ(prune("#define BM 8\n#define N (BM * BM)\n#if N == 64\nyes\n#endif\n"
                  "#undef N\n#ifdef N\nno\n#endif\n"),
            "#define BM 8\n#define N (BM * BM)\nyes\n#undef N\n");
}

TEST(Prune, ForgetsWhatAnUndecidedBranchChanges) {
  const std::string text =
      "#define A 1\n#ifdef __CUDACC__\n#undef A\n#define A 2\n#endif\n#if A == 1\nx\n#endif\n";
  EXPECT_EQ(prune(text), text);
}

TEST(Prune, TakesTheCallersWordForNamesThatAreNowhereDefined) {
  const std::string text =
      "#define LAYOUT_row 1\n#if LAYOUT_row\nr\n#elif LAYOUT_col\nc\n#endif\n"
      "#if LAYOUT_col\nc\n#endif\n";
  EXPECT_EQ(prune(text, {"LAYOUT_col"}), "#define LAYOUT_row 1\nr\n");
}

TEST(Prune, DoesNotTakeTextForDirectives) {
  const std::string text =
      "#define A 0\n"
      "const char* s = R\"x(\n#if A\n)x\";\n"
      "/*\n#if A\n*/\n"
      "const char* t = \"/*\"; int n = 1'000; char q = '\"';\n"
      "auto u = \"\\\n#if A\\\n\";\n";
  EXPECT_EQ(prune(text), text);
}

TEST(Prune, ReadsDirectivesThatSpanLinesOrHideInComments) {
  EXPECT_EQ(
      prune("#define A 0\n/* why */ # /* oh */ if A || \\\n  A /* and\nso */ + 0\ngone\n#endif\n"
            "kept\n"),
      "#define A 0\nkept\n");
  EXPECT_EQ(prune("#define A 0\n#if A\ndon't\n#error isn't \" it\n#endif\nkept"),
            "#define A 0\nkept");
}

TEST(Prune, DropsLineDirectivesWhichWouldLie) {
  EXPECT_EQ(prune("#line 1 \"kernel.cu\"\nf();\n"), "f();\n");
}

TEST(Prune, NamesTheLineWhereConditionalsDoNotBalance) {
  for (const char* text : {"\n#if A\n", "\n#endif\n", "\n#else\n", "\n#if 0\n#if 1\n#endif\n"}) {
    try {
      (void)prune(text);
      ADD_FAILURE() << text;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
  }
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "#if A\n";
  EXPECT_THROW((void)prune(deep), UserError);
}

// Writes programs of nested conditionals over macros that are known (A, B), unknown to the text (U,
// which g++ finds undefined) and derived (D).
class ProgramWriter {
 public:
  explicit ProgramWriter(std::uint64_t seed) : rng_(seed) {}

  std::string program(int depth) {
    return statement(0) + statement(depth) + statement(0) + statement(depth);
  }

 private:
  std::string pick(const std::vector<std::string>& from) { return from[rng_.below(from.size())]; }

  std::string condition() {
    return pick({"A", "B", "U", "D", "!A", "-B", "1u", "0", "defined(A)", "defined U", "__U__"}) +
           pick({" && ", " || ", " == ", " < ", " + ", " - ", " * ", " ^ ", " >= "}) +
           pick({"A", "(B > 2)", "U", "D", "2", "defined(D)", "!defined(__U__)"});
  }

  std::string statement(int depth) {
    if (depth == 0)
      return pick({"f(A);\n", "g(D);\n", "#define D (A + 1)\n", "#undef D\n",
                   "#undef A\n#define A 3\n", "h(B, U);\n", "#define U 1\n"});
    std::string text = pick({"#if " + condition(), "#ifdef " + pick({"A", "U", "D"}),
                             "#ifndef " + pick({"A", "U", "D"})}) +
                       "\n" + program(depth - 1);
    if (rng_.below(2) == 0) text += "#elif " + condition() + "\n" + program(depth - 1);
    if (rng_.below(2) == 0) text += "#else\n" + program(depth - 1);
    return text + "#endif\n";
  }

  Rng rng_;
};

TEST(Prune, LeavesTheCompilerTheSameTokens) {
  // All programs in one run of the preprocessor, which costs more than the pruning.
  std::string all;
  std::string pruned;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string text = "#undef A\n#undef B\n#undef D\n#define A 1\n#define B 4\nnext;\n" +
                             ProgramWriter(seed).program(2);
    all += text + "#undef U\n";
    pruned += prune(text) + "#undef U\n";
  }
  EXPECT_LT(pruned.size(), all.size() * 3 / 4);
  EXPECT_EQ(preprocessed(all), preprocessed(pruned));
}

}  // namespace
}  // namespace evotune
