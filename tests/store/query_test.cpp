#include <gtest/gtest.h>

#include <filesystem>

#include "base/errors.h"
#include "base/file.h"
#include "examples.h"
#include "store/read_only_query.h"
#include "store/store.h"

namespace evotune {
namespace {

class Query : public testing::Test {
 protected:
  Query() {
    Store store(path());
    const std::int64_t run = store.begin_run(example_run());
    for (std::uint32_t i = 0; i < 10; ++i) store.save(run, varied(i));
  }
  [[nodiscard]] std::string path() const { return (folder_.path() / "asked.db").string(); }
  [[nodiscard]] QueryResult ask(const std::string& sql, const QueryLimits& limits = {}) const {
    return query(Store(path(), Store::Mode::read_only), sql, limits);
  }
  // Also on a connection that could write: the authorizer alone must hold.
  void refuse(const std::string& sql) const {
    EXPECT_THROW(static_cast<void>(ask(sql)), UserError) << sql;
    const Store writer(path());
    EXPECT_THROW(static_cast<void>(query(writer, sql)), UserError) << sql;
    EXPECT_EQ(writer.evaluations(1).size(), 10U) << sql;
  }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

TEST_F(Query, AnswersWithColumnsAndTypedCells) {
  const QueryResult result =
      ask("SELECT 1 AS n, 0.5 AS half, 'text' AS t, NULL AS empty, x'00ff' AS bytes");
  EXPECT_EQ(result.columns, (std::vector<std::string>{"n", "half", "t", "empty", "bytes"}));
  ASSERT_EQ(result.rows.size(), 1U);
  const std::vector<Cell> expected = {std::int64_t{1}, 0.5, "text", std::monostate{}, "x'00ff'"};
  EXPECT_EQ(result.rows.front(), expected);
}

TEST_F(Query, ReadsEveryDocumentedView) {
  for (const char* view : {"best", "history", "lineage", "trial"})
    EXPECT_EQ(ask(std::string("SELECT * FROM ") + view).rows.size(), 10U) << view;
  EXPECT_TRUE(ask("SELECT * FROM failures").rows.empty());
}

TEST_F(Query, ReadsTheRawSamples) {
  const QueryResult result =
      ask("SELECT count(*) FROM timing, json_each(pairs) WHERE json_extract(value, '$[1]') > 0");
  EXPECT_EQ(result.rows.front().front(), Cell(std::int64_t{90}));
}

// Every ```sql block of docs/database.md.
TEST_F(Query, AnswersTheQuestionsOfItsDocumentation) {
  std::string text = read_file(EVOTUNE_SOURCE_DIR "/docs/database.md");
  const std::string fence = "```";
  int asked = 0;
  for (std::size_t at = 0; (at = text.find(fence + "sql\n", at)) != std::string::npos; ++asked) {
    const std::size_t begin = at + fence.size() + 4, end = text.find(fence, begin);
    EXPECT_FALSE(ask(text.substr(begin, end - begin)).columns.empty());
    at = end + fence.size();
  }
  EXPECT_GE(asked, 6);
}

TEST_F(Query, MayRecurse) {
  EXPECT_EQ(ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) "
                "SELECT max(i) FROM n")
                .rows.front()
                .front(),
            Cell(std::int64_t{5}));
}

TEST_F(Query, MayOnlyRead) {
  for (const char* sql :
       {"DELETE FROM run", "UPDATE run SET seed = 2", "INSERT INTO source VALUES ('a', 'b')",
        "DROP TABLE run", "CREATE TABLE mine (x)", "CREATE TEMP TABLE mine (x)",
        "PRAGMA user_version = 7", "PRAGMA journal_mode = DELETE", "VACUUM", "BEGIN IMMEDIATE",
        "COMMIT", "SELECT * FROM pragma_table_info('run')", "REINDEX", "ANALYZE",
        "SELECT load_extension('x')", "WITH x AS (SELECT 1) DELETE FROM run",
        "DELETE FROM run RETURNING *"})
    refuse(sql);
}

TEST_F(Query, MayTouchNoOtherFile) {
  const std::string other = (folder() / "other.db").string();
  refuse("ATTACH '" + other + "' AS other");
  refuse("VACUUM INTO '" + other + "'");
  EXPECT_FALSE(std::filesystem::exists(other));
}

TEST_F(Query, IsOneStatement) {
  EXPECT_EQ(ask("SELECT 1; ").rows.size(), 1U);
  refuse("SELECT 1; DELETE FROM run");
  refuse("");
  refuse("-- nothing");
}

TEST_F(Query, StopsAtItsTimeLimit) {
  constexpr Seconds soon = 0.05;
  EXPECT_THROW(
      static_cast<void>(ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                            "SELECT count(*) FROM n",
                            {0, soon})),
      UserError);
}

TEST_F(Query, RefusesValuesThatWouldEatTheMemory) {
  EXPECT_THROW(static_cast<void>(ask("SELECT zeroblob(900000000)")), UserError);
}

TEST_F(Query, SaysWhenThereWereMoreRowsThanAskedFor) {
  EXPECT_TRUE(ask("SELECT * FROM history", {3, 10}).truncated);
  EXPECT_EQ(ask("SELECT * FROM history", {3, 10}).rows.size(), 3U);
  EXPECT_FALSE(ask("SELECT * FROM history", {10, 10}).truncated);
}

TEST_F(Query, PointsAtWhatIsWrong) {
  try {
    static_cast<void>(ask("SELECT speedupp FROM best"));
    FAIL() << "answered";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("speedupp"), std::string::npos);
  }
}

TEST_F(Query, LeavesTheStoreAsItWas) {
  Store store(path());
  static_cast<void>(query(store, "SELECT 1"));
  store.save(1, varied(10));
  EXPECT_EQ(store.evaluations(1).size(), 11U);
}

}  // namespace
}  // namespace evotune
