#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "examples.h"
#include "store/queries.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

using Names = std::vector<std::string>;

class Ranking : public testing::Test {
 protected:
  [[nodiscard]] std::vector<RankedCandidate> ask(const BestFilter& filter) const {
    return best(store_, filter);
  }
  Store store_{":memory:"};
  std::int64_t run_ = store_.begin_run(example_run());
};

TEST_F(Ranking, TheLowerEndOfTheIntervalDecides) {
  store_.save(run_, right(0, 0, 5, 0.1));  // faster in the middle, less certain
  store_.save(run_, right(1, 1, 4.9));
  store_.save(run_, right(2, 2, 2));
  EXPECT_EQ(ranking(store_), (Names{"BM=1", "BM=0", "BM=2"}));
}

TEST_F(Ranking, AFitnessOfTheUsersOwnIsTakenAsItIs) {
  RunRecord record = example_run();
  record.default_fitness = false;
  record.space_hash = "own";
  const std::int64_t run = store_.begin_run(record);
  Evaluation slow = right(0, 0, 1, 0.2), fast = right(1, 1, 9);
  slow.individual.score.fitness = -20;  // registers, say
  fast.individual.score.fitness = -21;
  store_.save(run, slow);
  store_.save(run, fast);
  EXPECT_EQ(ranking(store_), (Names{"BM=0", "BM=1"}));
}

TEST_F(Ranking, OnlyWhatPassedIsEverBest) {
  Evaluation failed_fast = right(1, 1, 100);
  failed_fast.individual.score.passed = false;
  store_.save(run_, right(0, 0, 2));
  store_.save(run_, failed_fast);
  store_.save(run_, wrong(2, 2, {Stage::verify, "wrong"}));
  EXPECT_EQ(ranking(store_), Names{"BM=0"});
}

TEST_F(Ranking, NaNIsNeverBest) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  std::uint32_t ordinal = 0;
  for (const double strange : {nan, inf, 0.0, -1.0}) {
    Evaluation one = right(ordinal, ordinal, 2);
    one.individual.outcome.result = Measurement{{{"N=1", std::vector<Pair>(7, {1e-3, strange})}}};
    one.individual.score.fitness = 1000;
    store_.save(run_, one);
    ++ordinal;
  }
  store_.save(run_, right(ordinal, ordinal, 2));
  for (const RankedCandidate& one : ask({})) {
    EXPECT_TRUE(std::isfinite(one.speedup.low));
    EXPECT_TRUE(std::isfinite(one.latency_us));
  }
  EXPECT_EQ(store_.connection().value<int>(
                "SELECT count(*) FROM best WHERE abs(latency_us) = 9e999 OR latency_us IS NULL"),
            0);
  const Names names = ranking(store_);
  EXPECT_EQ(std::count(names.begin(), names.end(), "BM=0"), 0);
}

TEST_F(Ranking, FinalsNumbersReplaceTheSearchs) {
  store_.save(run_, right(0, 0, 5));
  store_.save(run_, right(1, 1, 4));
  store_.save_finals(run_, {{0, timed(3), false, std::nullopt}, {1, timed(4), true, std::nullopt}});
  const auto found = ask({});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].configuration, "BM=1");
  EXPECT_TRUE(found[0].champion);
  EXPECT_NEAR(found[1].speedup.median, 3, 1e-9);
  EXPECT_NEAR(found[1].fitness, 3 - 0.004, 1e-9);  // the fitness follows
  EXPECT_TRUE(found[1].final);
}

TEST_F(Ranking, WhatFailsInTheFinalsIsNotListedWhateverTheSearchSaw) {
  store_.save(run_, right(0, 0, 5));
  store_.save(run_, right(1, 1, 4));
  Outcome wrong_on_held_out;
  wrong_on_held_out.result = Failure{Stage::verify, "wrong at N=511"};
  store_.save_finals(
      run_, {{0, wrong_on_held_out, false, std::nullopt}, {1, timed(4), true, std::nullopt}});
  EXPECT_EQ(ranking(store_), Names{"BM=1"});
  const auto leaders = best_of_run(store_, run_, 10);
  ASSERT_EQ(leaders.size(), 1U);
  EXPECT_EQ(leaders.front().configuration, "BM=1");
}

TEST_F(Ranking, WhatDidNotReachTheFinalsNeverRanksAboveWhatDid) {
  store_.save(run_, right(0, 0, 5));
  store_.save(run_, right(1, 1, 4.5));
  store_.save_finals(run_, {{0, timed(4), true, std::nullopt}});  // the search had been lucky
  EXPECT_EQ(ranking(store_), (Names{"BM=0", "BM=1"}));
  // A later run, still without finals, may have found better.
  const std::int64_t later = store_.begin_run(example_run());
  store_.save(later, right(0, 2, 8));
  EXPECT_EQ(ranking(store_), (Names{"BM=2", "BM=0", "BM=1"}));
}

TEST_F(Ranking, AConfigurationThatALaterRunFoundWrongIsOut) {
  store_.save(run_, right(0, 0, 5));
  store_.save_finals(run_, {{0, timed(5), true, std::nullopt}});
  store_.save(run_, right(1, 1, 2));
  const std::int64_t later = store_.begin_run(example_run());
  store_.save(later, wrong(0, 0, {Stage::verify, "wrong"}));
  store_.save(later, wrong(1, 1, {Stage::infrastructure, "no worker"}));  // nobody's fault
  EXPECT_EQ(ranking(store_), Names{"BM=1"});
}

TEST_F(Ranking, AConfigurationIsListedOnceByItsNewestNumbers) {
  store_.save(run_, right(0, 0, 5));
  const std::int64_t later = store_.begin_run(example_run());
  store_.save(later, right(0, 0, 4));
  const auto found = ask({});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().run, later);
}

TEST_F(Ranking, DevicesAndProblemsAreRankedApart) {
  RunRecord elsewhere = example_run();
  elsewhere.device_name = "Other CPU";
  elsewhere.device_id = "cuda:0";
  RunRecord larger = example_run();
  larger.problem = "N=4096";
  store_.save(run_, right(0, 0, 5));
  store_.save(store_.begin_run(elsewhere), right(0, 0, 50));
  store_.save(store_.begin_run(larger), right(0, 1, 500));
  for (const RankedCandidate& one : ask({})) EXPECT_EQ(one.rank, 1);
  BestFilter filter;
  filter.device = "Other CPU";
  ASSERT_EQ(ask(filter).size(), 1U);
  EXPECT_EQ(ask(filter).front().device, "Other CPU");
  filter.device = "cuda:0";
  ASSERT_EQ(ask(filter).size(), 1U);
  filter.device.clear();
  filter.problem = "N=512";
  EXPECT_EQ(ask(filter).size(), 2U);
}

TEST_F(Ranking, TopCountsWithinEachProblemAndDevice) {
  RunRecord larger = example_run();
  larger.problem = "N=4096";
  const std::int64_t second = store_.begin_run(larger);
  for (std::uint32_t i = 0; i < 5; ++i) {
    store_.save(run_, right(i, i, 1 + i));
    store_.save(second, right(i, i, 1 + i));
  }
  BestFilter filter;
  filter.top = 2;
  const auto found = ask(filter);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found.front().configuration, "BM=4");
  EXPECT_EQ(found.front().problem, "N=4096");  // the newest run's group first
}

TEST_F(Ranking, TheVersionOfTheSpaceThatWasRunLastIsMeantUnlessAnotherIsPreferred) {
  RunRecord edited = example_run();
  edited.space_hash = "edited";
  store_.save(run_, right(0, 0, 5));
  store_.save(store_.begin_run(edited), right(0, 1, 2));
  BestFilter filter;
  filter.space = "example";
  ASSERT_EQ(ask(filter).size(), 1U);
  EXPECT_EQ(ask(filter).front().configuration, "BM=1");
  filter.preferred_hash = example_run().space_hash;
  EXPECT_EQ(ask(filter).front().configuration, "BM=0");
  filter.preferred_hash = "never run";
  EXPECT_EQ(ask(filter).front().configuration, "BM=1");
  filter.every_version = true;
  EXPECT_EQ(ask(filter).size(), 2U);
  filter.space = "edited";  // by hash
  EXPECT_EQ(ask(filter).size(), 1U);
  filter.space = "nonsense";
  EXPECT_TRUE(ask(filter).empty());
}

TEST_F(Ranking, TheViewsTellARunsStory) {
  store_.save(run_, right(0, 0, 2));
  store_.save(run_, wrong(1, 1, {Stage::crash, "signal 11"}));
  Evaluation child = right(2, 2, 3);
  child.individual.proposal.parents = {Config{{0}}};
  store_.save(run_, child);
  Sqlite& db = store_.connection();
  EXPECT_NEAR(db.value<double>("SELECT best_so_far FROM history WHERE ordinal = 1"), 1.996, 1e-9);
  EXPECT_EQ(db.value<std::string>("SELECT verdict FROM history WHERE ordinal = 1"), "crash");
  EXPECT_EQ(db.value<std::string>("SELECT stage || ': ' || message FROM failures"),
            "crash: signal 11");
  EXPECT_EQ(db.value<std::string>("SELECT parent_configuration FROM lineage WHERE ordinal = 2"),
            "BM=0");
  EXPECT_EQ(verdicts(store_, run_),
            (std::map<std::string, std::uint64_t>{{"crash", 1}, {"right", 2}}));
}

TEST_F(Ranking, ACandidateIsShownWithAllItsTrialsNewestFirst) {
  store_.save(run_, right(0, 0, 2));
  store_.save_finals(run_, {{0, timed(2.5), true, std::nullopt}});
  const std::int64_t later = store_.begin_run(example_run());
  store_.save(later, right(0, 0, 3));
  const std::int64_t id = ask({}).front().candidate;
  const auto detail = candidate(store_, id);
  ASSERT_TRUE(detail);
  ASSERT_EQ(detail->trials.size(), 3U);
  EXPECT_EQ(detail->trials[0].run, later);
  EXPECT_TRUE(detail->trials[1].final);
  EXPECT_EQ(detail->trials[1].outcome, timed(2.5));
  EXPECT_EQ(detail->trials[2].outcome, timed(2));
  EXPECT_EQ(store_.source(detail->trials[2].source_hash), "// kernel 0\n");
  EXPECT_FALSE(candidate(store_, id + 1));
}

}  // namespace
}  // namespace evotune
