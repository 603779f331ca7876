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

TEST(Race, OfABlockWideAtomicOrACopyUnderWaySaysSo) {
  Race race = example();
  race.scope = RaceScope::copy;
  EXPECT_TRUE(to_text(race).ends_with("; the asynchronous copy has not been waited for"));
  race.earlier.kind = AccessKind::atomic;
  race.earlier.of_block = true;
  EXPECT_NE(to_text(race).find(": block-wide atomic in kernel.cu:12"), std::string::npos);
}

AccessFault example_fault(AccessFaultKind kind, std::int64_t byte) {
  AccessFault fault;
  fault.kind = kind;
  fault.access = {AccessKind::write, false, {"kernel.cu", 12}, {3, 0, 0}, {1, 0, 0}};
  fault.memory = "shared tile";
  fault.size = 256;
  fault.byte = byte;
  fault.bytes = 8;
  return fault;
}

TEST(AccessFault, ReadsAsOneSentence) {
  const auto said = [](AccessFaultKind kind, std::int64_t byte) {
    const std::string text = to_text(example_fault(kind, byte));
    const std::string who = ", thread (3,0,0) block (1,0,0), kernel.cu:12";
    EXPECT_TRUE(text.ends_with(who)) << text;
    return text.substr(0, text.size() - who.size());
  };
  using Kind = AccessFaultKind;
  EXPECT_EQ(said(Kind::outside, 260), "write 4 bytes past the end of shared tile (256 bytes)");
  EXPECT_EQ(said(Kind::outside, -8), "write 8 bytes before the start of shared tile (256 bytes)");
  EXPECT_EQ(said(Kind::outside, 252),
            "write of 8 bytes at byte 252 of shared tile, which ends at byte 256");
  EXPECT_EQ(said(Kind::misaligned, 4), "misaligned write of 8 bytes at byte 4 of shared tile");
  EXPECT_EQ(said(Kind::unwritten, 4),
            "write of shared tile at byte 4, which no thread has written and the "
            "answer depends on");
  EXPECT_EQ(said(Kind::absent, 16),
            "a shuffle takes the value of lane 16, which takes no part in it, and the answer "
            "depends on it");
}

TEST(Complaints, BeginWithWhatExplainsTheRest) {
  Observation seen;
  seen.faults = {example_fault(AccessFaultKind::unwritten, 0),
                 example_fault(AccessFaultKind::misaligned, 4),
                 example_fault(AccessFaultKind::outside, 256)};
  seen.races = {example()};
  std::vector<Stage> stages;
  for (const Failure& one : complaints(seen)) stages.push_back(one.stage);
  EXPECT_EQ(stages, (std::vector{Stage::crash, Stage::crash, Stage::race, Stage::verify}));
  EXPECT_TRUE(complaints({}).empty());
}

TEST(SourceLine, WithoutALineIsSaidToBeUnknown) {
  EXPECT_EQ(to_text(SourceLine{}), "an unknown line");
  EXPECT_EQ(to_text(SourceLine{"", 3}), "line 3");
}

}  // namespace
}  // namespace evotune
