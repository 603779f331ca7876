#include "engine/fitness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace evotune {
namespace {

Expression expression(const std::string& text) {
  auto parsed = Expression::parse(text);
  if (!parsed) throw std::invalid_argument(explain(parsed.error(), text));
  return *parsed;
}

SpaceFile file_with_fitness(const std::string& text) {
  SpaceFile file;
  file.fitness = PlacedExpression{expression(text), {}};
  return file;
}

Outcome measured(double speedup, double max_error = 0) {
  Outcome outcome;
  outcome.accuracy = Accuracy{max_error, 0.5, false};
  outcome.result = Measurement{{{"M=1", std::vector<Pair>(7, Pair{speedup * 50e-6, 50e-6})}}};
  return outcome;
}

Outcome failed(bool has_nan) {
  Outcome outcome;
  outcome.accuracy = Accuracy{has_nan ? std::numeric_limits<double>::infinity() : 3, 1e6, has_nan};
  outcome.result = Failure{Stage::verify, "C[0] is 4, not 1"};
  return outcome;
}

CompilerFacts facts(int registers, int static_shared_bytes = 0) {
  CompilerFacts facts;
  facts.registers = registers;
  facts.static_shared_bytes = static_shared_bytes;
  return facts;
}

double fitness(const SpaceFile& file, const Outcome& outcome, const Bindings& bound = {}) {
  const Judgement judgement = Fitness(file).judge(outcome, bound);
  EXPECT_FALSE(judgement.failure) << judgement.failure->message;
  return judgement.score.fitness;
}

std::string failure_of(const SpaceFile& file, const Outcome& outcome, const Bindings& bound = {}) {
  const Judgement judgement = Fitness(file).judge(outcome, bound);
  EXPECT_FALSE(judgement.score.passed);
  if (!judgement.failure) return {};
  EXPECT_EQ(judgement.failure->stage, Stage::gate);
  return judgement.failure->message;
}

TEST(Fitness, OfARightOneIsItsSpeedupLessItsError) {
  EXPECT_DOUBLE_EQ(fitness({}, measured(3)), 3);
  EXPECT_DOUBLE_EQ(fitness({}, measured(3, 0.5e-4)), 2.8);
  EXPECT_DOUBLE_EQ(fitness({}, measured(3, 1e-4)), 2.6);
  EXPECT_DOUBLE_EQ(fitness({}, measured(3, 7)), 2.6);
}

TEST(Fitness, ItsWeightsAreSettings) {
  SpaceFile file;
  file.error_weight = 2;
  file.error_scale = 1;
  EXPECT_DOUBLE_EQ(fitness(file, measured(3, 0.25)), 2.5);
}

TEST(Fitness, OfAWrongOneCreditsNoSpeedup) {
  const Judgement wrong = Fitness(SpaceFile{}).judge(failed(false), {});
  EXPECT_EQ(wrong.score, (Score{false, -1}));
  const Judgement nan = Fitness(SpaceFile{}).judge(failed(true), {});
  EXPECT_EQ(nan.score, (Score{false, -2}));
  EXPECT_FALSE(wrong.failure) << "the outcome is a failure already";
}

TEST(Fitness, AWrongOneRanksBelowTheWorstRightOneWhateverTheExpression) {
  const SpaceFile file = file_with_fitness("-latency_us * 1e9");
  const Score right = Fitness(file).judge(measured(1e-6), {}).score;
  const Score wrong = Fitness(file).judge(failed(false), {}).score;
  EXPECT_LT(right.fitness, wrong.fitness);
  EXPECT_GT(right, wrong);
}

TEST(Fitness, ATimeWithNaNInTheAnswerIsNotPassed) {
  Outcome outcome = measured(100);
  outcome.accuracy->has_nan = true;
  EXPECT_EQ(Fitness(SpaceFile{}).judge(outcome, {}).score, (Score{false, -2}));
  outcome.accuracy = Accuracy{std::nan(""), 0, false};
  EXPECT_EQ(Fitness(SpaceFile{}).judge(outcome, {}).score, (Score{false, -2}));
}

TEST(Fitness, AMeasurementWithoutATimeIsNotPassed) {
  Outcome outcome = measured(100);
  outcome.result = Measurement{};
  EXPECT_NE(failure_of({}, outcome), "");
}

TEST(Fitness, AnExpressionSeesWhatIsKnownOfTheCandidate) {
  Outcome outcome = measured(4, 0.25);
  outcome.facts = facts(128, 1024);
  outcome.facts->spill_bytes = 8;
  outcome.facts->stack_bytes = 16;
  const Bindings bound{{"BM", std::int64_t{64}}};
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("speedup + max_error"), outcome, bound), 4.25);
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("latency_us"), outcome, bound), 50);
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("speedup_low + speedup_high"), outcome, bound), 8);
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("registers + BM"), outcome, bound), 192);
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("spill_bytes + stack_bytes"), outcome, bound), 24);
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("1 if passed and not has_nan else 0"), outcome), 1);
}

TEST(Fitness, SharedBytesAreStaticAndDynamicTogether) {
  SpaceFile file = file_with_fitness("shared_bytes");
  file.launch.shared_bytes = PlacedExpression{expression("4 * BM"), {}};
  Outcome outcome = measured(1);
  outcome.facts = facts(32, 1000);
  EXPECT_DOUBLE_EQ(fitness(file, outcome, {{"BM", std::int64_t{64}}}), 1256);
}

TEST(Fitness, WhatACompilerDoesNotSayCountsAsZero) {
  EXPECT_DOUBLE_EQ(fitness(file_with_fitness("registers + spill_bytes"), measured(1)), 0);
}

TEST(Fitness, OneThatIsNoNumberIsAFailureThatSaysWhy) {
  const std::string division = failure_of(file_with_fitness("speedup / spill_bytes"), measured(2));
  EXPECT_NE(division.find("fitness speedup / spill_bytes: "), std::string::npos) << division;
  EXPECT_NE(failure_of(file_with_fitness("sqrt(-speedup)"), measured(2)), "");
  EXPECT_NE(
      failure_of(file_with_fitness("SOFTMAX"), measured(2), {{"SOFTMAX", std::string("warp.cuh")}}),
      "");
  EXPECT_NE(failure_of(file_with_fitness("speedup * 1e308 * 10"), measured(2)), "");
}

TEST(Metrics, MayUseThoseAboveThem) {
  SpaceFile file = file_with_fitness("tflops");
  file.metrics = {{"gflops", expression("2 * M / latency_us"), {}},
                  {"tflops", expression("gflops / 1000"), {}}};
  const Judgement judgement = Fitness(file).judge(measured(2), {{"M", std::int64_t{50000}}});
  EXPECT_EQ(judgement.metrics.size(), 2u);
  EXPECT_DOUBLE_EQ(std::get<double>(judgement.metrics.at("gflops")), 2000);
  EXPECT_DOUBLE_EQ(judgement.score.fitness, 2);
}

TEST(Metrics, OneWithoutAValueIsNotedAndHurtsNobody) {
  SpaceFile file;
  file.metrics = {{"blocks", expression("65536 // registers"), {}}};
  const Judgement judgement = Fitness(file).judge(measured(2), {});
  EXPECT_TRUE(judgement.score.passed);
  EXPECT_TRUE(judgement.metrics.empty());
  ASSERT_EQ(judgement.notes.size(), 1u);
  EXPECT_NE(judgement.notes[0].find("metric blocks: 65536 // registers"), std::string::npos);
}

TEST(Metrics, OneWithoutAValueIsBlamedWhereItIsNeeded) {
  SpaceFile file = file_with_fitness("speedup * blocks");
  file.metrics = {{"blocks", expression("65536 // registers"), {}}};
  const std::string message = failure_of(file, measured(2));
  EXPECT_NE(message.find("metric blocks has no value: 65536 // registers"), std::string::npos)
      << message;
}

SpaceFile file_with_gates() {
  SpaceFile file;
  file.gates = {{"occupancy", expression("registers * threads <= 65536"), {}},
                {"worth_it", expression("speedup > 1.5"), {}}};
  return file;
}

TEST(Gates, MustHoldForACandidateToPass) {
  Outcome outcome = measured(2);
  outcome.facts = facts(64);
  const Bindings bound{{"threads", std::int64_t{1024}}};
  EXPECT_EQ(failure_of(file_with_gates(), measured(1.2), bound),
            "gate worth_it: speedup > 1.5 is false: speedup = 1.2");
  EXPECT_TRUE(Fitness(file_with_gates()).judge(outcome, bound).score.passed);
  outcome.facts->registers = 255;
  EXPECT_EQ(failure_of(file_with_gates(), outcome, bound),
            "gate occupancy: registers * threads <= 65536 is false: registers = 255, "
            "threads = 1024");
}

TEST(Gates, OnCompilerFactsAreKnownBeforeAnythingRuns) {
  const Fitness fitness(file_with_gates());
  const Bindings bound{{"threads", std::int64_t{1024}}};
  Outcome compiled;
  EXPECT_FALSE(fitness.failed_gate(compiled, bound)) << "nothing is known yet";
  compiled.facts = facts(64);
  EXPECT_FALSE(fitness.failed_gate(compiled, bound)) << "the speedup is not known yet";
  compiled.facts = facts(255);
  ASSERT_TRUE(fitness.failed_gate(compiled, bound));
  EXPECT_EQ(fitness.failed_gate(compiled, bound)->stage, Stage::gate);
}

TEST(Gates, OneThatCannotBeEvaluatedDoesNotHold) {
  SpaceFile file;
  file.gates = {{"ratio", expression("1 / spill_bytes > 0"), {}}};
  EXPECT_NE(failure_of(file, measured(2)).find("gate ratio: "), std::string::npos);
}

}  // namespace
}  // namespace evotune
