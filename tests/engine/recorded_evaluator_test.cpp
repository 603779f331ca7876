#include "engine/recorded_evaluator.h"

#include <gtest/gtest.h>

#include "base/errors.h"
#include "engine/tune.h"
#include "outcome/statistics.h"
#include "recording/recorded_rows.h"

namespace evotune {
namespace {

constexpr const char* no_kernel = R"(
kernel: {template: nowhere.cu, entry: nothing}
parameters: {A: [1, 2, 4, 8], B: [x, y]}
launch: {grid: 1, block: 1}
arguments: [{name: y, out: "f32[1]"}]
)";

/// Four of the eight configurations, one of which failed.
SpaceRecording recorded() {
  const auto row = [](std::int64_t a, const char* b, std::optional<double> ms) {
    return RecordedRow{{a, std::string(b)}, ms, {}};
  };
  RecordedRows rows{"add", "A100", {"A", "B"}, {}, {}};
  rows.rows = {row(1, "x", 8), row(2, "x", 2), row(4, "y", 4), row(8, "y", std::nullopt)};
  rows.rows.back().failure = Failure{Stage::compile, "too large"};
  return listed_recording(rows);
}

Problem problem_with(const std::string& more) {
  return recorded_problem(parse_space_file("t.yaml", no_kernel + more), recorded());
}

std::string refusal_of(const std::string& more) {
  try {
    const Problem problem = problem_with(more);
    const SpaceRecording recording = recorded();
    const RecordedEvaluator evaluator(problem, recording);
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

const std::string baseline = "baseline: {config: {A: 1, B: x}}\n";

TEST(RecordedProblem, NeedsNoKernelAndHasOnlyWhatWasRecorded) {
  EXPECT_EQ(problem_with(baseline).space.count(), 4u);
  EXPECT_EQ(problem_with(baseline + "constraints: [A < 8]\n").space.count(), 3u);
}

TEST(RecordedProblem, SaysWhatDoesNotFit) {
  const auto expect = [](const std::string& more, const std::string& part) {
    EXPECT_NE(refusal_of(more).find(part), std::string::npos) << refusal_of(more);
  };
  expect("", "nowhere.cu");  // the baseline would be the template's
  expect("baseline: {config: {A: 1}}\n", "nowhere.cu");
  expect("baseline: {config: {A: 1, B: y}}\n", "none of the 4 configurations");
  expect(baseline + "constraints: [\"A == 8 and B == 'x'\"]\n", "forbid all that was recorded");
}

TEST(RecordedEvaluator, ARunFindsTheBestOfWhatWasRecorded) {
  const SpaceRecording recording = recorded();
  const Problem problem = problem_with(baseline);
  RecordedEvaluator evaluator(problem, recording);
  Store store(":memory:");
  Journal journal(store, store.begin_run({}));
  Reporter silent;
  const auto strategy = make_strategy(problem.file.search, problem.space, 1);
  const StopRule never = [](const Progress&) { return std::nullopt; };
  const TuneResult result = tune(problem, *strategy, evaluator, journal, never, silent, {3, 1});
  EXPECT_EQ(result.reason, "exhausted");
  ASSERT_EQ(result.evaluations.size(), 4u);
  EXPECT_EQ(result.progress.best_latency, 2e-3);
  for (const Evaluation& one : result.evaluations)
    if (one.config == "A=2,B=x") {
      EXPECT_EQ(speedup_of(*one.individual.outcome.measurement()), (Speedup{4, 4, 4}));
    } else if (one.config == "A=8,B=y") {
      ASSERT_NE(one.individual.outcome.failure(), nullptr);
      EXPECT_EQ(*one.individual.outcome.failure(), (Failure{Stage::compile, "too large"}));
    }
}

TEST(RecordedDevice, IsNeverTakenForARealOne) {
  const DeviceInfo device = recorded_device("replay:add.json", recorded());
  EXPECT_EQ(device.id, "replay:add.json");
  EXPECT_EQ(device.name, "replay:add (A100)");
}

}  // namespace
}  // namespace evotune
