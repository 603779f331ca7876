#include "engine/recently_used.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

TEST(RecentlyUsed, ForgetsWhatWasNotAskedForTheLongest) {
  RecentlyUsed<int> kept(2);
  kept.keep("a", 1);
  kept.keep("b", 2);
  ASSERT_NE(kept.find("a"), nullptr);
  kept.keep("c", 3);
  EXPECT_EQ(kept.find("b"), nullptr);
  EXPECT_EQ(*kept.find("a"), 1);
  EXPECT_EQ(*kept.find("c"), 3);
}

}  // namespace
}  // namespace evotune
