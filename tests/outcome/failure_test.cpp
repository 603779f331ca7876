#include "outcome/failure.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

TEST(Stage, EveryStageIsReadBackFromItsText) {
  for (int i = 0; i <= static_cast<int>(Stage::infrastructure); ++i) {
    const auto stage = static_cast<Stage>(i);
    EXPECT_EQ(stage_from(to_text(stage)), stage);
  }
}

TEST(Stage, TheWordsThatTheStoreKeepsDoNotChange) {
  EXPECT_EQ(to_text(Stage::render), "render");
  EXPECT_EQ(to_text(Stage::verify), "verify");
  EXPECT_EQ(to_text(Stage::out_of_memory), "out_of_memory");
  EXPECT_EQ(to_text(Stage::infrastructure), "infrastructure");
}

TEST(Stage, AnUnknownWordIsNoStage) {
  EXPECT_EQ(stage_from("compiles"), std::nullopt);
  EXPECT_EQ(stage_from(""), std::nullopt);
}

}  // namespace
}  // namespace evotune
