#include "base/errors.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/expected.h"

namespace evotune {
namespace {

TEST(Location, ShowsAsMuchAsIsKnown) {
  EXPECT_EQ(to_text(Location{"a.yaml", 12, 3}), "a.yaml:12:3");
  EXPECT_EQ(to_text(Location{"a.yaml", 12, 0}), "a.yaml:12");
  EXPECT_EQ(to_text(Location{"a.yaml", 0, 3}), "a.yaml");
  EXPECT_EQ(to_text(Location{}), "");
}

TEST(UserError, ShowsEveryMistakeWithItsPlaceAndHint) {
  const UserError error({{{"a.yaml", 1, 2}, "unknown key 'lunch'", "did you mean 'launch'?"},
                         {{"a.yaml", 7, 1}, "no parameters", ""}});
  EXPECT_STREQ(error.what(),
               "a.yaml:1:2: unknown key 'lunch'\n    did you mean 'launch'?\n"
               "a.yaml:7:1: no parameters");
  EXPECT_EQ(error.mistakes().size(), 2u);
}

TEST(UserError, WithoutAPlaceIsJustItsText) {
  EXPECT_STREQ(UserError("no such space").what(), "no such space");
  EXPECT_STREQ(UserError("no such space", "known: a, b").what(), "no such space\n    known: a, b");
}

TEST(Expected, HoldsAValueOrTheReasonForNone) {
  Expected<int, std::string> good(3), bad(std::string("why"));
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), "why");
}

TEST(Expected, MayHoldWhatCannotBeCopied) {
  const Expected<std::unique_ptr<int>, std::string> moved(std::make_unique<int>(5));
  ASSERT_TRUE(moved);
  EXPECT_EQ(**moved, 5);
}

}  // namespace
}  // namespace evotune
