#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/errors.h"
#include "base/file.h"
#include "laboratory/appraisal.h"
#include "laboratory/convergence_plot.h"
#include "laboratory/experiment.h"
#include "laboratory/plant_failures.h"
#include "laboratory/trace_file.h"
#include "recording/recording.h"

namespace evotune {
namespace {

const std::filesystem::path recordings =
    std::filesystem::path(EVOTUNE_SOURCE_DIR) / "tests/data/replay";

/// 4 × 3 configurations of which two are forbidden and one fails; the best takes 1 ms.
constexpr const char* small = R"({"format": "replay-space/1", "name": "small", "gpu": "none",
"params": [{"name": "A", "values": [1, 2, 4, 8]}, {"name": "B", "values": ["x", "y", "z"]}],
"restrictions": ["A < 8 or B == 'x'"],
"rows": [[0,0,9],[0,1,8],[0,2,7,33.5],[1,0,6],[1,1,5],[1,2,4],[2,0,3],[2,1,2],[2,2,1],[3,0,null]]})";

SpaceRecording recording_from(std::string text) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "recording.json", text);
  return read_recording(folder.path() / "recording.json");
}

TEST(Yardstick, RandomSearchIsWhatCountingSays) {
  const Yardstick yardstick(recording_from(small));
  const std::vector<double> expected = yardstick.random_search(10);
  // One draw of ten: nine times, or nothing yet, which counts as the worst.
  EXPECT_NEAR(expected[0], (9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1 + 9) / 10.0, 1e-12);
  // Two draws: every pair's better one.
  double sum = 0;
  const std::vector<double> times{9, 8, 7, 6, 5, 4, 3, 2, 1, 9};
  for (std::size_t i = 0; i < 10; ++i)
    for (std::size_t j = i + 1; j < 10; ++j) sum += std::min(times[i], times[j]);
  EXPECT_NEAR(expected[1], sum / 45, 1e-12);
  EXPECT_EQ(expected[9], 1);
}

TEST(Yardstick, BudgetsAreThePublishedOnes) {
  const Yardstick conv(read_recording(recordings / "conv-MI250X.json"));
  EXPECT_EQ(conv.budget(), 51u);
  const Yardstick pnpoly(read_recording(recordings / "pnpoly-RTX2080Ti.json"));
  EXPECT_EQ(pnpoly.budget(), 373u);
}

TEST(Yardstick, NothingRightIsNothingToJudgeBy) {
  SpaceRecording recording = recording_from(small);
  for (auto& ms : recording.ms) ms.reset();
  EXPECT_THROW(Yardstick{recording}, UserError);
}

Trace rehearsed(const SpaceRecording& recording, const std::string& strategy, double noise = 0) {
  RehearsalOptions options;
  options.evaluations = 100;
  options.batch = 3;
  options.noise = noise;
  const auto chosen = make_strategy(contestant_of(strategy).settings, recording.space, 7);
  return rehearse(recording, *chosen, options);
}

TEST(Rehearse, EndsWhenTheSpaceDoesAndRemembersTheBest) {
  const SpaceRecording recording = recording_from(small);
  for (const std::string& name : strategy_names()) {
    const Trace trace = rehearsed(recording, name);
    ASSERT_EQ(trace.rows.size(), 10u) << name;
    EXPECT_EQ(trace.best_ms.back(), 1) << name;
    EXPECT_TRUE(std::is_sorted(trace.best_ms.rbegin(), trace.best_ms.rend())) << name;
  }
}

TEST(Rehearse, EndsOnceItIsGoodEnoughUnlessNoiseMayStillMislead) {
  const SpaceRecording recording = recording_from(small);
  SearchSettings settings;
  settings.strategy = "exhaustive";
  RehearsalOptions options;
  options.good_enough_ms = 4;
  const Trace trace = rehearse(recording, *make_strategy(settings, recording.space, 1), options);
  ASSERT_LT(trace.rows.size(), 10u);
  EXPECT_LE(trace.best_ms.back(), 4);
  for (std::size_t i = 0; i + 1 < trace.best_ms.size(); ++i) EXPECT_GT(trace.best_ms[i], 4);
  options.noise = 0.1;
  EXPECT_EQ(rehearse(recording, *make_strategy(settings, recording.space, 1), options).rows.size(),
            10u);
}

TEST(Rehearse, NoiseMisleadsWhatIsBelievedAndNotWhatIsTrue) {
  const SpaceRecording recording = recording_from(small);
  for (const double ms : rehearsed(recording, "exhaustive", 0.3).best_ms)
    EXPECT_NE(std::find(recording.ms.begin(), recording.ms.end(), ms), recording.ms.end());
}

class AwkwardRecording : public testing::TestWithParam<std::string> {};

TEST_P(AwkwardRecording, EndsCleanly) {
  SpaceRecording failing = recording_from(small);
  for (auto& ms : failing.ms) ms.reset();
  EXPECT_EQ(rehearsed(failing, GetParam()).rows.size(), 10u);
  EXPECT_TRUE(std::isinf(rehearsed(failing, GetParam()).best_ms.back()));
  SpaceRecording constant = recording_from(small);
  for (auto& ms : constant.ms) ms = 5;
  EXPECT_EQ(rehearsed(constant, GetParam()).best_ms.back(), 5);
  EXPECT_EQ(rehearsed(constant, GetParam(), 0.3).rows.size(), 10u);
  const SpaceRecording single = recording_from(
      R"({"format": "replay-space/1", "name": "one", "params": [{"name": "A", "values": [1]}],
          "restrictions": [], "rows": [[0, 3.5]]})");
  EXPECT_EQ(rehearsed(single, GetParam()).best_ms, (std::vector<double>{3.5}));
  const Yardstick yardstick(single);
  EXPECT_EQ(judge(yardstick, std::vector<Trace>(2, rehearsed(single, GetParam()))).score, 1);
}

INSTANTIATE_TEST_SUITE_P(Table, AwkwardRecording, testing::ValuesIn(strategy_names()),
                         [](const auto& one) { return one.param; });

TEST(PlantFailures, HitsTheShareInRegionsAndSparesSome) {
  SpaceRecording recording = read_recording(recordings / "pnpoly-RTX2080Ti.json");
  plant_failures(recording, 0.5);
  const auto failed =
      static_cast<double>(std::count(recording.ms.begin(), recording.ms.end(), std::nullopt));
  EXPECT_NEAR(failed / static_cast<double>(recording.ms.size()), 0.51, 0.02);
  // Neighbours share their fate far more often than chance would have it.
  int pairs = 0;
  int alike = 0;
  for (const auto& [config, row] : recording.row_of) {
    Config next = config;
    ++next.choice[1];
    const auto found = recording.row_of.find(next);
    if (found == recording.row_of.end()) continue;
    ++pairs;
    alike += recording.ms[row].has_value() == recording.ms[found->second].has_value() ? 1 : 0;
  }
  EXPECT_GT(alike, pairs * 8 / 10);
}

TEST(ContestantOf, TakesSettingsAndRefusesWhatThereIsNot) {
  const Contestant contestant = contestant_of("evolve:candidates=0:brood=64");
  EXPECT_EQ(contestant.settings.strategy, "evolve");
  EXPECT_EQ(contestant.settings.candidates, 0);
  EXPECT_EQ(contestant.settings.brood, 64);
  EXPECT_EQ(contestant.label, "evolve:candidates=0:brood=64");
  for (const char* wrong : {"evolv", "evolve:broods=1", "evolve:brood=x", "evolve:brood", ""})
    EXPECT_THROW((void)contestant_of(wrong), UserError) << wrong;
}

std::vector<Series> some_experiment(const std::vector<SpaceRecording>& spaces, unsigned jobs) {
  ExperimentOptions options;
  options.seeds = 5;
  options.evaluations = 9;
  options.jobs = jobs;
  std::size_t last = 0;
  auto all = experiment(spaces, {}, {contestant_of("genetic"), contestant_of("random")}, options,
                        [&last](std::size_t done, std::size_t) { last = done; });
  EXPECT_EQ(last, 10u);
  return all;
}

std::vector<SpaceRecording> one_recording() {
  std::vector<SpaceRecording> all;
  all.push_back(recording_from(small));
  return all;
}

TEST(Experiment, IsTheSameOnAnyNumberOfThreads) {
  const std::vector<SpaceRecording> spaces = one_recording();
  const std::vector<Series> one = some_experiment(spaces, 1), three = some_experiment(spaces, 3);
  ASSERT_EQ(one.size(), 2u);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(one[s].traces[i].rows.size(), 9u);
      EXPECT_EQ(one[s].traces[i].rows, three[s].traces[i].rows);
    }
}

TEST(Experiment, AWarmStartFromTheSameRecordingBeginsWithItsBest) {
  const std::vector<SpaceRecording> spaces = one_recording();
  ExperimentOptions options;
  options.seeds = 2;
  options.evaluations = 5;
  const auto ignore = [](std::size_t, std::size_t) {};
  for (const Series& one : experiment(spaces, spaces, {contestant_of("evolve")}, options, ignore))
    for (const Trace& trace : one.traces) EXPECT_EQ(trace.best_ms.front(), 1);
}

TEST(TraceLines, HoldOneRunEach) {
  const std::vector<SpaceRecording> spaces = one_recording();
  const std::vector<Contestant> who{contestant_of("genetic"), contestant_of("random")};
  const std::vector<Series> all = some_experiment(spaces, 1);
  const std::string rows = trace_lines(spaces, who, all, 3, TraceContent::rows);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 10);
  EXPECT_NE(rows.find(R"("seed":7,"space":"small","strategy":"random")"), std::string::npos);
  EXPECT_NE(trace_lines(spaces, who, all, 0, TraceContent::times).find("null"), std::string::npos);
}

TEST(ConvergencePlot, ShowsEveryStrategyAndRandomSearch) {
  const std::vector<SpaceRecording> spaces = one_recording();
  const std::string svg = convergence_plot(
      spaces, {contestant_of("genetic"), contestant_of("random")}, some_experiment(spaces, 1));
  for (const char* part : {"<svg", "small", "genetic", "random (exact)", "polygon", "</svg>"})
    EXPECT_NE(svg.find(part), std::string::npos) << part;
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(Judge, ScoresTheOptimumAtOnceWithOneAndKeepsTheBestOfShortRuns) {
  const Yardstick yardstick(recording_from(small));
  Trace perfect;
  perfect.rows = {8};
  perfect.best_ms = {1};
  Trace late;
  late.rows = {0, 8};
  late.best_ms = {INFINITY, 1};
  const Appraisal appraisal = judge(yardstick, std::vector<Trace>{perfect, perfect});
  EXPECT_EQ(appraisal.score, 1);
  EXPECT_EQ(appraisal.ratio[0], 1);
  EXPECT_EQ(appraisal.to_5_percent, 1u);
  EXPECT_LT(judge(yardstick, std::vector<Trace>{perfect, late}).score, 1);
}

}  // namespace
}  // namespace evotune
