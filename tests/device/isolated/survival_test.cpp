// Kernels that die, hang and eat memory, one after another. EVOTUNE_LONG=1 makes them as long as
// docs/reliability.md says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/clock.h"
#include "device/isolated/isolated_device.h"
#include "test_device.h"

namespace evotune {
namespace {

class WorkerSurvival : public ::testing::Test {
 protected:
  /// The verdict on one kernel that is loaded, run and read.
  Result<Buffers> answer_of(const std::string& text, Seconds limit = 20) {
    const Result<Compiled> compiled = device_.compile(source_of(text));
    if (!compiled) return compiled.error();
    const Result<std::unique_ptr<Loaded>> loaded = device_.load(*compiled, {}, workload_);
    if (!loaded) return loaded.error();
    return answer_of(**loaded, limit);
  }
  static Result<Buffers> answer_of(Loaded& loaded, Seconds limit = 20) {
    evotune::Run run;  // gtest has a Run of its own
    run.limit = limit;
    const Result<Sample> sample = loaded.run(run);
    if (!sample) return sample.error();
    return loaded.read();
  }
  bool right(const Result<Buffers>& answer) const {
    return answer && answer->at(1) == bytes_of("edcba");
  }

  static IsolatedDeviceOptions options() {
    IsolatedDeviceOptions options;
    options.run_slack = 0.2;
    options.run_bytes = std::uint64_t{1} << 30;
    return options;
  }

  const bool thorough_ = std::getenv("EVOTUNE_LONG") != nullptr;
  const Workload workload_ = workload_of("abcde");
  IsolatedDevice device_{test_worker(), options()};
};

TEST_F(WorkerSurvival, WhereEverySeventhCallDiesAllAreJudgedAndNobodyWrongly) {
  const int evaluations = thorough_ ? 10'000 : 42;
  const char* const steps[] = {"load_abort", "run_fault", "read_leave"};
  const Result<std::unique_ptr<Loaded>> beside =
      device_.load(*device_.compile(source_of("")), {}, workload_);
  ASSERT_TRUE(beside);
  int faults = 0, wrongly = 0;
  for (int i = 0; i < evaluations; ++i) {
    std::string text;
    for (int step = 0; step < 3; ++step)
      if ((3 * i + step) % 7 == 6) text = steps[step];
    faults += text.empty() ? 0 : 1;
    const Result<Buffers> answer = answer_of(text);
    const bool fair =
        text.empty() ? right(answer) : !answer && answer.error().stage == Stage::crash;
    wrongly += fair && right(answer_of(**beside)) ? 0 : 1;
  }
  EXPECT_EQ(wrongly, 0);
  EXPECT_EQ(faults, evaluations * 3 / 7);
  std::printf(
      "figure: %d kernels, %d of them died, each beside one that lives on; %d blamed wrongly\n",
      evaluations, faults, wrongly);
}

TEST_F(WorkerSurvival, EveryHangIsEnded) {
  const int hangs = thorough_ ? 500 : 3;
  constexpr Seconds limit = 0.01;
  int ended = 0;
  Seconds longest = 0;
  for (int i = 0; i < hangs; ++i) {
    const Seconds begun = monotonic_seconds();
    const Result<Buffers> answer = answer_of("run_hang", limit);
    ended += !answer && answer.error().stage == Stage::timeout ? 1 : 0;
    longest = std::max(longest, (monotonic_seconds() - begun) / 2);  // it is tried twice
  }
  EXPECT_EQ(ended, hangs);
  std::printf("figure: %d of %d hangs ended, with a limit of %g s after at most %.2f s\n", ended,
              hangs, limit + options().run_slack, longest);
}

TEST_F(WorkerSurvival, WhateverEatsMemoryIsOutOfIt) {
#if defined(__SANITIZE_ADDRESS__)
  const char* const bomb = "run_oomkill";  // there is no limit under the sanitizer
#else
  const char* const bomb = "run_devour";
#endif
  const int bombs = thorough_ ? 100 : 2;
  int judged = 0;
  for (int i = 0; i < bombs; ++i) {
    const Result<Buffers> answer = answer_of(bomb);
    judged += !answer && answer.error().stage == Stage::out_of_memory ? 1 : 0;
    judged += right(answer_of("")) ? 0 : -1;
  }
  EXPECT_EQ(judged, bombs);
  std::printf("figure: %d of %d kernels that take all memory judged out_of_memory\n", judged,
              bombs);
}

}  // namespace
}  // namespace evotune
