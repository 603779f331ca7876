#include "base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evotune {
namespace {

using Words = std::vector<std::string>;

TEST(Closest, FindsWhatWasMeant) {
  const Words known{"parameters", "problem", "presets", "launch"};
  EXPECT_EQ(closest("paramaters", known), "parameters");
  EXPECT_EQ(closest("lunch", known), "launch");
  EXPECT_EQ(closest("PROBLEM", known), "problem");
  EXPECT_EQ(closest("bset", Words{"best", "runs"}), "best");
}

TEST(Closest, FindsNothingWhereNothingIsNear) {
  EXPECT_EQ(closest("grid", Words{"parameters", "problem"}), std::nullopt);
  EXPECT_EQ(closest("", Words{"a"}), std::nullopt);
  EXPECT_EQ(closest("a", {}), std::nullopt);
}

TEST(Closest, AShortWordMayBeOffByOne) {
  EXPECT_EQ(closest("BN", Words{"BM", "STAGES"}), "BM");
  EXPECT_EQ(closest("XY", Words{"BM", "STAGES"}), std::nullopt);
}

TEST(Closest, OfTwoEquallyNearTheFirstIsTaken) {
  EXPECT_EQ(closest("BX", Words{"BM", "BN"}), "BM");
}

TEST(Closest, AnAbsurdlyLongWordIsNotPuzzledOver) {
  EXPECT_EQ(closest(std::string(100000, 'a'), Words{std::string(100000, 'a')}), std::nullopt);
}

TEST(Suggestion, OffersTheNearestOrAllThatThereIs) {
  EXPECT_EQ(suggestion("lunch", Words{"launch", "grid"}), "did you mean 'launch'?");
  EXPECT_EQ(suggestion("xyzzy", Words{"launch", "grid"}), "known: launch, grid");
  EXPECT_EQ(suggestion("xyzzy", {}), "");
}

TEST(Trim, TakesBlanksOffBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(SplitLines, KnowsUnixAndDosEndsAndALastLineWithoutOne) {
  EXPECT_EQ(split_lines("a\nb\r\n\nc"), (Words{"a", "b", "", "c"}));
  EXPECT_EQ(split_lines("a\n"), Words{"a"});
  EXPECT_EQ(split_lines("\n"), Words{""});
  EXPECT_EQ(split_lines(""), Words{});
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join(Words{"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join(Words{"a"}, ", "), "a");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Join, KeepsEmptyPartsInTheirPlaces) { EXPECT_EQ(join(Words{"", "a", "", "b"}, ","), ",a,,b"); }

TEST(IsIdentifier, IsWhatCMeansByIt) {
  EXPECT_TRUE(is_identifier("BM"));
  EXPECT_TRUE(is_identifier("_x9"));
  EXPECT_FALSE(is_identifier("9x"));
  EXPECT_FALSE(is_identifier("a-b"));
  EXPECT_FALSE(is_identifier("a b"));
  EXPECT_FALSE(is_identifier("\xc3\xa4"));
  EXPECT_FALSE(is_identifier(""));
}

}  // namespace
}  // namespace evotune
