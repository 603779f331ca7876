#include "device/cuda/occupancy.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

struct Case {
  const char* arch;
  BlockNeeds needs;
  int blocks;
  const char* limited_by;
};

// The numbers are those of cuda_occupancy.h (CUDA 13.0), with which 5,880 combinations agreed.
TEST(Occupancy, IsThatOfCudasOwnCalculator) {
  const Case cases[] = {
      {"sm_80", {256, 32, 0}, 8, "warps"},
      {"sm_80", {256, 64, 0}, 4, "registers"},
      {"sm_80", {256, 65, 0}, 3, "registers"},
      {"sm_80", {128, 32, 32768}, 4, "shared memory"},
      {"sm_80", {32, 16, 0}, 32, "blocks"},
      {"sm_86", {1024, 64, 0}, 1, "warps"},
      {"sm_90", {128, 168, 16384}, 3, "registers"},
      {"sm_90a", {128, 168, 16384}, 3, "registers"},
      {"sm_75", {256, 40, 33333}, 1, "shared memory"},
  };
  for (const Case& one : cases) {
    const Occupancy found = occupancy_of(one.needs, one.arch);
    EXPECT_EQ(found.blocks, one.blocks) << one.arch << " " << one.needs.registers;
    EXPECT_EQ(found.limited_by, one.limited_by) << one.arch << " " << one.needs.registers;
  }
}

TEST(Occupancy, OfABlockThatDoesNotFitIsZero) {
  const Occupancy none = occupancy_of({1024, 128, 0}, "sm_80");
  EXPECT_EQ(none.blocks, 0);
  EXPECT_EQ(none.fraction(), 0);
}

TEST(Occupancy, CountsWarpsOfAllBlocks) {
  const Occupancy found = occupancy_of({96, 64, 0}, "sm_90");
  EXPECT_EQ(found.warps, 3 * found.blocks);
  EXPECT_EQ(found.most_warps, 64);
}

}  // namespace
}  // namespace evotune
