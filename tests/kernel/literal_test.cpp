#include "kernel/literal.h"

#include <gtest/gtest.h>

#include <limits>

namespace evotune {
namespace {

std::optional<Value> literal(std::string_view text) {
  std::vector<CodeToken> words;
  for (const CodeToken& token : code_tokens(text))
    if (token.significant()) words.push_back(token);
  return literal_of(words);
}

std::string macro(const Value& value, ParameterKind kind = ParameterKind::value) {
  const Result<std::string> text = macro_text(value, kind);
  return text ? *text : "failed: " + text.error().message;
}

TEST(Literal, TemplatesSayTheirDefaultsInAllTheUsualWays) {
  EXPECT_EQ(literal("64"), Value{std::int64_t{64}});
  EXPECT_EQ(literal("0x40u"), Value{std::int64_t{64}});
  EXPECT_EQ(literal("(-1)"), Value{std::int64_t{-1}});
  EXPECT_EQ(literal("1'000L"), Value{std::int64_t{1000}});
  EXPECT_EQ(literal("0.5f"), Value{0.5});
  EXPECT_EQ(literal("-1e-3"), Value{-1e-3});
  EXPECT_EQ(literal("true"), Value{true});
  EXPECT_EQ(literal("row"), Value{"row"});
  EXPECT_EQ(literal("unsigned int"), Value{"unsigned int"});
  EXPECT_EQ(literal("\"warp.cuh\""), Value{"warp.cuh"});
}

TEST(Literal, WhatIsNoLiteralIsNotGuessedAt) {
  for (const char* text : {"", "BM * 2", "(a, b)", "010", "0b11", "99999999999999999999", "1.5x"})
    EXPECT_EQ(literal(text), std::nullopt) << text;
}

TEST(MacroText, ValuesReadAsCppReadsThem) {
  EXPECT_EQ(macro(std::int64_t{64}), "64");
  EXPECT_EQ(macro(std::int64_t{-1}), "(-1)");
  EXPECT_EQ(macro(std::numeric_limits<std::int64_t>::min()), "(-9223372036854775807-1)");
  EXPECT_EQ(macro(0.5), "0.5");
  EXPECT_EQ(macro(true), "1");
  EXPECT_EQ(macro(Value{"row"}), "row");
  EXPECT_EQ(macro(Value{"warp.cuh"}, ParameterKind::file), "\"warp.cuh\"");
}

TEST(MacroText, ARealStaysARealAndANegativeOneCanBeSubtracted) {
  EXPECT_NE(macro(2.0).find_first_of(".e"), std::string::npos);
  EXPECT_EQ(macro(-2.5), "(-2.5)");
}

TEST(MacroText, TypesOfTheSpaceFileBecomeTypesOfCpp) {
  EXPECT_EQ(macro(Value{"f16"}, ParameterKind::type), "__half");
  EXPECT_EQ(macro(Value{"unsigned int"}, ParameterKind::type), "unsigned int");
  EXPECT_EQ(macro(Value{"ns::pair<int, 2>"}, ParameterKind::type), "ns::pair<int, 2>");
}

TEST(MacroText, TextThatIsNotWhatItClaimsToBeIsRefused) {
  for (const auto& [text, kind] :
       {std::pair{"a b", ParameterKind::value}, std::pair{"1x", ParameterKind::value},
        std::pair{"x;y", ParameterKind::type}, std::pair{"a\"b", ParameterKind::file},
        std::pair{"", ParameterKind::value}})
    EXPECT_EQ(macro_text(Value{text}, kind) ? Stage::load : Stage::render, Stage::render) << text;
  EXPECT_FALSE(macro_text(std::numeric_limits<double>::infinity(), ParameterKind::value));
}

TEST(ArgumentText, ABoolIsABoolToATemplate) {
  const Result<std::string> text = argument_text(true, ParameterKind::value);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "true");
}

}  // namespace
}  // namespace evotune
