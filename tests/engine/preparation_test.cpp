#include "engine/preparation.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

using Preparing = Tune;

TEST_F(Preparing, WhereItDisturbsNoTimingTheNextAreCompiledWhileOneIsMeasured) {
  const auto workbench = bench();
  constexpr int batch = 12;
  std::atomic<int> compiled = 0;  // of which the baseline, a batch of its own, is the first
  int compiled_at_first_run = 0;  // of the batch
  device->before_compile = [&] { ++compiled; };
  device->before_run = [&](const std::string& variant, auto&&) -> std::optional<Failure> {
    if (variant == "1 1 right") return std::nullopt;
    const Seconds deadline = monotonic_seconds() + 60;
    while (compiled < 1 + batch && monotonic_seconds() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (compiled_at_first_run == 0) compiled_at_first_run = compiled;
    return std::nullopt;
  };
  static_cast<void>(search_on(*workbench, 2, {batch, 1, true}));
  EXPECT_EQ(compiled_at_first_run, 1 + batch);
}

TEST_F(Preparing, ElsewhereNothingIsCompiledWhileOneIsMeasured) {
  const auto workbench = bench();
  std::atomic<int> compiling = 0;
  device->before_compile = [&] {
    ++compiling;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --compiling;
  };
  device->before_run = [&](auto&&...) -> std::optional<Failure> {
    EXPECT_EQ(compiling, 0);
    return std::nullopt;
  };
  const TuneResult result = search_on(*workbench, 30, {12, 4});
  EXPECT_EQ(result.evaluations.size(), 30U);
}

TEST_F(Preparing, HowItIsCompiledDecidesNothing) {
  noise = 0;  // or times would depend on what else this process has timed
  const auto outcomes = [this](const TuneOptions& options) {
    const auto workbench = bench();
    std::vector<std::pair<std::string, Outcome>> all;
    for (const Evaluation& one : search_on(*workbench, 40, options).evaluations)
      all.emplace_back(one.config, one.individual.outcome);
    return all;
  };
  EXPECT_EQ(outcomes({12, 1, false}), outcomes({12, 4, true}));
}

}  // namespace
}  // namespace evotune
