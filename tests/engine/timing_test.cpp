#include "engine/timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

#include "base/rng.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

using Verdict = StoppingRule::Verdict;

/// A kernel that takes as long as it is told to, and remembers how it was run.
class FakeKernel final : public Loaded {
 public:
  explicit FakeKernel(std::function<Seconds()> seconds) : seconds_(std::move(seconds)) {}

  Result<Sample> run(const Run& asked) override {
    runs.push_back(asked);
    if (log != nullptr) log->push_back(letter);
    if (!failures.empty() && runs.size() == failures.front().first) {
      Failure failure = failures.front().second;
      failures.pop_front();
      return failure;
    }
    const Seconds seconds = seconds_();
    return Sample{seconds, honest ? seconds * asked.launches : seconds / 2, clock_hz()};
  }
  Result<Buffers> read() override { return Buffers{}; }

  std::vector<Run> runs;
  std::deque<std::pair<std::size_t, Failure>> failures;  // at the n-th run
  bool honest = true;
  std::function<double()> clock_hz = [] { return 0; };  // unknown
  char letter = 'A';
  std::string* log = nullptr;

 private:
  std::function<Seconds()> seconds_;
};

FakeKernel steady(Seconds seconds) {
  return FakeKernel([seconds] { return seconds; });
}

Seconds frozen_clock() { return 0; }

std::size_t warm_up_runs(const FakeKernel& kernel, const ShapeTiming& timing) {
  return kernel.runs.size() - timing.pairs.size();
}

ShapeTiming timed(const TimingRequest& request) {
  const auto timing = time_pairs(request, frozen_clock);
  EXPECT_TRUE(timing) << timing.error().message;
  return timing ? *timing : ShapeTiming{};
}

std::vector<Pair> same_pairs(std::size_t count, Seconds baseline, Seconds candidate) {
  return std::vector<Pair>(count, Pair{baseline, candidate});
}

TEST(StoppingRule, StopsAtFifteenPairsThatAgree) {
  const StoppingRule rule({}, 0);
  EXPECT_EQ(rule.after(same_pairs(14, 2, 1), 0), Verdict::more);
  EXPECT_EQ(rule.after(same_pairs(15, 2, 1), 0), Verdict::precise);
}

TEST(StoppingRule, GoesOnToTheCapWhilePairsDisagree) {
  const StoppingRule rule({}, 0);
  std::vector<Pair> pairs;
  for (int i = 0; i < 31; ++i) {
    pairs.push_back({1, i % 2 == 0 ? 1.0 : 1.2});
    EXPECT_EQ(rule.after(pairs, 0), i < 30 ? Verdict::more : Verdict::enough) << i;
  }
}

TEST(StoppingRule, DropsWhatIsSlowerThanTheBestByMoreThanTheMargin) {
  EXPECT_EQ(StoppingRule({}, 2.0).after(same_pairs(7, 1.95, 1), 0), Verdict::hopeless);
  EXPECT_EQ(StoppingRule({}, 2.0).after(same_pairs(7, 1.97, 1), 0), Verdict::more);
  EXPECT_EQ(StoppingRule({}, 2.0).after(same_pairs(6, 1.95, 1), 0), Verdict::more);
}

TEST(StoppingRule, WhatIsThriceAsSlowAsTheBestIsKnownAfterThreePairs) {
  const StoppingRule rule({}, 2.0);
  EXPECT_EQ(rule.after(same_pairs(2, 2, 3.1), 0), Verdict::more);
  EXPECT_EQ(rule.after(same_pairs(3, 2, 3.1), 0), Verdict::hopeless);
  EXPECT_EQ(rule.after(same_pairs(3, 2, 2.9), 0), Verdict::more);
}

TEST(StoppingRule, ASlowLaunchAmongFastOnesDropsNobody) {
  const StoppingRule rule({}, 2.0);
  EXPECT_EQ(rule.after(std::vector<Pair>{{2, 9}, {2, 9}, {2, 1}}, 0), Verdict::more);
}

TEST(StoppingRule, TimeEndsItButNeverBeforeTheMinimum) {
  const StoppingRule rule({}, 0);
  EXPECT_EQ(rule.after(same_pairs(6, 1, 1), 100), Verdict::more);
  EXPECT_EQ(rule.after(same_pairs(7, 1, 1), 1.9), Verdict::more);
  EXPECT_EQ(rule.after(same_pairs(7, 1, 1), 2.0), Verdict::enough);
}

TEST(Timing, PairsAreTakenInTheOrderABBA) {
  std::string log;
  FakeKernel baseline = steady(0.2), candidate = steady(0.1);
  baseline.log = candidate.log = &log;
  candidate.letter = 'B';
  const ShapeTiming timing = timed({baseline, candidate, "M=1"});
  ASSERT_EQ(timing.pairs.size(), 15u);
  EXPECT_EQ(timing.shape, "M=1");
  EXPECT_EQ(log, "AB" /* warm-up */ "ABBAABBAABBAABBAABBAABBAABBAAB");
  EXPECT_EQ(timing.pairs.back(), (Pair{0.2, 0.1}));
}

TEST(Timing, BothSidesAreWarmedUpByFiveLaunchesAndTwentyFiveMilliseconds) {
  FakeKernel baseline = steady(10e-3), candidate = steady(1e-3);
  const ShapeTiming timing = timed({baseline, candidate, ""});
  EXPECT_EQ(warm_up_runs(baseline, timing), 5u);
  EXPECT_EQ(warm_up_runs(candidate, timing), 25u);
}

TEST(Timing, ASlowKernelIsWarmAfterOneLaunch) {
  FakeKernel baseline = steady(1), candidate = steady(0.06);
  const ShapeTiming timing = timed({baseline, candidate, ""});
  EXPECT_EQ(warm_up_runs(baseline, timing), 1u);
  EXPECT_EQ(warm_up_runs(candidate, timing), 2u);
}

TEST(Timing, EveryInputSetIsUsedAndBothSidesOfAPairGetTheSame) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  TimingRequest request{baseline, candidate, ""};
  request.input_sets = 4;
  const ShapeTiming timing = timed(request);
  ASSERT_EQ(baseline.runs.size(), candidate.runs.size());
  for (std::size_t i = 1; i < baseline.runs.size(); ++i) {
    EXPECT_EQ(baseline.runs[i].input_set, (i - 1) % 4);
    EXPECT_EQ(candidate.runs[i].input_set, (i - 1) % 4);
    EXPECT_EQ(candidate.runs[i].finite_poison, (i - 1) % 2 == 1);
    EXPECT_TRUE(candidate.runs[i].flush);
  }
}

TEST(Timing, AShortKernelIsLaunchedOftenEnoughToFillASampleOnBothSidesAlike) {
  FakeKernel baseline = steady(40e-6), candidate = steady(10e-6);
  TimingRequest request{baseline, candidate, ""};
  request.repeatable = true;
  const ShapeTiming timing = timed(request);
  EXPECT_EQ(baseline.runs.back().launches, 16);
  EXPECT_EQ(candidate.runs.back().launches, 16);
  EXPECT_EQ(timing.pairs.front(), (Pair{40e-6, 10e-6}));
}

TEST(Timing, ASlowBaselineIsNotRepeatedForTheSakeOfAFastCandidate) {
  FakeKernel baseline = steady(5e-3), candidate = steady(1e-6);
  TimingRequest request{baseline, candidate, ""};
  request.repeatable = true;
  timed(request);
  EXPECT_EQ(candidate.runs.back().launches, 4);
}

TEST(Timing, AKernelThatChangesItsInputIsNeverLaunchedTwiceInASample) {
  FakeKernel baseline = steady(1e-6), candidate = steady(1e-6);
  timed({baseline, candidate, ""});
  for (const evotune::Run& one : candidate.runs) EXPECT_EQ(one.launches, 1);
}

TEST(Timing, ACandidateMayTakeTwentyTimesTheBaselineAndAtLeastASecond) {
  FakeKernel fast = steady(1e-3), slow = steady(2), candidate = steady(1);
  timed({fast, candidate, ""});
  EXPECT_DOUBLE_EQ(candidate.runs.back().limit, 1);
  timed({slow, candidate, ""});
  EXPECT_DOUBLE_EQ(candidate.runs.back().limit, 40);
  EXPECT_DOUBLE_EQ(slow.runs.front().limit, 60);
}

TEST(Timing, TheCandidatesFailureIsReturnedAsItIs) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  const Failure failure{Stage::timeout, "ran longer than 20 s"};
  candidate.failures.emplace_back(3, failure);
  const auto timing = time_pairs({baseline, candidate, ""}, frozen_clock);
  ASSERT_FALSE(timing);
  EXPECT_EQ(timing.error(), failure);
}

TEST(Timing, ABaselineThatFailsIsNotTheCandidatesFault) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  baseline.failures.emplace_back(2, Failure{Stage::crash, "signal 11"});
  const auto timing = time_pairs({baseline, candidate, ""}, frozen_clock);
  ASSERT_FALSE(timing);
  EXPECT_EQ(timing.error().stage, Stage::infrastructure);
  EXPECT_NE(timing.error().message.find("signal 11"), std::string::npos);
}

TEST(Timing, ATimeThatCannotBeIsNoTime) {
  for (const double seconds : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    FakeKernel baseline = steady(1), candidate = steady(seconds);
    const auto timing = time_pairs({baseline, candidate, ""}, frozen_clock);
    ASSERT_FALSE(timing) << seconds;
    EXPECT_EQ(timing.error().stage, Stage::infrastructure);
  }
}

TEST(Timing, AKernelCannotTakeLongerThanTheHostWaitedForIt) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  candidate.honest = false;
  const auto timing = time_pairs({baseline, candidate, ""}, frozen_clock);
  ASSERT_FALSE(timing);
  EXPECT_EQ(timing.error().stage, Stage::infrastructure);
}

TEST(Timing, TheClockEndsItAfterTheMinimum) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  Seconds now = 0;
  const auto timing = time_pairs({baseline, candidate, ""}, [&now] { return now += 1; });
  ASSERT_TRUE(timing);
  EXPECT_EQ(timing->pairs.size(), 7u);
}

/// Half speed in every n-th run from the warm-up on.
std::function<double()> slow_every(std::size_t n, const FakeKernel& kernel) {
  return [n, &kernel] { return kernel.runs.size() % n == 0 ? 1.0e9 : 2.0e9; };
}

TEST(Timing, APairInWhichTheClockChangedIsTakenAgain) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  baseline.clock_hz = [] { return 2.0e9; };
  candidate.clock_hz = slow_every(5, candidate);
  TimingRequest request{baseline, candidate, ""};
  request.input_sets = 4;
  const ShapeTiming timing = timed(request);
  ASSERT_EQ(timing.pairs.size(), 15u);
  EXPECT_EQ(candidate.runs.size(), 1u + 15 + 3);  // the 5th, 10th and 15th
  EXPECT_EQ(candidate.runs[4].input_set, candidate.runs[5].input_set);
  EXPECT_EQ(candidate.runs.back().input_set, 14u % 4);
}

TEST(Timing, ADeviceThatIsSlowForBothOrHardlyForOneIsSteady) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  baseline.clock_hz = [] { return 1.0e9; };
  candidate.clock_hz = [] { return 1.015e9; };
  EXPECT_EQ(timed({baseline, candidate, ""}).pairs.size(), 15u);
  EXPECT_EQ(candidate.runs.size(), 16u);
}

TEST(Timing, WhereTheClockKeepsChangingItIsThrottled) {
  for (const std::size_t often : {1U, 3U}) {
    FakeKernel baseline = steady(1), candidate = steady(1);
    baseline.clock_hz = [] { return 2.0e9; };
    candidate.clock_hz = slow_every(often, candidate);
    const auto timing = time_pairs({baseline, candidate, ""}, frozen_clock);
    ASSERT_FALSE(timing) << often;
    EXPECT_EQ(timing.error().stage, Stage::infrastructure);
    EXPECT_EQ(timing.error().message.find("throttled: in "), 0u) << timing.error().message;
    EXPECT_EQ(candidate.runs.size(), 1u + 62);
  }
}

TEST(Timing, AClockThatSettlesDoesNoHarm) {
  FakeKernel baseline = steady(1), candidate = steady(1);
  baseline.clock_hz = [] { return 2.0e9; };
  candidate.clock_hz = [&] { return candidate.runs.size() < 8 ? 1.0e9 : 2.0e9; };
  EXPECT_GE(timed({baseline, candidate, ""}).pairs.size(), 18u);  // three times the dropped six
}

/// A machine whose noise both kernels share, sample by sample.
class Machine {
 public:
  enum class Noise : std::uint8_t { normal, bimodal, spikes, drift };
  Machine(Noise kind, std::uint64_t seed)
      : kind_(kind), rng_(seed, static_cast<std::uint64_t>(kind)) {}

  Seconds time(Seconds ideal) {
    ++samples_;
    return ideal * std::exp(0.005 * rng_.normal()) * disturbance();
  }

 private:
  double disturbance() {
    switch (kind_) {
      case Noise::normal:
        return 1;
      case Noise::bimodal:  // two clock speeds 8 % apart, changing every tenth sample or so
        if (rng_.uniform() < 0.1) slow_ = !slow_;
        return slow_ ? 1.08 : 1;
      case Noise::spikes:  // something else runs
        return rng_.uniform() < 0.05 ? 1.2 + 2 * rng_.uniform() : 1;
      case Noise::drift:  // it grows warm
        return 1 + 0.002 * samples_;
    }
    return 1;
  }

  Noise kind_;
  Rng rng_;
  bool slow_ = false;
  double samples_ = 0;
};

struct Tally {
  int wins = 0;  // lower bounds above 1 %
  double pairs = 0;
};

/// `speedup` is the candidate's true one; the best so far is the baseline itself.
Tally compare(Machine::Noise noise, double speedup, int comparisons, std::uint64_t first_seed) {
  Tally tally;
  for (int i = 0; i < comparisons; ++i) {
    Machine machine(noise, first_seed + static_cast<std::uint64_t>(i));
    FakeKernel baseline([&machine] { return machine.time(0.1); });
    FakeKernel candidate([&machine, speedup] { return machine.time(0.1 / speedup); });
    TimingRequest request{baseline, candidate, ""};
    request.best_speedup_low = 1;
    const ShapeTiming timing = timed(request);
    if (speedup_of(timing.pairs).low > 1.01) ++tally.wins;
    tally.pairs += static_cast<double>(timing.pairs.size()) / comparisons;
  }
  return tally;
}

/// 1,000 in the tests; EVOTUNE_LONG=1 asks for the 10,000 of the protocol's figures.
int comparisons() { return std::getenv("EVOTUNE_LONG") != nullptr ? 10000 : 1000; }

class Stream : public testing::TestWithParam<Machine::Noise> {};

TEST_P(Stream, AKernelIsNeverFasterThanItself) {
  const Tally tally = compare(GetParam(), 1, comparisons(), 1);
  RecordProperty("pairs", std::to_string(tally.pairs));
  EXPECT_EQ(tally.wins, 0);
  EXPECT_LE(tally.pairs, 31);
}

TEST_P(Stream, FourPercentAreFound) {
  const Tally tally = compare(GetParam(), 1.04, comparisons() / 5, 1000000);
  RecordProperty("found", tally.wins);
  EXPECT_GE(tally.wins, 0.95 * (comparisons() / 5));
}

// What a search meets: a few about as good as the best, most of them slower.
TEST_P(Stream, ASearchTakesFifteenPairsOnAverageAtMost) {
  double pairs = 0;
  constexpr int kinds = 40;
  for (int i = 0; i < kinds; ++i) {
    const double speedup = 0.25 + 0.8 * i / (kinds - 1);
    pairs += compare(GetParam(), speedup, comparisons() / 200, 2000000).pairs / kinds;
  }
  RecordProperty("pairs", std::to_string(pairs));
  EXPECT_LE(pairs, 15);
}

INSTANTIATE_TEST_SUITE_P(Noise, Stream,
                         testing::Values(Machine::Noise::normal, Machine::Noise::bimodal,
                                         Machine::Noise::spikes, Machine::Noise::drift));

}  // namespace
}  // namespace evotune
