#include "device/cuda/cuda_driver.h"

#include <gtest/gtest.h>

#include "../scoped_environment.h"

namespace evotune {
namespace {

Stage stage_of(int code) {
  return failure_of(CudaError(static_cast<CudaResult>(code), "said")).stage;
}
bool ends(int code) { return ends_context(static_cast<CudaResult>(code)); }

TEST(CudaErrors, AKernelsFaultIsACrashAndEndsTheContext) {
  for (const int code : {700, 710, 714, 715, 716, 717, 718, 719, 721}) {
    EXPECT_EQ(stage_of(code), Stage::crash) << code;
    EXPECT_TRUE(ends(code)) << code;
  }
}

TEST(CudaErrors, WhatIsRefusedBeforeItRunsIsTheCandidatesAndEndsNothing) {
  for (const auto& [code, stage] : {std::pair{2, Stage::out_of_memory},
                                    {1, Stage::launch},
                                    {701, Stage::launch},
                                    {720, Stage::launch},
                                    {200, Stage::load},
                                    {209, Stage::load},
                                    {218, Stage::load},
                                    {222, Stage::load},
                                    {500, Stage::load}}) {
    EXPECT_EQ(stage_of(code), stage) << code;
    EXPECT_FALSE(ends(code)) << code;
  }
}

TEST(CudaErrors, ALostGpuIsNobodysFaultAndEndsTheContext) {
  for (const int code : {3, 4, 46, 100, 101, 201, 214, 220, 226, 709, 802, 803, 810, 999}) {
    EXPECT_EQ(stage_of(code), Stage::infrastructure) << code;
    EXPECT_TRUE(ends(code)) << code;
  }
  EXPECT_EQ(stage_of(702), Stage::timeout);
  EXPECT_TRUE(ends(702));
}

TEST(CudaErrors, ACodeThatIsNotKnownIsNotTheCandidatesFault) {
  EXPECT_EQ(stage_of(12345), Stage::infrastructure);
  EXPECT_FALSE(ends(12345));
}

TEST(CudaDriverLibrary, WhatIsNoDriverIsNamedWithWhatItLacks) {
  const ScopedEnvironment wrong("EVOTUNE_LIBCUDA", "libm.so.6");
  const OpenedCudaDriver opened = open_cuda_driver();
  EXPECT_EQ(opened.driver, nullptr);
  EXPECT_NE(opened.why_not.find("libm.so.6 has no cuInit"), std::string::npos) << opened.why_not;
}

}  // namespace
}  // namespace evotune
