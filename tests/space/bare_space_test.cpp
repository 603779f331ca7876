#include "space/bare_space.h"

#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/file.h"
#include "space/space.h"

namespace evotune {
namespace {

struct Known {
  const char* name;
  std::uint64_t valid;
  std::uint64_t cartesian;
};

class PublishedSpace : public testing::TestWithParam<Known> {};

TEST_P(PublishedSpace, HasAsManyValidConfigurationsAsItsPaperSays) {
  const auto& [name, valid, cartesian] = GetParam();
  const BareSpace bare =
      read_bare_space(std::string(EVOTUNE_SOURCE_DIR "/tests/data/construct/") + name + ".json");
  const Space space(bare.parameters, bare.constraints);
  EXPECT_EQ(bare.name, name);
  EXPECT_EQ(space.cartesian(), cartesian);
  EXPECT_EQ(space.count(), valid);
  EXPECT_TRUE(space.listed());
  EXPECT_LT(space.bytes(), std::size_t{20} << 20);
  Rng rng(1);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(space.why_invalid(space.sample(rng)).empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, PublishedSpace,
    testing::Values(Known{"dedispersion", 11'130, 22'272}, Known{"expdist", 294'000, 9'732'096},
                    Known{"gemm", 116'928, 663'552}, Known{"microhh", 138'600, 1'166'400},
                    Known{"hotspot", 349'853, 22'200'000}, Known{"atf_prl_2x2", 1'200, 36'864},
                    Known{"atf_prl_4x4", 10'800, 9'437'184},
                    Known{"atf_prl_8x8", 48'720, 2'415'919'104},
                    Known{"atf_gaussian", 149'281'440, 117'465'223'824}),
    [](const auto& it) { return std::string(it.param.name); });

TEST(BareSpace, T1IsReadWithItsConditionsInWords) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "t1.json", R"json({
    "General": {"FormatVersion": 1},
    "ConfigurationSpace": {
      "TuningParameters": [
        {"Name": "block", "Type": "int", "Values": "[16, 32, 64]", "Default": "16"},
        {"Name": "mode", "Type": "string", "Values": "['a', 'b']"},
        {"Name": "tile", "Type": "int", "Values": [1, 2]}],
      "Conditions": [{"Parameters": ["block", "tile"], "Expression": "block * tile <= 64 && !(block == 16)"
}]
}
})json");
  const BareSpace bare = read_bare_space(folder.path() / "t1.json");
  ASSERT_EQ(bare.parameters.size(), 3U);
  EXPECT_EQ(bare.parameters[1].values[1], Value(std::string("b")));
  EXPECT_EQ(Space(bare.parameters, bare.constraints).count(), 6U);
}

TEST(BareSpace, OperatorsInTextAreLeftAlone) {
  EXPECT_EQ(in_words("a && b || !c"), "a  and  b  or   not c");
  EXPECT_EQ(in_words("a != '&&' || b"), "a != '&&'  or  b");
}

TEST(BareSpace, T1ListsAreWrittenAsPythonWould) {
  const TemporaryDirectory folder;
  const auto read = [&](const std::string& values) {
    write_file(folder.path() / "t1.json",
               R"({"ConfigurationSpace": {"TuningParameters": [{"Name": "A", "Values": ")" +
                   values + "\"}]}}");
    return read_bare_space(folder.path() / "t1.json").parameters.front().values;
  };
  EXPECT_EQ(read("[True, False]"), (std::vector<Value>{true, false}));
  EXPECT_EQ(read("['True', 'b']"), (std::vector<Value>{std::string("True"), std::string("b")}));
  EXPECT_THROW((void)read("range(4)"), UserError);
}

TEST(BareSpace, ADefaultIsOneOfTheValuesOrNone) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "t1.json", R"({"ConfigurationSpace": {"TuningParameters": [
    {"Name": "A", "Values": "[1, 2]", "Default": 2}, {"Name": "B", "Values": "[1, 2]", "Default": 3},
    {"Name": "C", "Values": "[1, 2]"}, {"Name": "D", "Values": "[1, 2]", "Default": [1]}]}})");
  EXPECT_EQ(to_text(read_bare_space(folder.path() / "t1.json").defaults), "A=2");
}

TEST(BareSpace, AFunctionIsNoRestriction) {
  EXPECT_THROW((void)in_words("lambda p: p['A'] < 4"), UserError);
}

TEST(BareSpace, WhatIsNoneSaysWhatWouldBe) {
  const TemporaryDirectory folder;
  for (const char* text : {"", "[]", "{\"params\": 3}", "{\"params\": {\"a\": [[]]}}"}) {
    write_file(folder.path() / "x.json", text);
    EXPECT_THROW((void)read_bare_space(folder.path() / "x.json"), UserError) << text;
  }
}

}  // namespace
}  // namespace evotune
