#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "base/errors.h"
#include "base/handle.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

template <typename Act>
std::string error_of(Act act) {
  try {
    act();
  } catch (const IoError& error) {
    return error.what();
  }
  return {};
}

TEST(File, WhatIsWrittenIsReadBackByteByByte) {
  const TemporaryDirectory folder;
  std::string content("a\0b\r\n\xff", 6);
  content += std::string(200000, 'x');
  write_file(folder.path() / "f", content);
  EXPECT_EQ(read_file(folder.path() / "f"), content);
}

TEST(File, WritingReplacesTheWholeAndLeavesNothingBeside) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "f", "a long first text");
  write_file(folder.path() / "f", "short");
  EXPECT_EQ(read_file(folder.path() / "f"), "short");
  const auto entries = fs::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(File, AMissingFileIsNamedWithTheReason) {
  const std::string error = error_of([] { (void)read_file("/nowhere/at-all.yaml"); });
  EXPECT_NE(error.find("/nowhere/at-all.yaml"), std::string::npos) << error;
  EXPECT_NE(error.find("No such file"), std::string::npos) << error;
}

TEST(File, WritingWhereNoFolderIsNamesTheReason) {
  const std::string error = error_of([] { write_file("/nowhere/at-all.yaml", "x"); });
  EXPECT_NE(error.find("No such file"), std::string::npos) << error;
}

TEST(File, AFailedWriteLeavesTheOldFile) {
  const TemporaryDirectory folder;
  fs::create_directory(folder.path() / "f");  // a rename onto a folder cannot work
  EXPECT_THROW(write_file(folder.path() / "f", "x"), IoError);
  EXPECT_TRUE(fs::is_directory(folder.path() / "f"));
}

TEST(File, OnlyRegularFilesAreRead) {
  const TemporaryDirectory folder;
  EXPECT_THROW((void)read_file(folder.path()), IoError);
  const fs::path fifo = folder.path() / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THROW((void)read_file(fifo), IoError);  // and does not wait for a writer
  EXPECT_THROW((void)read_file("/dev/zero"), IoError);
}

TEST(File, MoreThanTheLimitIsRefused) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "f", std::string(100, 'x'));
  EXPECT_EQ(read_file(folder.path() / "f", 100).size(), 100u);
  EXPECT_THROW((void)read_file(folder.path() / "f", 99), IoError);
}

TEST(TemporaryDirectory, GoesWithAllThatItHolds) {
  fs::path path;
  {
    const TemporaryDirectory folder;
    path = folder.path();
    fs::create_directories(path / "a/b");
    write_file(path / "a/b/c", "x");
    EXPECT_TRUE(fs::exists(path / "a/b/c"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryDirectory, TwoAreDifferent) {
  const TemporaryDirectory a, b;
  EXPECT_NE(a.path(), b.path());
}

TEST(TemporaryDirectory, WhatKilledProcessesLeftIsRemovedAndNothingElse) {
  const TemporaryDirectory under;
  for (const char* name : {"evotune-orphan", "evotune-in_use", "evotune-other-thing", "else"})
    fs::create_directories(under.path() / name / "inside");
  const Handle holder(open((under.path() / "evotune-in_use").c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(flock(holder.fd(), LOCK_EX), 0);
  remove_orphaned_directories(under.path(), 60);
  EXPECT_TRUE(fs::exists(under.path() / "evotune-orphan")) << "so new that it may be nobody's yet";
  remove_orphaned_directories(under.path(), 0);
  EXPECT_FALSE(fs::exists(under.path() / "evotune-orphan"));
  for (const char* name : {"evotune-in_use", "evotune-other-thing", "else"})
    EXPECT_TRUE(fs::exists(under.path() / name)) << name;
}

TEST(Handle, ClosesItsFileOnceWhoeverHoldsItLast) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Handle read_end(ends[0]);
  char byte = 0;
  {
    Handle first(ends[1]);
    Handle second(std::move(first));
    EXPECT_TRUE(second);
    EXPECT_EQ(write(second.fd(), "x", 1), 1);
  }
  EXPECT_EQ(read(read_end.fd(), &byte, 1), 1);
  EXPECT_EQ(read(read_end.fd(), &byte, 1), 0);  // end of file: the writing end is closed
  read_end.reset();
  EXPECT_FALSE(read_end);
}

}  // namespace
}  // namespace evotune
