#include "device/cpu/rewrite.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "device/cpu/lexer.h"

namespace evotune::cpu {
namespace {

std::vector<std::string> texts_of(std::string_view source) {
  std::vector<std::string> texts;
  for (const Token& token : tokenize(source)) texts.emplace_back(token.text);
  return texts;
}
using Texts = std::vector<std::string>;

TEST(Lexer, CutsWordsNumbersAndPunctuation) {
  EXPECT_EQ(texts_of("a_1+=0x1p-3f*1'000;"),
            (Texts{"a_1", "+", "=", "0x1p-3f", "*", "1'000", ";"}));
}

TEST(Lexer, CommentsAndStringsHideWhatTheyHold) {
  EXPECT_EQ(texts_of("a /* asm */ // asm \\\n asm\nb \"asm \\\" asm\" 'x' R\"q(asm )\" )q\" c"),
            (Texts{"a", "b", "\"asm \\\" asm\"", "'x'", "R\"q(asm )\" )q\"", "c"}));
}

TEST(Lexer, KnowsWhichTokensAreOfADirective) {
  const auto tokens = tokenize("#define A \\\n b\nc # d");
  std::string flags;
  for (const Token& token : tokens) flags += token.directive ? '1' : '0';
  EXPECT_EQ(flags, "1111000");
}

TEST(Lexer, WhatNeverEndsEndsWithTheSource) {
  for (const char* source : {"\"abc", "/* abc", "R\"x(abc", "'", "R\"", "a\\", "\"\\", "//\\"})
    EXPECT_LE(tokenize(source).size(), 2u) << source;
}

TEST(Rewrite, LeavesPlainSourcesAlone) {
  const std::string source =
      "// extern __shared__ float s[];\n__shared__ float t[4]; extern int n; extern \"C\" void "
      "f();";
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

TEST(Rewrite, SpecifiersOfStaticSharedMemoryAreReordered) {
  EXPECT_EQ(rewrite_for_host("__shared__ alignas(16) float x[4];"),
            "alignas(16) __shared__ float x[4];");
  EXPECT_EQ(rewrite_for_host("static __shared__ int x;"), " __shared__ int x;");
  EXPECT_EQ(rewrite_for_host("__shared__ static int x;"), "__shared__  int x;");
}

TEST(Rewrite, NoinlineIsTranslatedUnlessItIsAnAttributeAlready) {
  EXPECT_EQ(rewrite_for_host("__noinline__ f();"), "__attribute__((noinline)) f();");
  EXPECT_EQ(rewrite_for_host("__attribute__((__noinline__)) f();"),
            "__attribute__((__noinline__)) f();");
}

TEST(Rewrite, LinesKeepTheirNumbers) {
  const std::string source = "void k() {\nextern\n__shared__\nfloat\ns\n[]\n;\nasm(\"x\");\n}\n";
  const std::string rewritten = rewrite_for_host(source);
  EXPECT_EQ(std::count(rewritten.begin(), rewritten.end(), '\n'), 9);
  EXPECT_EQ(
      std::count(rewritten.begin(),
                 rewritten.begin() + static_cast<std::ptrdiff_t>(rewritten.find("refused")), '\n'),
      7);
}

TEST(Rewrite, SurvivesEveryPrefixOfASource) {
  const std::string source =
      "namespace n { static __shared__ alignas(8) int x; extern __shared__ T s[][N]; k<<<1,2>>>(); "
      "asm(";
  for (std::size_t i = 0; i <= source.size(); ++i)
    EXPECT_GE(rewrite_for_host(source.substr(0, i)).size() + 7, i);
}

}  // namespace
}  // namespace evotune::cpu
