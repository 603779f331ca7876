#include "kernel/lexer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace evotune {
namespace {

std::vector<std::string> significant(std::string_view text) {
  std::vector<std::string> words;
  for (const CodeToken& token : code_tokens(text))
    if (token.significant()) words.emplace_back(token.text);
  return words;
}

using Words = std::vector<std::string>;

TEST(Lexer, CommentsHoldNoWords) {
  EXPECT_EQ(significant("a // b \"\nc /* d\n// */ e"), (Words{"a", "c", "e"}));
}

TEST(Lexer, ALineCommentGoesOnOverAnEscapedLineEnd) {
  EXPECT_EQ(significant("a // b \\\nc\nd"), (Words{"a", "d"}));
}

TEST(Lexer, StringsHoldNoCommentsAndNoDirectives) {
  EXPECT_EQ(significant("\"/* \\\" */\" x '\\'' y"), (Words{"\"/* \\\" */\"", "x", "'\\''", "y"}));
}

TEST(Lexer, ARawStringEndsWithItsOwnDelimiter) {
  EXPECT_EQ(significant("R\"x(a )\" \n// b)x\" c"), (Words{"R\"x(a )\" \n// b)x\"", "c"}));
}

TEST(Lexer, AnApostropheInANumberIsNoLiteral) {
  EXPECT_EQ(significant("1'000'000 x"), (Words{"1'000'000", "x"}));
}

TEST(Lexer, NumbersKeepTheirExponentsAndSuffixes) {
  EXPECT_EQ(significant("1e-3f+.5 0x1p+4"), (Words{"1e-3f", "+", ".5", "0x1p+4"}));
}

TEST(Lexer, AnUnendedStringEndsWithItsLine) {
  EXPECT_EQ(significant("\"abc\nd"), (Words{"\"abc", "d"}));
}

TEST(Lexer, TokensKnowTheirLines) {
  const std::vector<CodeToken> tokens = code_tokens("a\n/*\n*/ b \\\n c");
  EXPECT_EQ(tokens.front().line, 1);
  EXPECT_EQ(tokens.back().text, "c");
  EXPECT_EQ(tokens.back().line, 4);
}

RC_GTEST_PROP(Lexer, TheTokensTogetherAreTheText, ()) {
  const auto letters = rc::gen::elementOf(std::string("aR1.e+'\"\\/*()\n\r #<_\x80"));
  const auto text = *rc::gen::container<std::string>(letters);
  std::string together;
  for (const CodeToken& token : code_tokens(text)) {
    RC_ASSERT(!token.text.empty());
    together += token.text;
  }
  RC_ASSERT(together == text);
}

}  // namespace
}  // namespace evotune
