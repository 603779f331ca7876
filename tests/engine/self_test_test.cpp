// What a run makes of times that are noise, and of a fitness that never varies.
#include "engine/self_test.h"

#include <gtest/gtest.h>

#include "base/errors.h"
#include "engine/finals.h"
#include "engine/wiring.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

class SelfTested : public Tune {
 protected:
  /// Four right configurations, of which none is faster than another.
  SelfTested() {
    SpaceFile file = read_space_file(twice_space, {});
    file.parameters.at(0).values = {Value(std::int64_t{1}), Value(std::int64_t{11})};
    file.parameters.at(1).values = {Value(std::int64_t{1}), Value(std::int64_t{7})};
    file.parameters.at(2).values = {Value(std::string("right"))};
    file.constraints.clear();
    problem = load_problem(std::move(file), FakeDevice().info());
  }

  std::unique_ptr<Workbench> noisy_bench(double its_noise) {
    noise = its_noise;
    auto made = bench();
    device->own_noise = true;
    device->loaded = ++benches_ * 1000;  // other noise than the last one's
    return made;
  }
  /// The whole space, of which the best is three times as fast as the baseline.
  void let_some_be_much_faster() {
    SpaceFile file = read_space_file(twice_space, {});
    file.parameters.at(2).values = {Value(std::string("right"))};
    problem = load_problem(std::move(file), FakeDevice().info());
  }
  Finals finals_with(double its_noise) {
    const TuneResult result = search_on(*noisy_bench(its_noise), 40);
    return run_finals(problem, result, noisy_bench(its_noise)->evaluator(), after(1000), recorder_);
  }

  Recorder recorder_;

 private:
  int benches_ = 0;
};

TEST_F(SelfTested, WhereAllAreEquallyFastThereIsNoImprovement) {
  constexpr int runs = 15;
  int improved = 0;
  for (int i = 0; i < runs; ++i) improved += finals_with(0.03).champion ? 1 : 0;
  EXPECT_EQ(improved, 0);
}

TEST_F(SelfTested, AnUnsteadyMachineWidensTheMarginAndSaysSo) {
  const Finals finals = finals_with(0.05);
  EXPECT_GE(finals.self_test.comparisons, 5U);  // 20 on an idle machine
  EXPECT_GT(finals.self_test.margin, 0.02);
  EXPECT_DOUBLE_EQ(finals.self_test.margin, 3 * finals.self_test.spread);
  ASSERT_EQ(recorder_.warnings.size(), 1U);
  EXPECT_NE(recorder_.warnings[0].find("unsteady"), std::string::npos) << recorder_.warnings[0];
}

TEST_F(SelfTested, ASteadyOneHasTheMarginThatWasAskedFor) {
  const Finals finals = finals_with(0.001);
  EXPECT_DOUBLE_EQ(finals.self_test.margin, 0.01);
  EXPECT_LT(finals.self_test.widest, 0.01);
  EXPECT_TRUE(recorder_.warnings.empty());
  EXPECT_NEAR(finals.self_test.most_attainable(), fake_seconds(1, 1) / 1e-6, 10);
}

TEST_F(SelfTested, WhatIsFasterThanAllNoiseWinsOnAHopelessMachineToo) {
  let_some_be_much_faster();
  const Finals finals = finals_with(0.2);
  EXPECT_TRUE(finals.self_test.hopeless);
  EXPECT_TRUE(finals.champion);
  EXPECT_EQ(recorder_.warnings.size(), 1U);
}

TEST_F(SelfTested, WhereNoiseIsLargerThanAllDifferencesNothingIsClaimed) {
  try {
    (void)finals_with(0.2);
    FAIL() << "it said: no improvement";
  } catch (const DeviceLost& why) {
    EXPECT_NE(std::string(why.what()).find("cannot be trusted"), std::string::npos) << why.what();
  }
}

/// Times that are what they are told to be.
struct Scripted final : Evaluator {
  Candidate prepare(const Config&) const override { return {}; }
  Outcome evaluate(const Candidate&, const Examination&) override { return {}; }
  std::string key(const Candidate&) const override { return {}; }
  Result<std::optional<SelfTimes>> time_baseline(std::size_t pairs) override {
    ++asked;
    const double other = asked <= wild ? 1.3e-5 : 1e-5;
    return std::optional(SelfTimes{std::vector<Pair>(pairs, {1e-5, other}), nothing});
  }
  int asked = 0, wild = 0;
  Seconds nothing = 1e-6;
};

TEST(TimingTest, ABurstOfLoadIsWaitedOut) {
  Scripted evaluator;
  evaluator.wild = 2;  // the first attempt
  Recorder recorder;
  EXPECT_DOUBLE_EQ(test_timing(evaluator, recorder, 0.01).margin, 0.01);
  EXPECT_TRUE(recorder.warnings.empty());
}

TEST(TimingTest, AFloorNearTheBaselineIsWarnedOf) {
  Scripted evaluator;
  evaluator.nothing = 4e-6;
  Recorder recorder;
  EXPECT_DOUBLE_EQ(test_timing(evaluator, recorder, 0.01).most_attainable(), 2.5);
  ASSERT_EQ(recorder.warnings.size(), 1U);
  EXPECT_NE(recorder.warnings[0].find("2.5 times"), std::string::npos) << recorder.warnings[0];
}

TEST(TimingTest, TimesThatAreNotMeasuredAreNotTested) {
  struct Exact final : Evaluator {
    Candidate prepare(const Config&) const override { return {}; }
    Outcome evaluate(const Candidate&, const Examination&) override { return {}; }
    std::string key(const Candidate&) const override { return {}; }
  } evaluator;
  Recorder recorder;
  const SelfTest test = test_timing(evaluator, recorder, 0.01);
  EXPECT_EQ(test.comparisons, 0U);
  EXPECT_DOUBLE_EQ(test.margin, 0.01);
}

Individual of_fitness(double fitness, bool passed = true) {
  Individual one;
  one.score = {passed, fitness};
  return one;
}

TEST(WiringTest, AFitnessThatNeverVariesEndsTheRun) {
  Wiring wiring;
  for (int i = 0; i < 29; ++i) wiring.add(of_fitness(2));
  wiring.add(of_fitness(-1, false));  // says nothing of it
  EXPECT_THROW(wiring.add(of_fitness(2)), UserError);
}

TEST(WiringTest, OneThatVariedOnceMayStayAsItIs) {
  Wiring wiring;
  wiring.add(of_fitness(1));
  for (int i = 0; i < 100; ++i) wiring.add(of_fitness(2));
}

TEST_F(SelfTested, ASearchWithSuchAFitnessSaysWhatIsNotWired) {
  SpaceFile file = read_space_file(twice_space, {});
  file.parameters.at(2).values = {Value(std::string("right"))};
  file.fitness = PlacedExpression{*Expression::parse("7"), {}};
  problem = load_problem(std::move(file), FakeDevice().info());
  EXPECT_THROW((void)search_on(*noisy_bench(0.01), 40), UserError);
}

}  // namespace
}  // namespace evotune
