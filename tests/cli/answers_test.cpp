// The commands that read the database: best, runs, show, query.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/errors.h"
#include "base/file.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "examples.h"

namespace evotune {
namespace {

struct Answer {
  int exit_code = 0;
  std::string out, err;
  [[nodiscard]] OrderedJson json() const { return OrderedJson::parse(out); }
  [[nodiscard]] bool says(const std::string& text) const {
    return out.find(text) != std::string::npos || err.find(text) != std::string::npos;
  }
};

class Answers : public testing::Test {
 protected:
  Answers() { unsetenv("EVOTUNE_DB"); }

  [[nodiscard]] std::string path() const { return (folder_.path() / "results.db").string(); }

  // Two right ones, a crash and a child of the first; the first was confirmed in the finals.
  void tune() const {
    Store store(path());
    const std::int64_t run = store.begin_run(example_run());
    store.save(run, right(0, 16, 4, 0.01));
    store.save(run, right(1, 32, 3));
    store.save(run, wrong(2, 64, {Stage::crash, "signal 11\n=cmd"}));
    Evaluation child = right(3, 48, 3.5);
    child.individual.proposal.parents = {Config{{16}}, Config{{32}}};
    child.individual.proposal.origin = "crossover";
    child.metrics_json = R"({"gflops":12.5})";
    store.save(run, child);
    store.save_finals(run, {{0, timed(4.5), true, std::nullopt}});
    store.finish(run, "evaluations");
  }

  [[nodiscard]] Answer ask(std::vector<std::string> words, bool name_database = true) const {
    CommandLine line("evotune", "0");
    Answer answer;
    for (const auto add : {add_best, add_runs, add_show, add_query})
      add(line.root(), answer.exit_code);
    if (name_database) words.insert(words.end(), {"--db", path()});
    std::vector<const char*> arguments{"evotune"};
    for (const std::string& word : words) arguments.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      line.run(static_cast<int>(arguments.size()), arguments.data());
    } catch (...) {
      testing::internal::GetCapturedStdout();
      testing::internal::GetCapturedStderr();
      throw;
    }
    answer.out = testing::internal::GetCapturedStdout();
    answer.err = testing::internal::GetCapturedStderr();
    return answer;
  }

  [[nodiscard]] std::string mistake(const std::vector<std::string>& words) const {
    try {
      static_cast<void>(ask(words));
    } catch (const UserError& error) {
      return error.what();
    }
    return "none";
  }

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

TEST_F(Answers, BestIsAListOfObjectsForScripts) {
  tune();
  const Answer answer = ask({"best", "example", "--json"});
  EXPECT_EQ(answer.exit_code, 0);
  const OrderedJson list = answer.json();
  ASSERT_EQ(list.size(), 3U);
  const OrderedJson& first = list[0];
  for (const char* field : {"space", "device", "config", "latency_us", "speedup", "speedup_low",
                            "speedup_high", "max_error", "fitness", "run", "candidate"})
    EXPECT_TRUE(first.contains(field)) << field;
  EXPECT_EQ(first["config"], OrderedJson::parse(R"({"BM":16})"));
  EXPECT_EQ(first["space"], "example");
  EXPECT_EQ(first["device"], "Test CPU");
  EXPECT_NEAR(first["latency_us"].get<double>(), 1000, 1e-6);
  EXPECT_NEAR(first["speedup"].get<double>(), 4.5, 1e-9);
  EXPECT_TRUE(first["champion"].get<bool>());
}

TEST_F(Answers, BestIsATableForPeopleAndCsvForSpreadsheets) {
  tune();
  const Answer text = ask({"best", "example", "--top", "1"});
  EXPECT_TRUE(text.says("example at N=512 (space aaaabbbb)"));
  EXPECT_TRUE(text.says("4.5 [4.5, 4.5]"));
  EXPECT_FALSE(text.says("BM=32"));
  const Answer csv = ask({"best", "example", "--csv"});
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 4);
}

TEST_F(Answers, BestSaysWhichNumbersTheFinalsHaveNotConfirmed) {
  tune();
  EXPECT_TRUE(ask({"best", "example"}).says("* as measured by the search"));
  EXPECT_FALSE(ask({"best", "example", "--top", "1"}).says("* as measured by the search"));
}

TEST_F(Answers, NothingRightIsANoWithASentence) {
  {
    Store store(path());
    store.save(store.begin_run(example_run()), wrong(0, 0, {Stage::verify, "wrong"}));
  }
  const Answer answer = ask({"best", "example", "--json"});
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_EQ(answer.out, "[]\n");
  EXPECT_NE(answer.err.find("no right configuration of example"), std::string::npos);
  EXPECT_EQ(ask({"show", "example"}).exit_code, 1);
}

TEST_F(Answers, AMisspeltSpaceIsAMistakeWithASuggestion) {
  tune();
  EXPECT_NE(mistake({"best", "exampel"}).find("did you mean 'example'?"), std::string::npos);
  EXPECT_NE(mistake({"show", "exampel"}).find("did you mean 'example'?"), std::string::npos);
}

TEST_F(Answers, ADeviceNarrowsTheAnswer) {
  tune();
  EXPECT_EQ(ask({"best", "example", "--device", "cpu", "--json"}).json().size(), 3U);
  EXPECT_EQ(ask({"best", "example", "--device", "cuda:0"}).exit_code, 1);
}

TEST_F(Answers, RunsAreListedNewestFirst) {
  tune();
  { Store(path()).begin_run(example_run()); }
  const OrderedJson list = ask({"runs", "--json"}).json();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["run"], 2);
  EXPECT_EQ(list[1]["evaluations"], 4);
  EXPECT_EQ(list[1]["right"], 3);
  EXPECT_EQ(list[1]["status"], "finished");
  EXPECT_NEAR(list[1]["best_speedup"].get<double>(), 4.5, 1e-9);
}

TEST_F(Answers, NoRunsYetIsANo) {
  { const Store store(path()); }
  EXPECT_EQ(ask({"runs"}).exit_code, 1);
  EXPECT_TRUE(ask({"runs"}).says("no runs yet"));
}

TEST_F(Answers, ARunIsShownWithItsVerdicts) {
  tune();
  EXPECT_TRUE(ask({"show", "run", "1"}).says("crash 1, right 3"));
  const OrderedJson run = ask({"show", "run", "1", "--json"}).json();
  EXPECT_EQ(run["verdicts"]["crash"], 1);
  EXPECT_EQ(run["settings"]["population"], 24);
  EXPECT_EQ(run["best"][0]["configuration"], "BM=16");
  EXPECT_EQ(ask({"show", "run", "1", "--source"}).out, "name: example\n");
}

TEST_F(Answers, ACandidateIsShownWithTimesFactsErrorsAndAncestry) {
  tune();
  const OrderedJson child = ask({"show", "candidate", "4", "--json"}).json();
  EXPECT_EQ(child["config"]["BM"], 48);
  const OrderedJson& trial = child["trials"][0];
  EXPECT_EQ(trial["compiler"]["registers"], 32);
  EXPECT_TRUE(trial["compiler"]["stack_bytes"].is_null());
  EXPECT_EQ(trial["accuracy"]["max_error"], 1e-6);
  EXPECT_EQ(trial["samples"][0]["pairs"], 9);
  EXPECT_EQ(trial["samples"][0]["seconds"].size(), 9U);
  EXPECT_EQ(trial["metrics"]["gflops"], 12.5);
  EXPECT_EQ(child["ancestry"].size(), 3U);
  EXPECT_EQ(child["ancestry"][0]["parents"], OrderedJson::parse("[0,1]"));
  const Answer text = ask({"show", "candidate", "4"});
  for (const char* part : {"candidate 4 of example", "3.5 times the baseline", "registers 32",
                           "ancestry in run 1", "crossover", "gflops"})
    EXPECT_TRUE(text.says(part)) << part << " in\n" << text.out;
}

TEST_F(Answers, AFailureIsShownLineByLine) {
  tune();
  const Answer answer = ask({"show", "candidate", "3"});
  EXPECT_TRUE(answer.says(": crash\n"));
  EXPECT_TRUE(answer.says("    signal 11\n    =cmd\n"));
}

TEST_F(Answers, ASpaceIsShownByItsBestOne) {
  tune();
  EXPECT_EQ(ask({"show", "example", "--json"}).json()["candidate"], 1);
  EXPECT_EQ(ask({"show", "example", "--source"}).out, "// kernel 16\n");
}

TEST_F(Answers, AFileMeansTheSpaceThatItNames) {
  tune();
  const std::string file = (folder() / "anything.yaml").string();
  write_file(file, R"(
name: example
kernel: {template: twice.cu, entry: twice}
problem: {N: 512}
parameters:
  BM: [16, 32]
launch: {grid: [1], block: [BM]}
arguments:
  - {name: y, out: "f32[N]"}
)");
  EXPECT_EQ(ask({"best", file, "--json"}).json().size(), 3U);
  EXPECT_EQ(ask({"show", file, "--json"}).json()["candidate"], 1);
}

TEST_F(Answers, WhatCannotBeShownIsAMistakeThatNamesTheGrammar) {
  tune();
  const std::string grammar = "show candidate N";
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"show", "3"}, {"show", "run"}, {"show", "run", "x"}, {"show", "walk", "3"}})
    EXPECT_NE(mistake(words).find(grammar), std::string::npos) << words.back();
  EXPECT_NE(mistake({"show", "run", "9"}).find("no run 9"), std::string::npos);
  EXPECT_NE(mistake({"show", "candidate", "9"}).find("no candidate 9"), std::string::npos);
  EXPECT_NE(mistake({"show", "candidate", "1", "--run", "7"}).find("run 7 did not try"),
            std::string::npos);
}

TEST_F(Answers, QueryIsAListOfRowsAsObjects) {
  tune();
  const Answer answer =
      ask({"query", "--json", "SELECT ordinal, passed FROM history WHERE ordinal < 2"});
  EXPECT_EQ(answer.json(),
            OrderedJson::parse(R"([{"ordinal":0,"passed":1},{"ordinal":1,"passed":1}])"));
  EXPECT_TRUE(ask({"query", "SELECT stage FROM failures"}).says("crash"));
  EXPECT_EQ(ask({"query", "--csv", "SELECT message FROM failures"}).out,
            "message\r\n\"signal 11\n=cmd\"\r\n");
  EXPECT_TRUE(ask({"query", "--rows", "1", "SELECT * FROM history"}).says("only the first 1 rows"));
  EXPECT_NE(mistake({"query", "DELETE FROM run"}).find("may only read"), std::string::npos);
}

TEST_F(Answers, JsonAndCsvExcludeEachOther) {
  tune();
  EXPECT_THROW(static_cast<void>(ask({"best", "--json", "--csv"})), Usage);
}

TEST_F(Answers, TheFlagOverridesTheEnvironmentThatOverridesTheDefault) {
  tune();
  setenv("EVOTUNE_DB", path().c_str(), 1);
  EXPECT_EQ(ask({"runs"}, false).exit_code, 0);
  setenv("EVOTUNE_DB", "/nowhere/at/all.db", 1);
  EXPECT_EQ(ask({"runs"}).exit_code, 0);
  EXPECT_THROW(static_cast<void>(ask({"runs"}, false)), UserError);
  unsetenv("EVOTUNE_DB");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directories(folder() / "results");
  std::filesystem::rename(path(), folder() / "results" / "evotune.db");
  std::filesystem::current_path(folder());
  EXPECT_EQ(ask({"runs"}, false).exit_code, 0);
  std::filesystem::current_path(before);
}

TEST_F(Answers, NoDatabaseIsAMistakeThatSaysHowToMakeOne) {
  EXPECT_NE(mistake({"best", "example"}).find("evotune run"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace evotune
