#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "base/errors.h"
#include "engine/finals.h"
#include "outcome/statistics.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

TEST_F(Tune, FindsAFasterRightVariant) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 96, recorder);
  double best = 0;
  for (const Evaluation& one : result.evaluations)
    if (one.individual.score.passed)
      best = std::max(best, speedup_of(*one.individual.outcome.measurement()).median);
  EXPECT_GT(best, fake_seconds(1, 1) / fake_seconds(6, 4) * 0.9);
}

TEST_F(Tune, BeginsWithTheBaselineWhichIsAsFastAsItself) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 1, recorder);
  ASSERT_EQ(result.evaluations.size(), 1U);
  EXPECT_EQ(result.evaluations[0].individual.proposal.origin, "baseline");
  EXPECT_NEAR(speedup_of(*result.evaluations[0].individual.outcome.measurement()).median, 1, 0.02);
}

TEST_F(Tune, ACandidateThatFailsDoesNotEndTheRunAndGetsItsOwnVerdict) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 96, recorder);
  EXPECT_EQ(result.evaluations.size(), 96U);
  const std::map<std::string, Stage> verdicts = {{"wrong", Stage::verify},
                                                 {"nan", Stage::verify},
                                                 {"lazy", Stage::verify},
                                                 {"crash", Stage::crash},
                                                 {"hang", Stage::timeout}};
  std::map<std::string, int> met;
  for (const Evaluation& one : result.evaluations) {
    const std::string mode = to_text(problem.space.values(one.individual.config()).at("MODE"));
    ++met[mode];
    const Failure* failure = one.individual.outcome.failure();
    if (mode == "right") {
      EXPECT_EQ(failure, nullptr) << one.config << ": " << failure->message;
    } else {
      ASSERT_NE(failure, nullptr) << one.config;
      EXPECT_EQ(failure->stage, verdicts.at(mode)) << failure->message;
      EXPECT_FALSE(one.individual.score.passed);
    }
  }
  for (const auto& [mode, stage] : verdicts) EXPECT_GT(met[mode], 0) << mode;
}

TEST_F(Tune, AFastWrongKernelNeverOutranksARightOne) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 96, recorder);
  for (const Evaluation& right : result.evaluations)
    for (const Evaluation& wrong : result.evaluations)
      if (right.individual.score.passed && !wrong.individual.score.passed) {
        EXPECT_GT(right.individual.score, wrong.individual.score);
      }
}

TEST_F(Tune, AStoppedRunResumesWhereItWas) {
  noise = 0;  // or times would depend on what else this process has timed
  Recorder whole, first, second;
  search(store.begin_run(record()), 60, whole);
  const std::int64_t run = store.begin_run(record());
  search(run, 31, first);  // stops inside a batch
  const TuneResult resumed = search(run, 60, second);
  EXPECT_EQ(second.seen, whole.seen);
  EXPECT_TRUE(second.warnings.empty());
  EXPECT_EQ(resumed.evaluations.size(), 60U);
  EXPECT_EQ(store.evaluations(run).size(), 60U);
}

TEST_F(Tune, WhatWasEvaluatedBeforeIsNotEvaluatedAgain) {
  Recorder first, second;
  const std::int64_t run = store.begin_run(record());
  search(run, 31, first);
  search(run, 31, second);
  EXPECT_EQ(loaded_by_search, 0);
}

TEST_F(Tune, ARecordThatDiffersFromWhatIsAskedIsFollowedWithAWarning) {
  const std::int64_t run = store.begin_run(record());
  Recorder first, second;
  search(run, 14, first);
  problem.file.search.population = 5;  // another strategy than the one that began the run
  problem.file.search.elite = 0.9;
  search(run, 14, second);
  EXPECT_EQ(second.seen, first.seen);
}

TEST_F(Tune, ABaselineThatIsWrongIsTheUsersMistake) {
  problem.file.baseline->values["MODE"] = std::string("wrong");
  Recorder recorder;
  problem.file.verify.relative = 1e-6;
  EXPECT_THROW(search(store.begin_run(record()), 5, recorder), UserError);
  problem.file.verify.relative = std::nullopt;  // its own error is the measure, but not any error
  EXPECT_THROW(search(store.begin_run(record()), 5, recorder), UserError);
  problem.file.verify.max_abs = 10;
  EXPECT_NO_THROW(search(store.begin_run(record()), 5, recorder));
  problem.file.verify = {};
  problem.file.verify.relative = 1e-6;
  problem.file.verify.absolute = 10;
  EXPECT_NO_THROW(search(store.begin_run(record()), 5, recorder));
}

TEST_F(Tune, AFaultOfTheMachineIsNotTheCandidates) {
  const auto workbench = bench();
  int calls = 0;
  device->before_run = [&](auto&&...) -> std::optional<Failure> {
    if (++calls % 251 == 0) return Failure{Stage::infrastructure, "injected"};
    return std::nullopt;
  };
  const TuneResult result = search_on(*workbench, 24);
  for (const Evaluation& one : result.evaluations)
    if (const Failure* failure = one.individual.outcome.failure()) {
      EXPECT_NE(failure->stage, Stage::infrastructure) << one.config;
    }
}

TEST_F(Tune, AMachineThatKeepsFailingEndsTheRun) {
  const auto workbench = bench();
  int calls = 0;
  device->before_run = [&](auto&&...) -> std::optional<Failure> {
    if (++calls > 200) return Failure{Stage::infrastructure, "the bus fell off"};
    return std::nullopt;
  };
  EXPECT_THROW(static_cast<void>(search_on(*workbench, 60)), DeviceLost);
}

TEST_F(Tune, ARunThatTheMachineEndedCanBeResumed) {
  const std::int64_t run = store.begin_run(record());
  Recorder recorder;
  {
    const auto workbench = bench();
    int calls = 0;
    device->before_run = [&](auto&&...) -> std::optional<Failure> {
      if (++calls > 700) return Failure{Stage::infrastructure, "the bus fell off"};
      return std::nullopt;
    };
    EXPECT_THROW(static_cast<void>(search_on(*workbench, run, 60, recorder, {12, 1})), DeviceLost);
  }
  EXPECT_EQ(search(run, 60, recorder).evaluations.size(), 60U);
}

TEST_F(Tune, ABaselineThatDiesBesideACandidateIsLoadedAnew) {
  const auto workbench = bench();
  int calls = 0;
  device->before_run = [&](const std::string& variant, auto&&) -> std::optional<Failure> {
    if (variant == "1 1 right" && ++calls == 200) return Failure{Stage::crash, "killed"};
    return std::nullopt;
  };
  const TuneResult result = search_on(*workbench, 24);
  EXPECT_GE(calls, 200);
  for (const Evaluation& one : result.evaluations)
    if (const Failure* failure = one.individual.outcome.failure()) {
      EXPECT_NE(failure->stage, Stage::infrastructure) << one.config << ": " << failure->message;
    }
}

TEST_F(Tune, ASlowCandidateDoesNotGrantTheNextOnesMoreTime) {
  const auto workbench = bench();
  Seconds longest = 0;
  bool slept = false;
  device->before_run = [&](const std::string& variant,
                           const evotune::Run& run) -> std::optional<Failure> {
    if (!run.flush && variant.ends_with("right") && variant != "1 1 right") {
      if (slept) longest = std::max(longest, run.limit);
      if (!slept) std::this_thread::sleep_for(std::chrono::milliseconds(200));
      slept = true;
    }
    return std::nullopt;
  };
  static_cast<void>(search_on(*workbench, 48));
  ASSERT_TRUE(slept);
  EXPECT_LT(longest, 20 * 0.2);
}

TEST_F(Tune, WhatSeveralCoresDidForTheBaselineACandidateMayDoOnOne) {
  const auto workbench = bench();
  device->check_seconds = 30;
  Seconds longest = 0;
  device->before_run = [&](auto&&, const evotune::Run& run) -> std::optional<Failure> {
    if (!run.flush) longest = std::max(longest, run.limit);
    return std::nullopt;
  };
  static_cast<void>(search_on(*workbench, 12));
  EXPECT_GE(longest, 20 * device->check_seconds);
}

TEST_F(Tune, CompilingIsTimeSpent) {
  const auto workbench = bench();
  constexpr Seconds nap = 0.03;
  device->before_compile = [&] { std::this_thread::sleep_for(std::chrono::duration<double>(nap)); };
  const TuneResult result = search_on(*workbench, 12);
  EXPECT_GE(result.progress.seconds, 12 * nap);
}

TEST_F(Tune, ADeviceLostByOneOfSeveralCompilersEndsTheRunInOrder) {
  const auto workbench = bench();
  std::atomic<int> compiled = 0;
  device->before_compile = [&] {
    if (++compiled > 4) throw DeviceLost("no worker can be started");
  };
  EXPECT_THROW(static_cast<void>(search_on(*workbench, 24, {12, 4})), DeviceLost);
}

TEST_F(Tune, SourcesAreKeptInTheStoreAlone) {
  Recorder recorder;
  for (const Evaluation& one : search(store.begin_run(record()), 12, recorder).evaluations) {
    EXPECT_TRUE(one.source_text.empty());
    EXPECT_FALSE(store.source(one.source_hash).empty());
  }
}

TEST_F(Tune, AGateThatIsFalseBeforehandSparesTheRunning) {
  const Location where;
  problem.file.gates.push_back({"small", *Expression::parse("A < 2"), where});
  Recorder recorder;
  const auto workbench = bench();
  const Config config = problem.space.find({{"A", std::int64_t{2}}}, problem.kernel.defaults);
  const Outcome outcome = workbench->evaluator().evaluate(workbench->evaluator().prepare(config));
  ASSERT_NE(outcome.failure(), nullptr);
  EXPECT_EQ(outcome.failure()->stage, Stage::gate);
  EXPECT_EQ(device->loaded, 0);
}

TEST_F(Tune, TheFinalsCrownARightVariantThatIsFaster) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 60, recorder);
  const auto fresh = bench();
  const Finals finals = run_finals(problem, result, fresh->evaluator(), after(1000), recorder);
  ASSERT_TRUE(finals.champion);
  const Evaluation& champion = result.evaluations.at(*finals.champion);
  EXPECT_TRUE(champion.individual.score.passed);
  EXPECT_EQ(finals.records.size(), 8U);
  EXPECT_GT(speedup_of(*finals.records.front().outcome.measurement()).low, 2);
}

TEST_F(Tune, AFinalistWithARaceIsDisqualifiedUnlessTheFileLooksForNone) {
  Recorder recorder;
  const TuneResult result = search(store.begin_run(record()), 60, recorder);
  const auto finals_of = [&] {
    const auto fresh = bench();
    device->observe_races([](const std::string&) { return true; });
    return run_finals(problem, result, fresh->evaluator(), after(1000), recorder);
  };
  const Finals racy = finals_of();
  EXPECT_FALSE(racy.champion);
  ASSERT_FALSE(recorder.warnings.empty());
  for (const FinalRecord& one : racy.records) {
    ASSERT_NE(one.outcome.failure(), nullptr);
    EXPECT_EQ(one.outcome.failure()->stage, Stage::race) << one.outcome.failure()->message;
  }
  EXPECT_NE(recorder.warnings.back().find("no finalist passed the final checks; the first of 8"),
            std::string::npos)
      << recorder.warnings.back();
  recorder.warnings.clear();
  problem.file.verify.races = RaceChecks::off;
  EXPECT_TRUE(finals_of().champion);
  for (const std::string& one : recorder.warnings)
    EXPECT_EQ(one.find("no finalist passed"), std::string::npos) << one;
}

TEST_F(Tune, EveryCandidateIsSearchedForRacesWhereTheFileSaysSo) {
  const Config config = baseline_of(problem);
  const auto stage = [&](RaceChecks races, const Examination& examination = {}) {
    problem.file.verify.races = races;
    const auto one = bench();
    device->observe_races([](const std::string&) { return true; });
    const Outcome outcome =
        one->evaluator().evaluate(one->evaluator().prepare(config), examination);
    return outcome.failure() != nullptr ? outcome.failure()->stage : Stage::render;
  };
  EXPECT_EQ(stage(RaceChecks::every), Stage::race);
  EXPECT_NE(stage(RaceChecks::finalists), Stage::race);
  Examination finalist;
  finalist.races = true;
  EXPECT_EQ(stage(RaceChecks::finalists, finalist), Stage::race);
  EXPECT_NE(stage(RaceChecks::off, finalist), Stage::race);
}

}  // namespace
}  // namespace evotune
