// What the schema itself refuses, and what happens when a write cannot be done.
#include <gtest/gtest.h>

#include <limits>

#include "base/errors.h"
#include "examples.h"
#include "store/queries.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

class Schema : public testing::Test {
 protected:
  [[nodiscard]] std::size_t stored() const { return store_.evaluations(run_).size(); }

  Store store_{":memory:"};
  std::int64_t run_ = store_.begin_run(example_run());
};

TEST_F(Schema, RefusesAFitnessThatIsNoNumber) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    Evaluation one = right(0, 0, 2);
    one.individual.score.fitness = bad;
    EXPECT_THROW(store_.save(run_, one), std::logic_error);
  }
  EXPECT_EQ(stored(), 0U);
}

TEST_F(Schema, RefusesTheSameOrdinalTwiceAndKeepsNothingOfTheSecond) {
  store_.save(run_, right(0, 0, 2));
  EXPECT_THROW(store_.save(run_, right(0, 1, 3)), std::logic_error);
  EXPECT_EQ(stored(), 1U);
  EXPECT_EQ(store_.connection().value<int>("SELECT count(*) FROM candidate"), 1);
  store_.save(run_, right(1, 1, 3));
  EXPECT_EQ(stored(), 2U);
}

TEST_F(Schema, RefusesAnEvaluationOfNoRun) {
  EXPECT_THROW(store_.save(run_ + 1, right(0, 0, 2)), std::logic_error);
  EXPECT_THROW(store_.finish(run_ + 1, "evaluations"), std::logic_error);
  EXPECT_THROW(store_.save_finals(run_, {{5, timed(2), false, std::nullopt}}), std::logic_error);
}

TEST_F(Schema, LetsNoMeasurementBeChanged) {
  store_.save(run_, right(0, 0, 2));
  Sqlite& db = store_.connection();
  EXPECT_THROW(db.execute("UPDATE outcome SET speedup = 100"), std::logic_error);
  EXPECT_THROW(db.execute("UPDATE timing SET pairs = '[]'"), std::logic_error);
}

TEST_F(Schema, HasRoomForOneChampionARun) {
  store_.save(run_, right(0, 0, 2));
  store_.save(run_, right(1, 1, 2));
  EXPECT_THROW(store_.save_finals(
                   run_, {{0, timed(2), true, std::nullopt}, {1, timed(2), true, std::nullopt}}),
               std::logic_error);
  EXPECT_TRUE(store_.finals(run_).empty());
}

TEST_F(Schema, AFullDiskIsAnIoErrorAndLosesNothingAcknowledged) {
  store_.save(run_, right(0, 0, 2));
  Sqlite& db = store_.connection();
  const auto pages = db.value<int>("PRAGMA page_count");
  db.script("PRAGMA max_page_count = " + std::to_string(pages));
  Evaluation large = right(1, 1, 2);
  large.source_text.assign(1 << 20, 'x');
  EXPECT_THROW(store_.save(run_, large), IoError);
  EXPECT_EQ(stored(), 1U);
  db.script("PRAGMA max_page_count = 1000000");
  store_.save(run_, large);
  EXPECT_EQ(stored(), 2U);
}

TEST_F(Schema, ParentsAreFoundAmongWhatTheRunTriedBefore) {
  store_.save(run_, right(0, 4, 2));
  store_.save(run_, right(1, 5, 2));
  Evaluation child = right(2, 6, 3);
  child.individual.proposal.parents = {Config{{5}}, Config{{4}}, Config{{99}}};
  store_.save(run_, child);
  Evaluation grandchild = right(3, 7, 3);
  grandchild.individual.proposal.parents = {Config{{6}}};
  store_.save(run_, grandchild);
  const std::vector<Ancestor> family = ancestry(store_, run_, 3);
  ASSERT_EQ(family.size(), 4U);
  EXPECT_EQ(family[0].configuration, "BM=7");
  EXPECT_EQ(family[0].parents, std::vector<std::uint32_t>{2});
  EXPECT_EQ(family[1].parents, (std::vector<std::uint32_t>{1, 0}));  // 99 was never tried
  EXPECT_EQ(store_.evaluations(run_)[2].individual.proposal.parents,
            child.individual.proposal.parents);
}

TEST_F(Schema, APrecedentIsAFinishedRunOfTheKernelElsewhereWithSomethingRight) {
  RunRecord elsewhere = example_run();
  elsewhere.device_name = "Other CPU";
  EXPECT_EQ(newest_precedent(store_, elsewhere), std::nullopt);
  store_.save(run_, wrong(0, 0, Failure{Stage::verify, "off"}));
  store_.finish(run_, "evaluations");
  EXPECT_EQ(newest_precedent(store_, elsewhere), std::nullopt);  // nothing right
  const std::int64_t second = store_.begin_run(example_run());
  store_.save(second, right(0, 0, 2));
  EXPECT_EQ(newest_precedent(store_, elsewhere), std::nullopt);  // unfinished
  store_.finish(second, "evaluations");
  EXPECT_EQ(newest_precedent(store_, elsewhere), second);
  EXPECT_EQ(newest_precedent(store_, example_run()), std::nullopt);  // the same
  RunRecord renamed = elsewhere, another = elsewhere;
  renamed.space_name = another.space_name = "other";
  another.template_hash = "other";
  EXPECT_EQ(newest_precedent(store_, renamed), second);
  EXPECT_EQ(newest_precedent(store_, another), std::nullopt);
}

TEST_F(Schema, TheNewestUnfinishedRunMustAskTheSameQuestions) {
  const std::int64_t second = store_.begin_run(example_run());
  EXPECT_EQ(store_.newest_unfinished(example_run()), second);
  store_.finish(second, "target");
  EXPECT_EQ(store_.newest_unfinished(example_run()), run_);

  std::string RunRecord::*const decisive[] = {&RunRecord::space_hash, &RunRecord::template_hash,
                                              &RunRecord::problem,    &RunRecord::device_name,
                                              &RunRecord::compiler,   &RunRecord::strategy,
                                              &RunRecord::settings};
  for (const auto field : decisive) {
    RunRecord other = example_run();
    other.*field += "?";
    EXPECT_EQ(store_.newest_unfinished(other), std::nullopt);
  }
  RunRecord other_seed = example_run(), other_batch = example_run(), moved = example_run();
  other_seed.seed = 2;
  other_batch.batch = 4;
  moved.space_path = "elsewhere.yaml";
  EXPECT_EQ(store_.newest_unfinished(other_seed), std::nullopt);
  EXPECT_EQ(store_.newest_unfinished(other_batch), std::nullopt);
  EXPECT_EQ(store_.newest_unfinished(moved), run_);
  store_.finish(run_, "target");
  EXPECT_EQ(store_.newest_unfinished(example_run()), std::nullopt);
}

}  // namespace
}  // namespace evotune
