#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/text.h"
#include "space/space.h"

// Each file of broken/ begins with what must be said about it, one comment a mistake:
// # LINE:COLUMN part of the message | part of the hint
namespace evotune {
namespace {

struct Expectation {
  std::string place, what, hint;
};

std::vector<Expectation> expectations(const std::string& text) {
  std::vector<Expectation> all;
  for (const std::string& line : split_lines(text)) {
    if (!line.starts_with("# ")) break;
    const std::size_t blank = line.find(' ', 2);
    const std::size_t bar = line.find(" | ");
    all.push_back({line.substr(2, blank - 2), line.substr(blank + 1, bar - blank - 1),
                   bar == std::string::npos ? "" : line.substr(bar + 3)});
  }
  return all;
}

std::vector<Mistake> mistakes_of(const std::filesystem::path& path) {
  const Bindings facts = {{"device.sms", std::int64_t{108}},
                          {"device.shared_bytes", std::int64_t{49152}}};
  try {
    const Space space(read_space_file(path), facts);
  } catch (const UserError& error) {
    return error.mistakes();
  }
  return {};
}

std::vector<std::filesystem::path> broken_files() {
  const std::filesystem::path folder = EVOTUNE_SOURCE_DIR "/tests/space/broken";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class BrokenFile : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(BrokenFile, IsRefusedAtTheRightPlaceWithTheRightWords) {
  const auto expected = expectations(read_file(GetParam()));
  ASSERT_FALSE(expected.empty()) << "the file does not say what to expect";
  const auto found = mistakes_of(GetParam());
  std::string shown;
  for (const Mistake& one : found)
    shown += fmt::format("{}:{} {} | {}\n", one.where.line, one.where.column, one.what, one.hint);
  ASSERT_EQ(found.size(), expected.size()) << shown;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].where.file, GetParam().string());
    EXPECT_EQ(fmt::format("{}:{}", found[i].where.line, found[i].where.column), expected[i].place)
        << shown;
    EXPECT_NE(found[i].what.find(expected[i].what), std::string::npos) << shown;
    EXPECT_NE(found[i].hint.find(expected[i].hint), std::string::npos) << shown;
  }
}

INSTANTIATE_TEST_SUITE_P(All, BrokenFile, testing::ValuesIn(broken_files()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(BrokenFiles, AreAtLeastForty) { EXPECT_GE(broken_files().size(), 40U); }

}  // namespace
}  // namespace evotune
