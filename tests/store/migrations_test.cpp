#include "store/migrations.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "base/errors.h"
#include "base/file.h"
#include "examples.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> two_steps = {
    "CREATE TABLE first (x INTEGER) STRICT",
    "ALTER TABLE first ADD COLUMN y INTEGER; UPDATE first SET y = 2 * x"};
constexpr std::array<std::string_view, 2> broken_step = {
    two_steps[0], "ALTER TABLE first ADD COLUMN y INTEGER; UPDATE no_such_table SET y = 1"};

class Migrations : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (folder_.path() / "old.db").string(); }
  [[nodiscard]] std::string backup() const { return path() + ".v1.bak"; }

  // A database of version 1 with one row.
  void make_old() const {
    Sqlite db(path(), Sqlite::Access::read_write);
    migrate(db, std::span(two_steps).first(1));
    db.execute("INSERT INTO first (x) VALUES (21)");
  }

 private:
  TemporaryDirectory folder_;
};

TEST_F(Migrations, TakeABlankDatabaseToTheNewest) {
  Sqlite db(path(), Sqlite::Access::read_write);
  EXPECT_TRUE(origin_of(db).blank);
  migrate(db, schema_migrations());
  EXPECT_FALSE(origin_of(db).blank);
  EXPECT_EQ(origin_of(db).version, newest_schema());
  EXPECT_EQ(db.value<int>("SELECT count(*) FROM best"), 0);
}

TEST_F(Migrations, TakeAnOldDatabaseForwardAndKeepACopyOfIt) {
  make_old();
  Sqlite db(path(), Sqlite::Access::read_write);
  migrate(db, two_steps);
  EXPECT_EQ(db.value<int>("SELECT y FROM first"), 42);
  EXPECT_EQ(db.value<int>("PRAGMA user_version"), 2);
  Sqlite copy(backup(), Sqlite::Access::read_only);
  EXPECT_EQ(copy.value<int>("PRAGMA user_version"), 1);
  EXPECT_EQ(copy.value<int>("SELECT x FROM first"), 21);
}

TEST_F(Migrations, LeaveTheOldVersionWholeWhenAStepFails) {
  make_old();
  Sqlite db(path(), Sqlite::Access::read_write);
  EXPECT_ANY_THROW(migrate(db, broken_step));
  EXPECT_EQ(db.value<int>("PRAGMA user_version"), 1);
  EXPECT_ANY_THROW(db.execute("SELECT y FROM first"));
  EXPECT_EQ(db.value<int>("SELECT x FROM first"), 21);
}

TEST_F(Migrations, DoNothingToTheNewest) {
  { const Store store(path()); }
  { const Store store(path()); }
  EXPECT_FALSE(fs::exists(backup()));
}

TEST_F(Migrations, RefuseADatabaseOfANewerEvotune) {
  { const Store store(path()); }
  {
    Sqlite db(path(), Sqlite::Access::read_write);
    db.script("PRAGMA user_version = 1000");
  }
  for (const auto mode : {Store::Mode::read_write, Store::Mode::read_only}) {
    try {
      const Store store(path(), mode);
      FAIL() << "opened";
    } catch (const IoError& error) {
      EXPECT_NE(std::string(error.what()).find("newer evotune"), std::string::npos) << error.what();
    }
  }
}

TEST_F(Migrations, RefuseAnotherApplicationsDatabaseAndLeaveItAlone) {
  {
    Sqlite db(path(), Sqlite::Access::read_write);
    db.script("CREATE TABLE bookmarks (url TEXT)");
  }
  const std::string before = read_file(path());
  for (const auto mode : {Store::Mode::read_write, Store::Mode::read_only}) {
    try {
      const Store store(path(), mode);
      FAIL() << "opened";
    } catch (const IoError& error) {
      EXPECT_NE(std::string(error.what()).find("not one of evotune's"), std::string::npos)
          << error.what();
    }
  }
  EXPECT_EQ(read_file(path()), before);
}

}  // namespace
}  // namespace evotune
