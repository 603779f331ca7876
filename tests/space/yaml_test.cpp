#include "space/yaml.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "example.h"
#include "space/space_file.h"

namespace evotune {
namespace {

YamlNode read(const std::string& text) {
  YamlDocument document = parse_yaml(text, "t.yaml");
  EXPECT_TRUE(document.mistakes.empty())
      << to_text(document.mistakes.front().where) << ": " << document.mistakes.front().what;
  return document.root;
}

std::string first_mistake(const std::string& text) {
  const YamlDocument document = parse_yaml(text, "t.yaml");
  if (document.mistakes.empty()) return "none";
  const Mistake& first = document.mistakes.front();
  return to_text(first.where) + ": " + first.what;
}

TEST(Yaml, KeepsTheOrderOfKeysAndThePlacesOfValues) {
  const YamlNode root = read("b: 1\na: [x, {k: y}]\n");
  ASSERT_EQ(root.entries.size(), 2U);
  EXPECT_EQ(root.entries[0].key.text, "b");
  const YamlNode& map = root.entries[1].value.items[1];
  EXPECT_EQ(map.entries[0].value.text, "y");
  EXPECT_EQ(map.entries[0].value.line, 2);
  EXPECT_EQ(map.entries[0].value.column, 12);
}

TEST(Yaml, QuotedScalarsAreKnownAsSuch) {
  const YamlNode root = read("[1, \"1\", '1']");
  EXPECT_FALSE(root.items[0].quoted);
  EXPECT_TRUE(root.items[1].quoted);
  EXPECT_TRUE(root.items[2].quoted);
}

TEST(Yaml, TheTextColumnIsOfTheFirstLetterAndOnlyWhereTheFileSpellsItOut) {
  const YamlNode root = read("[ab, \"cd\", \"e\\x66\", 'it''s']");
  EXPECT_EQ(root.items[0].text_column, 2);
  EXPECT_EQ(root.items[1].text_column, 7);
  EXPECT_EQ(root.items[2].text, "ef");
  EXPECT_EQ(root.items[2].text_column, 0);
  EXPECT_EQ(root.items[3].text_column, 0);
}

TEST(Yaml, EmptyValuesAreNothing) {
  const YamlNode root = read("a:\nb: ~\nc: null\nd: \"\"\n");
  EXPECT_EQ(root.entries[0].value.kind, YamlNode::Kind::nothing);
  EXPECT_EQ(root.entries[1].value.kind, YamlNode::Kind::nothing);
  EXPECT_EQ(root.entries[2].value.kind, YamlNode::Kind::nothing);
  EXPECT_EQ(root.entries[3].value.kind, YamlNode::Kind::text);
}

TEST(Yaml, AByteOrderMarkAndWindowsLineEndsAreAccepted) {
  const YamlNode root = read(
      "\xef\xbb\xbf"
      "a: 1\r\nb: 2\r\n");
  EXPECT_EQ(root.entries[0].key.column, 1);
  EXPECT_EQ(root.entries[1].value.text, "2");
  EXPECT_EQ(root.entries[1].value.line, 2);
}

TEST(Yaml, WhatTwoReadersCouldReadDifferentlyIsRefused) {
  EXPECT_EQ(first_mistake("a: &x 1\nb: *x\n"), "t.yaml:1:4: anchors are not supported");
  EXPECT_EQ(first_mistake("a: !!int \"1\"\n"), "t.yaml:1:4: tags are not supported");
  EXPECT_EQ(first_mistake("a: ! 1\n"), "t.yaml:1:4: tags are not supported");
  EXPECT_EQ(first_mistake("a: ! [1]\n"), "t.yaml:1:4: tags are not supported");
  EXPECT_EQ(first_mistake("<<: {a: 1}\n"), "t.yaml:1:1: merge keys are not supported");
  EXPECT_EQ(first_mistake("a: 1\na: 2\n"), "t.yaml:2:1: 'a' stands here a second time");
  EXPECT_EQ(first_mistake("[a, b]: 1\n"), "t.yaml:1:1: a key must be text, not a list");
  EXPECT_EQ(first_mistake("~: 1\n"), "t.yaml:1:1: a key must be text, not nothing");
  EXPECT_EQ(first_mistake("a: 1\n---\nb: 1\n"),
            "t.yaml:2:1: a second document; a space file is one");
}

TEST(Yaml, EveryMistakeThatDoesNotEndTheReadingIsFound) {
  EXPECT_EQ(parse_yaml("a: &x 1\nb: !t 2\nb: 3\n", "t.yaml").mistakes.size(), 3U);
}

TEST(Yaml, BytesThatAreNotUtf8AndControlCharactersAreRefused) {
  EXPECT_EQ(first_mistake("a: \xff"), "t.yaml:1:4: not UTF-8");
  EXPECT_EQ(first_mistake("a: \xc0\xaf"), "t.yaml:1:4: not UTF-8");          // overlong
  EXPECT_EQ(first_mistake("a: \xed\xa0\x80"), "t.yaml:1:4: not UTF-8");      // a surrogate
  EXPECT_EQ(first_mistake("a: \xf4\x90\x80\x80"), "t.yaml:1:4: not UTF-8");  // beyond U+10FFFF
  EXPECT_EQ(first_mistake("a: 1\nb: \x04"), "t.yaml:2:4: a control character");
  EXPECT_EQ(first_mistake("\ta: 1\n"), "t.yaml:1:1: a tab in the indentation");
  EXPECT_EQ(first_mistake("a: \xe2\x82\xac\xf0\x9f\x98\x80 #\tb\n"), "none");
}

TEST(Yaml, SizeDepthAndNodesAreBounded) {
  EXPECT_EQ(first_mistake(std::string((1 << 20) + 1, ' ')), "t.yaml: larger than 1 MiB");
  EXPECT_EQ(first_mistake(std::string(32, '[') + std::string(32, ']')), "none");
  EXPECT_EQ(first_mistake(std::string(33, '[') + std::string(33, ']')),
            "t.yaml:1:33: nested more than 32 deep");
  std::string many = "[1";
  for (int i = 0; i < 100'000; ++i) many += ",1";
  EXPECT_NE(first_mistake(many + "]").find("more than 100000 values"), std::string::npos);
}

TEST(Yaml, HugeNestingIsRefusedBeforeItIsFollowed) {
  EXPECT_NE(first_mistake(std::string(100'000, '[')), "none");
  EXPECT_NE(first_mistake(std::string(100'000, '{')), "none");
}

// Whatever is done to a space file, it is read or refused.
TEST(SpaceFile, SurvivesAThousandMutilations) {
  Rng rng(7);
  const std::string pieces[] = {"[",    "]",     "{",  "}",    ":",         ",",    "\"",   "'",
                                "\n",   "  ",    "- ", "&a ",  "*a",        "!t ",  "|",    ">",
                                "%",    "#",     "? ", "\xff", "1e999",     "((((", "<<: ", "~",
                                "\\x0", "---\n", "\t", "0",    "device.sms"};
  for (int i = 0; i < 1'000; ++i) {
    std::string text = example_space;
    for (std::uint64_t n = 1 + rng.below(3); n > 0; --n) {
      const std::size_t at = rng.below(text.size());
      switch (rng.below(4)) {
        case 0:
          text.erase(at, 1 + rng.below(20));
          break;
        case 1:
          text.insert(at, pieces[rng.below(std::size(pieces))]);
          break;
        case 2:
          text[at] = static_cast<char>(rng.below(256));
          break;
        default:
          text.insert(at, text.substr(rng.below(text.size()), rng.below(40)));
      }
    }
    try {
      static_cast<void>(parse_space_file("t.yaml", text));
    } catch (const UserError& error) {
      EXPECT_FALSE(error.mistakes().empty());
      EXPECT_GT(error.mistakes().front().where.line, 0) << error.what();
    }
  }
}

}  // namespace
}  // namespace evotune
