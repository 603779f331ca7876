#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace evotune {
namespace {

// Databases hold these: a change makes every stored hash unfindable.
TEST(ContentHash, DoesNotChange) {
  EXPECT_EQ(content_hash(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(content_hash("evotune"), "e56f0b025ff0d01a3297417e3dea055a");
}

TEST(ContentHash, TellsContentsApart) {
  EXPECT_NE(content_hash("a"), content_hash("b"));
  EXPECT_NE(content_hash("a"), content_hash(std::string("a\0", 2)));
}

}  // namespace
}  // namespace evotune
