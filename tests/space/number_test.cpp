#include "space/number.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

TEST(ReadNumber, ReadsWhatJsonCallsNumbers) {
  EXPECT_EQ(*read_number("12"), Value(std::int64_t{12}));
  EXPECT_EQ(*read_number("-9223372036854775808"), Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(*read_number("0"), Value(std::int64_t{0}));
  EXPECT_EQ(*read_number("1e-3"), Value(1e-3));
  EXPECT_EQ(*read_number("-0.5"), Value(-0.5));
}

TEST(ReadNumber, RefusesEveryOtherSpelling) {
  for (const char* text : {"010",  "+1",   ".5",    "5.",  "0x10",  "1_000",
                           ".nan", ".inf", "-.inf", "nan", "1e999", "9223372036854775808",
                           "1e",   "1e+",  "--1",   "-",   "",      "1 ",
                           " 1",   "1,5",  "0b1",   "0o7", "00",    "-01"})
    EXPECT_FALSE(read_number(text)) << text;
}

TEST(ReadNumber, SaysWhatIsWrong) {
  EXPECT_EQ(read_number("010").error(), "'010' has a leading zero");
  EXPECT_EQ(read_number(".nan").error(), "'.nan' is not a finite number");
  EXPECT_EQ(read_number("1e999").error(), "'1e999' does not fit into a double");
  EXPECT_EQ(read_number("99999999999999999999").error(),
            "'99999999999999999999' does not fit into 64 bits");
}

TEST(LooksLikeNumber, TellsWrongNumbersFromExpressionsAndWords) {
  for (const char* text : {"010", "1e999", ".nan", "1_000", "0x1F", "+3", "1e-999", "3abc"})
    EXPECT_TRUE(looks_like_number(text)) << text;
  for (const char* text : {"2 * N", "row", "-N", "1-2", "device.sms", "", "(3)", "-"})
    EXPECT_FALSE(looks_like_number(text)) << text;
}

TEST(ValueFrom, ReadsWordsAsACommandLineMeansThem) {
  EXPECT_EQ(value_from("64"), Value(std::int64_t{64}));
  EXPECT_EQ(value_from("true"), Value(true));
  EXPECT_EQ(value_from("row"), Value(std::string("row")));
  EXPECT_EQ(value_from("010"), Value(std::string("010")));
}

TEST(SameValue, ComparesNumbersAsNumbersAndTextAsText) {
  EXPECT_TRUE(same_value(std::int64_t{1}, 1.0));
  EXPECT_TRUE(same_value(true, std::int64_t{1}));
  EXPECT_FALSE(same_value(std::string("1"), std::int64_t{1}));
  EXPECT_FALSE(same_value(std::int64_t{9007199254740993}, std::int64_t{9007199254740992}));
}

}  // namespace
}  // namespace evotune
