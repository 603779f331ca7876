#include "outcome/observation.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

Race example() {
  Race race;
  race.earlier = {AccessKind::write, false, {"kernel.cu", 12}, {0, 0, 0}, {1, 0, 0}};
  race.later = {AccessKind::read, false, {"tree.cuh", 7}, {32, 0, 0}, {1, 0, 0}};
  race.memory = "shared tile";
  race.byte = 128;
  return race;
}

TEST(Race, ReadsAsOneSentenceWithBothLinesAndThreads) {
  EXPECT_EQ(to_text(example()),
            "race on byte 128 of shared tile: write in kernel.cu:12 by thread (0,0,0) and read in "
            "tree.cuh:7 by thread (32,0,0), both of block (1,0,0); no __syncthreads between them");
}

TEST(Race, BetweenBlocksNamesBoth) {
  Race race = example();
  race.scope = RaceScope::grid;
  race.later.block = {2, 0, 0};
  EXPECT_EQ(to_text(race),
            "race on byte 128 of shared tile: write in kernel.cu:12 by thread (0,0,0) of block "
            "(1,0,0) and read in tree.cuh:7 by thread (32,0,0) of block (2,0,0); blocks run in any "
            "order, and nothing orders these two");
}

TEST(Race, ThroughVolatileIsExplained) {
  Race race = example();
  race.scope = RaceScope::warp;
  race.later.is_volatile = true;
  EXPECT_NE(to_text(race).find("no __syncwarp between them: volatile does not order"),
            std::string::npos);
}

TEST(SourceLine, WithoutALineIsSaidToBeUnknown) {
  EXPECT_EQ(to_text(SourceLine{}), "an unknown line");
  EXPECT_EQ(to_text(SourceLine{"", 3}), "line 3");
}

}  // namespace
}  // namespace evotune
