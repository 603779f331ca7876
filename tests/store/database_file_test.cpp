// Files that are missing, blank, damaged or no databases.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/errors.h"
#include "base/file.h"
#include "examples.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

class DatabaseFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name = "x.db") const {
    return (folder_.path() / name).string();
  }

 private:
  TemporaryDirectory folder_;
};

std::string error_of_opening(const std::string& path, Store::Mode mode) {
  try {
    const Store store(path, mode);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST_F(DatabaseFile, ReadingOneThatIsMissingSaysHowToMakeItAndDoesNot) {
  EXPECT_THROW(Store(path(), Store::Mode::read_only), UserError);
  EXPECT_NE(error_of_opening(path(), Store::Mode::read_only).find("evotune run"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(path()));
}

TEST_F(DatabaseFile, ReadingABlankOneSaysThatThereAreNoResults) {
  write_file(path(), "");
  EXPECT_THROW(Store(path(), Store::Mode::read_only), UserError);
  EXPECT_EQ(fs::file_size(path()), 0U);
}

TEST_F(DatabaseFile, WritingABlankOneFillsIt) {
  write_file(path(), "");
  Store store(path());
  EXPECT_EQ(store.begin_run(example_run()), 1);
}

TEST_F(DatabaseFile, WritingMakesTheFoldersOnTheWay) {
  Store store(path("a/b/c.db"));
  EXPECT_TRUE(fs::exists(path("a/b/c.db")));
}

TEST_F(DatabaseFile, ANameThatLooksLikeAUriIsAName) {
  const fs::path before = fs::current_path();
  fs::current_path(fs::path(path()).parent_path());
  { const Store store("file:odd.db?mode=memory"); }
  fs::current_path(before);
  EXPECT_TRUE(fs::exists(path("file:odd.db?mode=memory")));
}

TEST_F(DatabaseFile, OneThatIsNoDatabaseIsRefused) {
  write_file(path(), std::string(10'000, 'x'));
  EXPECT_THROW(Store(path(), Store::Mode::read_only), IoError);
  EXPECT_THROW(Store(path(), Store::Mode::read_write), IoError);
  EXPECT_EQ(read_file(path()), std::string(10'000, 'x'));
}

TEST_F(DatabaseFile, AFolderIsNoDatabase) {
  fs::create_directories(path());
  EXPECT_THROW(Store(path(), Store::Mode::read_write), IoError);
}

TEST_F(DatabaseFile, DamageIsReportedBeforeAnythingIsWritten) {
  {
    Store store(path());
    const std::int64_t run = store.begin_run(example_run());
    for (std::uint32_t i = 0; i < 50; ++i) store.save(run, varied(i));
  }
  std::string bytes = read_file(path());
  // The pages past the schema's: b-trees of rows and indices.
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 8192; ++at) bytes[at] = '\x5a';
  write_file(path(), bytes);
  const std::string why = error_of_opening(path(), Store::Mode::read_write);
  EXPECT_NE(why.find("damaged"), std::string::npos) << why;
  EXPECT_EQ(read_file(path()), bytes);
}

TEST_F(DatabaseFile, AStoreThatReadsCannotWrite) {
  { const Store store(path()); }
  Store store(path(), Store::Mode::read_only);
  EXPECT_THROW(store.begin_run(example_run()), IoError);
}

TEST_F(DatabaseFile, IsInTheJournalModeThatSurvivesAKill) {
  {
    const Store store(path());
    EXPECT_EQ(store.connection().value<std::string>("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(store.connection().value<int>("PRAGMA synchronous"), 1);
    EXPECT_EQ(store.connection().value<int>("PRAGMA foreign_keys"), 1);
  }
  const Store durable(path(), Store::Mode::read_write, true);
  EXPECT_EQ(durable.connection().value<int>("PRAGMA synchronous"), 2);
}

}  // namespace
}  // namespace evotune
