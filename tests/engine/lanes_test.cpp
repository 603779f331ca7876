// Several devices that measure for one search, side by side.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <tuple>

#include "base/clock.h"
#include "base/errors.h"
#include "engine/workbenches.h"
#include "outcome/statistics.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

constexpr TuneOptions twelve_at_once = {12, 2, true};

class Lanes : public Tune {
 protected:
  void SetUp() override { noise = 0; }  // or times would depend on what else a lane has timed

  std::unique_ptr<Workbenches> benches(std::size_t count) {
    std::vector<std::unique_ptr<Workbench>> all;
    fakes.clear();
    for (std::size_t i = 0; i < count; ++i) {
      auto fake = std::make_unique<FakeDevice>("fake:" + std::to_string(i));
      fake->noise = noise;
      fakes.push_back(fake.get());
      all.push_back(
          std::make_unique<Workbench>(problem, std::move(fake), std::make_unique<FakeDevice>(), 7));
    }
    return std::make_unique<Workbenches>(problem, std::move(all));
  }
  TuneResult search_by(Evaluator& evaluator, std::uint64_t evaluations) {
    return search_with(evaluator, store.begin_run(record()), evaluations, recorder, twelve_at_once);
  }
  /// All that a lane is asked to run takes so much longer, of the host's time.
  void delay(std::size_t lane) {
    fakes[lane]->before_run = [](auto&&...) -> std::optional<Failure> {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      return std::nullopt;
    };
  }
  static void stop_compiling(FakeDevice& fake) {
    fake.before_compile = [compiled = std::make_shared<std::atomic<int>>(0)] {
      if (++*compiled > 8) throw DeviceLost("no worker can be started");
    };
  }
  /// After so many runs of kernels nothing runs on it.
  void lose(std::size_t lane, int after_runs) {
    fakes[lane]->before_run = [after_runs, runs = 0](auto&&...) mutable -> std::optional<Failure> {
      if (++runs > after_runs) return Failure{Stage::infrastructure, "the bus fell off"};
      return std::nullopt;
    };
  }
  static auto judged(const TuneResult& result) {
    std::vector<std::tuple<Proposal, Outcome, Score>> all;
    for (const Evaluation& one : result.evaluations)
      all.emplace_back(one.individual.proposal, one.individual.outcome, one.individual.score);
    return all;
  }
  void expect_all_judged(const TuneResult& result, std::size_t count) {
    EXPECT_EQ(result.evaluations.size(), count);
    for (const Evaluation& one : result.evaluations)
      if (const Failure* failure = one.individual.outcome.failure()) {
        EXPECT_NE(failure->stage, Stage::infrastructure) << one.config << ": " << failure->message;
      }
  }

  std::vector<FakeDevice*> fakes;  // the latest benches'
  Recorder recorder;
};

TEST_F(Lanes, WhicheverIsAheadThePopulationIsTheSame) {
  const auto late_by = [this](std::size_t lane) {
    const auto three = benches(3);
    delay(lane);
    return search_by(*three, 40);
  };
  const TuneResult first = late_by(0), second = late_by(2);
  EXPECT_EQ(judged(first), judged(second));
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(first.evaluations[i].ordinal, i);
    EXPECT_EQ(first.evaluations[i].metrics_json, second.evaluations[i].metrics_json);
  }
}

TEST_F(Lanes, GapsInARecoveredRecordAreFilledAsIfTheyHadNeverBeen) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}}) {
    const TuneResult whole = search_by(*benches(count), 30);
    const std::int64_t run = store.begin_run(record());
    for (const Evaluation& one : whole.evaluations)
      if (one.ordinal != 2 && one.ordinal != 4 && one.ordinal != 5 && one.ordinal < 20)
        store.save(run, one);
    const TuneResult filled = search_with(*benches(count), run, 30, recorder, twelve_at_once);
    EXPECT_EQ(judged(filled), judged(whole)) << count;
    EXPECT_EQ(store.evaluations(run).size(), 30U);
  }
}

TEST_F(Lanes, TheirPlaceInTheRunDecidesWhoMeasuresThemAndIsStored) {
  const auto two = benches(2);
  const std::int64_t run = store.begin_run(record());
  (void)search_with(*two, run, 30, recorder, twelve_at_once);
  for (const Evaluation& one : store.evaluations(run))
    EXPECT_NE(one.metrics_json.find(one.ordinal % 2 == 0 ? R"("device.id":"fake:0")"
                                                         : R"("device.id":"fake:1")"),
              std::string::npos)
        << one.ordinal << one.metrics_json;
}

TEST_F(Lanes, MeasureAtTheSameTime) {
  const auto two = benches(2);
  std::atomic<bool> second_has_begun = false, together = false;
  fakes[1]->before_run = [&](auto&&...) -> std::optional<Failure> {
    second_has_begun = true;
    return std::nullopt;
  };
  fakes[0]->before_run = [&](const std::string& variant, auto&&) -> std::optional<Failure> {
    if (variant == "1 1 right" || together) return std::nullopt;
    const Seconds deadline = monotonic_seconds() + 60;
    while (!second_has_begun && monotonic_seconds() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    together = second_has_begun.load();
    return std::nullopt;
  };
  (void)search_by(*two, 14);
  EXPECT_TRUE(together);
}

TEST_F(Lanes, EachIsComparedWithItsOwnBaseline) {
  const auto two = benches(2);
  fakes[1]->slowness = 1.5;
  for (const Evaluation& one : search_by(*two, 30).evaluations) {
    const Measurement* measured = one.individual.outcome.measurement();
    if (measured == nullptr) continue;
    const Bindings values = problem.space.values(one.individual.config());
    const Seconds alone = fake_seconds(std::get<std::int64_t>(values.at("A")),
                                       std::get<std::int64_t>(values.at("B")));
    EXPECT_NEAR(speedup_of(*measured).median, fake_seconds(1, 1) / alone, 1e-9);
    EXPECT_NEAR(latency_of(*measured), alone * (one.ordinal % 2 == 0 ? 1 : 1.5), 1e-9);
  }
}

TEST_F(Lanes, AStoppedRunResumesWhereItWas) {
  const TuneResult whole = search_by(*benches(2), 60);
  const std::int64_t run = store.begin_run(record());
  (void)search_with(*benches(2), run, 31, recorder, twelve_at_once);  // inside a batch
  const TuneResult resumed = search_with(*benches(2), run, 60, recorder, twelve_at_once);
  EXPECT_EQ(judged(resumed), judged(whole));
  EXPECT_EQ(store.evaluations(run).size(), 60U);
  EXPECT_TRUE(recorder.warnings.empty());
}

TEST_F(Lanes, OneThatIsLostLeavesItsWorkToTheOthers) {
  for (const std::size_t lane : {0U, 1U, 2U}) {
    recorder.warnings.clear();
    const auto three = benches(3);
    lose(lane, 250);
    const TuneResult result = search_by(*three, 60);
    expect_all_judged(result, 60);
    ASSERT_EQ(recorder.warnings.size(), 1U);
    const std::string name = "fake:" + std::to_string(lane);
    EXPECT_EQ(recorder.warnings[0].find(name + " is lost"), 0U) << recorder.warnings[0];
    EXPECT_EQ(result.sound_lane, lane == 0 ? 1U : 0U);
    EXPECT_EQ(result.evaluations.back().metrics_json.find(name), std::string::npos);
  }
}

TEST_F(Lanes, WhereTheLastIsLostTheRunEndsAndCanBeResumedOnOthers) {
  const std::int64_t run = store.begin_run(record());
  const auto two = benches(2);
  lose(0, 400);
  lose(1, 600);
  EXPECT_THROW((void)search_with(*two, run, 60, recorder, twelve_at_once), DeviceLost);
  EXPECT_EQ(recorder.warnings.size(), 1U);
  const std::size_t saved = store.evaluations(run).size();
  EXPECT_GT(saved, 0U);
  EXPECT_LT(saved, 60U);
  const auto one = bench();
  EXPECT_EQ(search_on(*one, run, 60, recorder, {12, 1}).evaluations.size(), 60U);
}

TEST_F(Lanes, AWorkerThatCannotBeStartedIsItsLanesEndOnly) {
  const auto two = benches(2);
  fakes[1]->before_run = [runs = 0](auto&&...) mutable -> std::optional<Failure> {
    if (++runs > 500) throw DeviceLost("no worker can be started");
    return std::nullopt;
  };
  expect_all_judged(search_by(*two, 40), 40);
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_NE(recorder.warnings[0].find("no worker can be started"), std::string::npos);
}

TEST_F(Lanes, WhereNothingCompilesAnyMoreTheRunEnds) {
  const auto two = benches(2);
  for (FakeDevice* one : fakes) stop_compiling(*one);
  EXPECT_THROW((void)search_by(*two, 40), DeviceLost);
}

TEST_F(Lanes, AnotherCompilesWhereTheFirstCannotAnyMore) {
  const auto two = benches(2);
  stop_compiling(*fakes[0]);
  expect_all_judged(search_by(*two, 30), 30);
}

TEST_F(Lanes, OneThatGetsTheBaselineWrongIsGivenNothingElse) {
  const auto two = benches(2);
  bool tried_another = false;
  fakes[1]->before_run = [&](const std::string& variant, auto&&) -> std::optional<Failure> {
    tried_another = tried_another || variant != "1 1 right";
    return Failure{Stage::crash, "it computes nonsense"};
  };
  expect_all_judged(search_by(*two, 30), 30);
  EXPECT_FALSE(tried_another);
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_NE(recorder.warnings[0].find("the baseline is not right there"), std::string::npos);
}

TEST_F(Lanes, TheTimesOfARunAddUpToItsOwn) {
  const auto two = benches(2);
  delay(0);
  delay(1);
  const Seconds begun = monotonic_seconds();
  const TuneResult result = search_by(*two, 30);
  EXPECT_LE(result.progress.seconds, monotonic_seconds() - begun);
  EXPECT_GT(result.progress.seconds, 0);
}

}  // namespace
}  // namespace evotune
