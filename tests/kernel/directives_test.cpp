#include "kernel/directives.h"

#include <gtest/gtest.h>

#include <string>

namespace evotune {
namespace {

std::vector<MacroDefinition> definitions(std::string_view text) {
  return definitions_of(directives_of(code_tokens(text)));
}

TEST(Directives, OnlyAHashThatBeginsALineMakesOne) {
  const std::string text = "x # define A\n  /**/ # define B 1\n// #define C\n";
  const auto found = directives_of(code_tokens(text));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "define");
  EXPECT_EQ(found[0].words.at(0).text, "B");
  EXPECT_EQ(found[0].line, 2);
}

TEST(Directives, OneGoesOnOverEscapedLineEnds) {
  const std::string text = "#define A 1 + \\\n  2\nint x;\n";
  const auto found = directives_of(code_tokens(text));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].words.size(), 4U);
  EXPECT_EQ(found[0].text, "#define A 1 + \\\n  2");
}

TEST(Definitions, AnIfndefOfTheSameNameGuards) {
  EXPECT_TRUE(definitions("#ifndef A\n#define A 1\n#endif\n").at(0).guarded);
  EXPECT_TRUE(definitions("#if !defined(A)\n#define A 1\n#endif\n").at(0).guarded);
  EXPECT_TRUE(definitions("#if !defined A\n#define A 1\n#endif\n").at(0).guarded);
}

TEST(Definitions, NothingElseGuards) {
  EXPECT_FALSE(definitions("#define A 1\n").at(0).guarded);
  EXPECT_FALSE(definitions("#ifndef B\n#define A 1\n#endif\n").at(0).guarded);
  EXPECT_FALSE(definitions("#ifdef A\n#define A 1\n#endif\n").at(0).guarded);
  EXPECT_FALSE(definitions("#ifndef A\n#else\n#define A 1\n#endif\n").at(0).guarded);
  EXPECT_FALSE(definitions("#ifndef A\n#endif\n#define A 1\n").at(0).guarded);
}

TEST(Definitions, AnOuterGuardReachesIntoInnerConditions) {
  EXPECT_TRUE(definitions("#ifndef A\n#if B\n#define A 1\n#endif\n#endif\n").at(0).guarded);
}

TEST(Definitions, OnlyAnAdjacentParenthesisOpensArguments) {
  EXPECT_TRUE(definitions("#define F(x) x\n").at(0).takes_arguments);
  EXPECT_FALSE(definitions("#define F (1)\n").at(0).takes_arguments);
}

}  // namespace
}  // namespace evotune
