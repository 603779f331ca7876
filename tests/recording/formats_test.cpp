#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/file.h"
#include "examples.h"
#include "exporter/run_formats.h"
#include "outcome/statistics.h"
#include "recording/recorded_run.h"
#include "recording/recording.h"

namespace evotune {
namespace {

/// As Kernel Tuner writes it, with all that may stand for a failure.
const std::string cachefile = R"({
"device_name": "A100", "kernel_name": "add", "problem_size": 1000,
"tune_params_keys": ["BX", "TILE"],
"tune_params": {"BX": [64, 32, 128], "TILE": [1, 2]},
"cache": {
"64,1": {"BX": 64, "TILE": 1, "time": 2.5, "times": [2.4, 2.6], "GFLOP/s": NaN, "timestamp": "2024"},
"32,1": {"BX": 32, "TILE": 1, "time": "CompilationFailedConfig", "compile_time": 1.0},
"32,2": {"BX": 32, "TILE": 2, "time": "RuntimeFailedConfig"},
"64,2": {"BX": 64, "TILE": 2, "time": "InvalidConfig", "note": "a \"NaN\""},
"128,2": {"BX": 128, "TILE": 2, "time": 1e20},
"128,1": {"BX": 128, "TILE": 1, "time": 1.25},)";

SpaceRecording recording_from(const std::string& text) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "named.json", text);
  return read_recording(folder.path() / "named.json");
}

std::size_t row_at(const SpaceRecording& recording, const Bindings& values) {
  return recording.row_of.at(recording.space.find(values, {}));
}

std::optional<double> ms_at(const SpaceRecording& recording, std::int64_t bx, std::int64_t tile) {
  return recording.ms[row_at(recording, {{"BX", bx}, {"TILE", tile}})];
}

Stage stage_at(const SpaceRecording& recording, std::int64_t bx, std::int64_t tile) {
  return recording.failures.at(row_at(recording, {{"BX", bx}, {"TILE", tile}})).stage;
}

void expect_cachefile(const SpaceRecording& recording) {
  EXPECT_EQ(recording.name, "named");
  EXPECT_EQ(recording.gpu, "A100");
  EXPECT_EQ(recording.space.count(), 6u);
  EXPECT_EQ(ms_at(recording, 64, 1), 2.5);
  EXPECT_EQ(ms_at(recording, 128, 1), 1.25);
  EXPECT_EQ(ms_at(recording, 128, 2), std::nullopt);
  EXPECT_EQ(stage_at(recording, 32, 1), Stage::compile);
  EXPECT_EQ(stage_at(recording, 32, 2), Stage::launch);
  EXPECT_EQ(stage_at(recording, 64, 2), Stage::gate);
}

TEST(Cachefile, IsReadClosedOrCutOff) {
  const std::string whole = cachefile.substr(0, cachefile.size() - 1) + "}\n}\n";
  expect_cachefile(recording_from(whole));
  expect_cachefile(recording_from(cachefile));  // interrupted between two entries
  expect_cachefile(recording_from(cachefile + "\n"));
  expect_cachefile(
      recording_from(cachefile + "\n\"256,1\": {\"BX\": 256, \"TI"));  // killed within one
}

/// None: it was refused.
std::optional<std::size_t> rows_in(const std::string& text) {
  try {
    return recording_from(text).ms.size();
  } catch (const UserError&) {
    return std::nullopt;
  }
}

TEST(Cachefile, CutAnywhereItIsReadOrRefused) {
  std::size_t most = 0;
  for (std::size_t size = 0; size < cachefile.size(); size += 13) {
    const std::size_t rows = rows_in(cachefile.substr(0, size)).value_or(most);
    EXPECT_GE(rows, most) << "of " << size << " characters";
    most = rows;
  }
  EXPECT_EQ(most, 5u) << "the last cut is within the sixth";
}

TEST(Cachefile, WithoutTimesIsNone) {
  EXPECT_THROW((void)recording_from(R"({"tune_params_keys": ["BX"], "objective": "GFLOP/s",
                                        "cache": {"64": {"BX": 64, "GFLOP/s": 2}}})"),
               UserError);
}

TEST(Cachefile, OnlyWhatItHoldsIsItsSpace) {
  const std::string one = R"({"tune_params_keys": ["BX", "TILE"], "cache": {
    "64,1": {"BX": 64, "TILE": 1, "time": 2}, "32,2": {"BX": 32, "TILE": 2, "time": 1}}})";
  const SpaceRecording recording = recording_from(one);
  EXPECT_EQ(recording.space.cartesian(), 4u);
  EXPECT_EQ(recording.space.count(), 2u);
  EXPECT_EQ(recording.space.parameters()[0].values.front(), Value(std::int64_t{32}));
}

TEST(T4, TimesInAnyUnitAndEveryInvalidity) {
  const std::string text = R"({"schema_version": "1.0.0", "results": [
  {"configuration": {"BX": 32, "TILE": 1}, "times": {"runtimes": [3, 5]}, "invalidity": "correct", "correctness": 1},
  {"configuration": {"BX": 64, "TILE": 1}, "times": {}, "invalidity": "correct", "correctness": 1,
   "measurements": [{"name": "power", "value": 9, "unit": "W"}, {"name": "time", "value": 250, "unit": "us"}], "objectives": ["time"]},
  {"configuration": {"BX": 96, "TILE": 1}, "times": {}, "invalidity": "timeout", "correctness": 0},
  {"configuration": {"BX": 32, "TILE": 2}, "times": {}, "invalidity": "compile", "correctness": 1,
   "measurements": [{"name": "time", "value": "CompilationFailedConfig", "unit": "ms"}]},
  {"configuration": {"BX": 64, "TILE": 2}, "times": {}, "invalidity": "correctness", "correctness": 0,
   "measurements": [{"name": "time", "value": 0.1, "unit": "ms"}]},
  {"configuration": {"BX": 96, "TILE": 2}, "times": {}, "invalidity": "correct", "correctness": 1,
   "measurements": [{"name": "gpu_time", "value": 0.5, "unit": "ms"}], "objectives": ["gpu_time"]}]})";
  const SpaceRecording recording = recording_from(text);
  EXPECT_EQ(recording.space.count(), 6u);
  EXPECT_EQ(ms_at(recording, 32, 1), 4);
  EXPECT_EQ(ms_at(recording, 64, 1), 0.25);
  EXPECT_EQ(stage_at(recording, 96, 1), Stage::timeout);
  EXPECT_EQ(stage_at(recording, 32, 2), Stage::compile);
  EXPECT_EQ(ms_at(recording, 64, 2), std::nullopt) << "what is wrong has no time";
  EXPECT_EQ(stage_at(recording, 64, 2), Stage::verify);
  EXPECT_EQ(ms_at(recording, 96, 2), 0.5);
}

TEST(T4, WhatNamesNoUnitHasTheFiles) {
  const std::string text =
      R"({"metadata": {"timeunit": "seconds"}, "results": [{"configuration": {"BX": 32, "TILE": 1},
  "times": {"runtimes": [0.25]}, "invalidity": "correct", "correctness": 1}]})";
  EXPECT_EQ(ms_at(recording_from(text), 32, 1), 250);
}

TEST(T4, SaysWhatItCannotRead) {
  const auto complaint = [](const std::string& result) -> std::string {
    try {
      (void)recording_from(R"({"results": [)" + result + "]}");
    } catch (const UserError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_NE(complaint("").find("no configuration"), std::string::npos);
  EXPECT_NE(
      complaint(R"({"configuration": {"A": 1}, "invalidity": "correct", "objectives": ["score"],
                          "measurements": [{"name": "score", "value": 1, "unit": ""}]})")
          .find("has no time"),
      std::string::npos);
  EXPECT_NE(complaint(R"({"configuration": {"A": 1}, "invalidity": "odd"})").find("odd"),
            std::string::npos);
  EXPECT_NE(
      complaint(R"({"configuration": {"A": [1]}, "invalidity": "correct"})").find("a value of A"),
      std::string::npos);
  EXPECT_NE(complaint(R"({"configuration": {"A": 1}, "invalidity": "correct",
                          "measurements": [{"name": "time", "value": 1, "unit": "h"}]})")
                .find("'h' is no unit"),
            std::string::npos);
}

TEST(T4, WhatIsExportedIsReadAsItWas) {
  const auto timed_at = [](double ms) {
    Outcome outcome;
    outcome.result = Measurement{{{"N=1", {{1, ms / 1e3}, {1, ms / 1e3}}}}};
    outcome.facts = CompilerFacts{32, {}, {}, {}, 0.5};
    outcome.accuracy = Accuracy{1e-6, 0.1, false};
    return outcome;
  };
  std::vector<RunResult> results;
  const auto add = [&](std::int64_t bx, Outcome outcome) {
    results.push_back(
        {{{"BX", bx}, {"TILE", std::int64_t{1}}, {"MODE", std::string("fast")}, {"PAD", true}},
         std::move(outcome)});
  };
  add(1, timed_at(0.1));
  add(2, timed_at(1.0 / 3));
  const std::vector<Stage> stages = {Stage::compile, Stage::gate, Stage::launch, Stage::verify,
                                     Stage::timeout};
  for (const Stage stage : stages) {
    Outcome failed;
    failed.result = Failure{stage, "no"};
    add(static_cast<std::int64_t>(results.size() + 1), failed);
  }
  const SpaceRecording recording = recording_from(t4_text(results));
  ASSERT_EQ(recording.ms.size(), results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::size_t row = row_at(recording, results[i].values);
    if (i < 2)
      EXPECT_EQ(recording.ms[row], latency_of(*results[i].outcome.measurement()) * 1e3);
    else
      EXPECT_EQ(recording.failures.at(row).stage, stages[i - 2]);
  }
}

TEST(Recordings, WhatIsMalformedIsTheUsersMistake) {
  for (
      const char* text :
      {"", "7", "[]", "{}", R"({"rows": 3})", R"({"rows": [], "format": "replay-space/1"})",
       R"({"rows": [["x"]], "format": "replay-space/1", "params": [{"name": "A", "values": [1]}]})",
       R"({"rows": [[0]], "format": "replay-space/1", "params": [{"name": "A", "values": [1]}]})",
       R"({"tune_params_keys": 3, "cache": {}})", R"({"tune_params_keys": ["A"], "cache": []})",
       R"({"tune_params_keys": ["A"], "cache": {"1": {"time": 1}}})", R"({"results": {"a": 1}})",
       R"({"results": [{"configuration": {}, "invalidity": "correct"}]})",
       R"({"results": [{"configuration": {"A": 1}, "invalidity": "compile"},
                        {"configuration": {"A": 1, "B": 2}, "invalidity": "compile"}]})"})
    EXPECT_FALSE(rows_in(text)) << text;
}

class RecordedRun : public testing::Test {
 protected:
  void SetUp() override {
    Store store(path);
    for (int i = 0; i < 2; ++i) {
      const std::int64_t run = store.begin_run(example_run());
      store.save(run, right(0, 1, 1));
      store.save(run, right(1, 2, 2));
      store.save(run, wrong(2, 3, {Stage::verify, "off by one"}));
      store.save(run, wrong(3, 4, {Stage::infrastructure, "the machine"}));
    }
    store.save_finals(2,
                      {{1, wrong(1, 2, {Stage::race, "seen late"}).individual.outcome, false, {}}});
  }
  TemporaryDirectory folder;
  std::string path = (folder.path() / "results.db").string();
};

TEST_F(RecordedRun, HoldsWhatWasMeasuredAndWhy) {
  const SpaceRecording recording = read_recording(path + "#1");
  EXPECT_EQ(recording.name, "example#1");
  EXPECT_EQ(recording.gpu, "Test CPU");
  EXPECT_EQ(recording.ms, (std::vector<std::optional<double>>{1, 1, std::nullopt}));
  EXPECT_EQ(recording.failures.at(2), (Failure{Stage::verify, "off by one"}));
}

TEST_F(RecordedRun, TheFinalsHaveTheLastWord) {
  const SpaceRecording recording = read_recording(path + "#2");
  EXPECT_EQ(recording.ms[1], std::nullopt);
  EXPECT_EQ(recording.failures.at(1).stage, Stage::race);
}

TEST_F(RecordedRun, HasToBeNamedWhereThereAreSeveral) {
  for (const std::string& named : {path, path + "#3"}) {
    try {
      (void)read_recording(named);
      FAIL() << named;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("replay:FILE#1"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace evotune
