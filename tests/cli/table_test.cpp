#include "cli/table.h"

#include <gtest/gtest.h>

#include <limits>

namespace evotune {
namespace {

TEST(Table, AlignsColumnsAndPutsNumbersToTheRight) {
  const Table table{{"name", "value"}, {{"a", 1}, {"longer", 12345}, {"π", nullptr}}};
  EXPECT_EQ(to_text(table),
            "name    value\n"
            "a           1\n"
            "longer  12345\n"
            "π           -\n");
}

TEST(Table, LetsNoTextSteerTheTerminal) {
  const Table table{{"message"}, {{"\x1b[2Jline\nnext"}}};
  EXPECT_EQ(to_text(table), "message\n\\x1b[2Jline\\nnext\n");
}

TEST(Table, QuotesCsvAndDisarmsFormulas) {
  const Table table{{"a", "b"}, {{"x,\"y\"\nz", "=cmd()"}, {"-1", -1}, {0.1, nullptr}}};
  EXPECT_EQ(to_csv(table), "a,b\r\n\"x,\"\"y\"\"\nz\",'=cmd()\r\n'-1,-1\r\n0.1,\r\n");
}

TEST(Table, WritesDoublesInFullWhereScriptsRead) {
  const Table table{{"x"}, {{1.0 / 3}}};
  EXPECT_EQ(to_csv(table), "x\r\n0.3333333333333333\r\n");
  EXPECT_EQ(to_json(table)[0]["x"].get<double>(), 1.0 / 3);
}

TEST(Table, KeepsTheOrderOfColumnsInJson) {
  const Table table{{"z", "a"}, {{1, 2}}};
  EXPECT_EQ(to_json(table).dump(), R"([{"z":1,"a":2}])");
  EXPECT_EQ(write(Table{{"z"}, {}}, Format::json), "[]\n");
}

TEST(Table, WritesJsonWhateverBytesACompilerPrinted) {
  EXPECT_NO_THROW(static_cast<void>(write(OrderedJson("\xff\xfe"))));
  EXPECT_TRUE(number_or_null(std::numeric_limits<double>::infinity()).is_null());
}

}  // namespace
}  // namespace evotune
