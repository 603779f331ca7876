// Databases in which one value is not what was stored, and what `recover` makes of them.
#include "store/recover.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/errors.h"
#include "base/file.h"
#include "examples.h"
#include "store/queries.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

class Recover : public testing::Test {
 protected:
  Recover() {
    Store store(damaged());
    const std::int64_t run = store.begin_run(example_run());
    for (std::uint32_t i = 0; i < 3; ++i) {
      Evaluation one = right(i, i, 1 + i);
      if (i > 0) one.individual.proposal.parents = {right(i - 1, i - 1, 1).individual.config()};
      store.save(run, one);
    }
  }
  [[nodiscard]] std::string damaged() const { return (folder_.path() / "x.db").string(); }
  [[nodiscard]] std::string fresh() const { return (folder_.path() / "new.db").string(); }

  /// As damage would: past the rules and the seals.
  void change(const std::string& sql) const {
    Sqlite db(damaged(), Sqlite::Access::read_write);
    db.script("DROP TRIGGER IF EXISTS outcome_is_append_only; PRAGMA foreign_keys = OFF");
    db.script(sql);
  }
  [[nodiscard]] std::string complaint_of_a_reader() const {
    try {
      const Store store(damaged(), Store::Mode::read_only);
    } catch (const DamagedDatabase& why) {
      return why.what();
    }
    return {};
  }
  using Names = std::vector<std::string>;

 private:
  TemporaryDirectory folder_;
};

TEST_F(Recover, AReaderIsToldOfItInsteadOfAWrongNumber) {
  change("UPDATE outcome SET speedup = 1000 WHERE id = 2");
  const std::string complaint = complaint_of_a_reader();
  EXPECT_NE(complaint.find("evotune recover " + damaged()), std::string::npos) << complaint;
}

TEST_F(Recover, AReaderIsToldOfATableThatIsGone) {
  change("DROP TABLE parent");
  EXPECT_NE(complaint_of_a_reader().find("damaged"), std::string::npos);
}

TEST_F(Recover, OfOneThatIsWholeEverythingIsKept) {
  const auto all = recover(damaged(), fresh());
  EXPECT_EQ(all.at("run").kept, 1U);
  EXPECT_EQ(all.at("evaluation").kept, 3U);
  EXPECT_EQ(all.at("source").kept, 3U);
  for (const auto& [kind, came] : all) EXPECT_TRUE(came.lost.empty()) << kind;
  EXPECT_EQ(ranking(Store(fresh())), ranking(Store(damaged())));
}

TEST_F(Recover, WhatIsNotWhatWasStoredIsLostAndItsChildLosesTheLink) {
  change("UPDATE outcome SET speedup = 1000 WHERE id = 2");
  const auto all = recover(damaged(), fresh());
  EXPECT_EQ(all.at("evaluation").lost, Names{"evaluation 1 of run 1"});
  Store store(fresh());
  EXPECT_EQ(ranking(store), (Names{"BM=2", "BM=0"}));
  Sqlite& db = store.connection();
  EXPECT_EQ(db.value<int>("SELECT parent_ordinal IS NULL FROM parent WHERE ordinal = 2"), 1);
  // A run that goes on has it evaluated again.
  EXPECT_EQ(store.newest_unfinished(example_run()), 1);
  store.save(1, right(1, 1, 2));
  EXPECT_EQ(ranking(store), (Names{"BM=2", "BM=1", "BM=0"}));
}

TEST_F(Recover, ALostSourceCostsNoEvaluation) {
  change("UPDATE source SET text = 'other' WHERE hash = 'source1'");
  const auto all = recover(damaged(), fresh());
  EXPECT_EQ(all.at("source").lost, Names{"source source1"});
  EXPECT_EQ(all.at("evaluation").kept, 3U);
  EXPECT_EQ(Store(fresh()).source("source1"), "");
}

TEST_F(Recover, AnEvaluationWithoutASealIsNotVouchedFor) {
  change("DELETE FROM seal WHERE kind = 'evaluation' AND ordinal = 0");
  EXPECT_EQ(recover(damaged(), fresh()).at("evaluation").lost, Names{"evaluation 0 of run 1"});
}

TEST_F(Recover, ARunThatIsLostTakesItsEvaluationsAlongAndLeavesNoFile) {
  change("UPDATE run SET device_name = 'another'");
  const auto all = recover(damaged(), fresh());
  EXPECT_EQ(all.at("run").lost, Names{"run 1"});
  EXPECT_EQ(all.at("evaluation").lost.size(), 3U);
  EXPECT_FALSE(fs::exists(fresh()));
}

TEST_F(Recover, FinalsStandOrFallTogether) {
  {
    Store store(damaged());
    store.save_finals(1, {{2, timed(3.5), true, std::nullopt}, {1, timed(2), false, std::nullopt}});
  }
  EXPECT_EQ(recover(damaged(), fresh()).at("finals").kept, 1U);
  EXPECT_EQ(Store(fresh()).finals(1).size(), 2U);
  fs::remove(fresh());
  change("UPDATE individual SET fitness = 9 WHERE ordinal = 1");
  EXPECT_EQ(recover(damaged(), fresh()).at("finals").lost, Names{"the finals of run 1"});
  EXPECT_TRUE(Store(fresh()).finals(1).empty());
}

TEST_F(Recover, AFileThatExistsIsNotOverwrittenNorOneReadThatIsBeingWritten) {
  write_file(fresh(), "mine");
  EXPECT_THROW(recover(damaged(), fresh()), UserError);
  EXPECT_EQ(read_file(fresh()), "mine");
  fs::remove(fresh());
  const Store writer(damaged());
  EXPECT_THROW(recover(damaged(), fresh()), IoError);
}

TEST_F(Recover, OneWithoutChecksumsIsRefusedAndOneWithoutATableIsNot) {
  change("DROP TABLE final");
  EXPECT_EQ(recover(damaged(), fresh()).at("evaluation").kept, 3U);
  fs::remove(fresh());
  change("DROP TABLE seal");
  EXPECT_THROW(recover(damaged(), fresh()), UserError);
}

TEST_F(Recover, WhereNothingCanBeReadThatIsSaid) {
  EXPECT_THROW(recover(damaged() + ".missing", fresh()), UserError);
  std::string of_another_sqlite = read_file(damaged());
  of_another_sqlite.at(47) ^= 0x40;  // of the schema's format
  for (const std::string& text : {std::string(10'000, 'x'), of_another_sqlite}) {
    write_file(damaged(), text);
    try {
      recover(damaged(), fresh());
      ADD_FAILURE() << "something was recovered";
    } catch (const IoError& why) {
      EXPECT_EQ(why.what(), "nothing of " + fs::canonical(damaged()).string() + " can be read");
    }
    EXPECT_THROW(Store(damaged(), Store::Mode::read_only), DamagedDatabase);
  }
  EXPECT_FALSE(fs::exists(fresh()));
}

}  // namespace
}  // namespace evotune
