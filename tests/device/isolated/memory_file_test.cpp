#include "device/isolated/memory_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "device/isolated/wire.h"

namespace evotune {
namespace {

Buffer buffer_of(std::size_t size, int value) {
  return Buffer(size, static_cast<std::byte>(value));
}

TEST(MemoryFile, BuffersComeBackAsTheyWent) {
  const std::vector<Buffers> sets = {{buffer_of(3, 1), {}, buffer_of(100'000, 2)},
                                     {buffer_of(1, 3), {}, buffer_of(7, 4)}};
  EXPECT_EQ(unpack(pack(sets), sizes_of(sets)), sets);
}

TEST(MemoryFile, SizesThatDoNotAddUpAreRefused) {
  const std::vector<Buffers> sets = {{buffer_of(8, 1)}};
  const Handle file = pack(sets);
  EXPECT_THROW((void)unpack(file, {{9}}), Malformed);
  EXPECT_THROW((void)unpack(file, {{7}}), Malformed);
  EXPECT_THROW((void)unpack(file, {{8, ~std::uint64_t{0}}}), Malformed);
  EXPECT_THROW((void)unpack({}, {{8}}), Malformed);
}

TEST(MemoryFile, AFileThatShrinksIsRefusedNotFaultedOn) {
  const Handle file = pack(std::vector<Buffers>{{buffer_of(8192, 1)}});
  ASSERT_EQ(ftruncate(file.fd(), 10), 0);
  EXPECT_THROW((void)read_bytes(file, 0, 8192), Malformed);
}

void print_to(const CappedLog& log, const std::string& text) {
  (void)!write(log.fd(), text.data(), text.size());
}

TEST(CappedLog, KeepsTheBeginningAndRefusesTheRest) {
  const CappedLog log(100);
  print_to(log, "first ");
  for (int n = 0; n < 1'000; ++n) print_to(log, "x");
  EXPECT_EQ(log.text(), "first " + std::string(94, 'x'));
}

TEST(CappedLog, WhatWasClearedIsNotShownAgain) {
  CappedLog log(100);
  print_to(log, "of the candidate before");
  log.clear();
  EXPECT_EQ(log.text(), "");
  print_to(log, "new");
  EXPECT_EQ(log.text(), "new");
}

TEST(CappedLog, AWriterThatSeeksFarAwayCannotMakeItHuge) {
  const CappedLog log(100);
  lseek(log.fd(), off_t{1} << 40, SEEK_SET);
  EXPECT_EQ(log.text().size(), 100U);
}

}  // namespace
}  // namespace evotune
