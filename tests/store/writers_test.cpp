#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "base/errors.h"
#include "base/file.h"
#include "child.h"
#include "examples.h"
#include "store/queries.h"
#include "store/store.h"

namespace evotune {
namespace {

class Writers : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (folder_.path() / "shared.db").string(); }

 private:
  TemporaryDirectory folder_;
};

TEST_F(Writers, TheSecondIsRefusedByTheNameOfTheFirstWhileThatLives) {
  Child first([&](int told) {
    const Store store(path());
    tell(told, 1);
    pause();
  });
  std::uint32_t opened = 0;
  ASSERT_TRUE(first.hear(opened));
  try {
    const Store second(path());
    FAIL() << "two writers";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("process " + std::to_string(first.pid())),
              std::string::npos)
        << error.what();
  }
  first.end();
  const Store second(path());  // a killed writer holds nothing
}

TEST_F(Writers, OneProcessIsRefusedTwiceTheSameFileByWhateverName) {
  const Store first(path());
  EXPECT_THROW(Store{path()}, IoError);
  const std::string alias = path() + ".link";
  std::filesystem::create_symlink(path(), alias);
  EXPECT_THROW(Store{alias}, IoError);
}

TEST_F(Writers, DatabasesInMemoryAreApart) {
  Store first(":memory:"), second(":memory:");
  first.begin_run(example_run());
  EXPECT_TRUE(runs(second).empty());
}

TEST_F(Writers, ReadersSeeWholeEvaluationsWhileOneWrites) {
  Store writer(path());
  const std::int64_t run = writer.begin_run(example_run());
  writer.save(run, varied(0));
  std::vector<std::unique_ptr<Child>> readers;
  const int at_once = std::getenv("EVOTUNE_LONG") != nullptr ? 20 : 4;
  for (int i = 0; i < at_once; ++i)
    readers.push_back(std::make_unique<Child>([&](int told) {
      for (std::size_t seen = 0; seen < 100;) {
        const Store reader(path(), Store::Mode::read_only);
        const auto all = reader.evaluations(run);
        if (all.size() < seen || all.empty()) _exit(3);  // what was seen once stays
        seen = all.size();
        if (all.back().individual.outcome != varied(all.back().ordinal).individual.outcome)
          _exit(4);
      }
      tell(told, 1);
    }));
  for (std::uint32_t i = 1; i < 100; ++i) writer.save(run, varied(i));
  for (const auto& reader : readers) {
    std::uint32_t done = 0;
    EXPECT_TRUE(reader->hear(done));
    EXPECT_EQ(reader->wait(), 0);
  }
}

}  // namespace
}  // namespace evotune
