#include "recording/recording.h"

#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/file.h"
#include "recording/space_file_text.h"
#include "space/space_file.h"

namespace evotune {
namespace {

/// 4 × 3 configurations of which two are forbidden and one fails; the best takes 1 ms.
constexpr const char* small = R"({"format": "replay-space/1", "name": "small", "gpu": "none",
"params": [{"name": "A", "values": [1, 2, 4, 8]}, {"name": "B", "values": ["x", "y", "z"]}],
"restrictions": ["A < 8 or B == 'x'"],
"rows": [[0,0,9],[0,1,8],[0,2,7,33.5],[1,0,6],[1,1,5],[1,2,4],[2,0,3],[2,1,2],[2,2,1],[3,0,null]]})";

SpaceRecording recording_from(const std::string& text) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "recording.json", text);
  return read_recording(folder.path() / "recording.json");
}

std::string complaint_about(const std::string& text) {
  try {
    (void)recording_from(text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

TEST(ReadRecording, KnowsEveryRowByItsConfiguration) {
  const SpaceRecording recording = recording_from(small);
  EXPECT_EQ(recording.name, "small");
  ASSERT_EQ(recording.ms.size(), 10u);
  EXPECT_EQ(recording.row_of.at({{2, 1}}), 7u);
  EXPECT_EQ(recording.ms[7], 2);
  EXPECT_FALSE(recording.ms[9]);
}

TEST(ReadRecording, TimesThatCannotBeAreFailures) {
  const SpaceRecording recording = recording_from(replaced(small, "[1,0,6]", "[1,0,-6]"));
  EXPECT_FALSE(recording.ms[3]);
}

TEST(ReadRecording, SaysWhatIsWrongWithAFile) {
  const auto expect = [](const std::string& text, const std::string& part) {
    EXPECT_NE(complaint_about(text).find(part), std::string::npos) << complaint_about(text);
  };
  expect("{", "parse error");
  expect("[1, 2]", "neither a replay-space/1 file");
  expect(replaced(small, "[1,0,6]", "[1,3,6]"), "row 3 has value 3 of B, which has 3");
  expect(replaced(small, "replay-space/1", "replay-space/9"), "not replay-space/1");
  expect(replaced(small, "A < 8 or", "A < 4 or"), "forbid row 7");
  expect(replaced(small, "A < 8 or B == 'x'", "True"), "leave 12 configurations, it has 10 rows");
  expect(replaced(small, "[1,0,6]", "[0,2,6]"), "row 3 stands there twice");
  expect(replaced(small, "\"rows\"", "\"lines\""), "rows");
}

TEST(RecordingsNamed, AreTheFilesBehindReplay) {
  using Paths = std::vector<std::filesystem::path>;
  EXPECT_EQ(recordings_named("replay:a.json,b.json"), (Paths{"a.json", "b.json"}));
  EXPECT_EQ(recordings_named("replay:a.json,replay:b.json"), (Paths{"a.json", "b.json"}));
  EXPECT_THROW((void)recordings_named("cpu"), UserError);
  EXPECT_THROW((void)recordings_named("replay:"), UserError);
}

TEST(ReadRecording, WithoutRestrictionsTheRowsAreTheSpace) {
  const SpaceRecording recording =
      recording_from(replaced(small, "\"restrictions\": [\"A < 8 or B == 'x'\"],", ""));
  EXPECT_EQ(recording.space.count(), 10u);
  EXPECT_FALSE(recording.space.valid({{3, 1}}));
  EXPECT_TRUE(recording.space.valid({{3, 0}}));
}

TEST(ReplaySpaceText, IsReadAsWhatItWas) {
  SpaceRecording first = recording_from(small);
  first.failures.emplace(9, Failure{Stage::compile, "no"});
  for (const std::vector<std::string>& restrictions :
       {std::vector<std::string>{}, std::vector<std::string>{"A < 8 or B == 'x'"}}) {
    first.restrictions = restrictions;
    const SpaceRecording second = recording_from(replay_space_text(first));
    EXPECT_EQ(second.name, first.name);
    EXPECT_EQ(second.gpu, first.gpu);
    EXPECT_EQ(second.ms, first.ms);
    EXPECT_EQ(second.row_of, first.row_of);
    EXPECT_EQ(second.failures.at(9).stage, Stage::compile);
    EXPECT_EQ(fingerprint(second), fingerprint(first));
  }
}

TEST(Fingerprint, ChangesWithATime) {
  EXPECT_NE(fingerprint(recording_from(small)),
            fingerprint(recording_from(replaced(small, "[1,0,6]", "[1,0,6.5]"))));
}

TEST(RecordingIn, KeepsTheRestrictionsWhereTheyLeaveWhatWasRecorded) {
  const SpaceRecording first = recording_from(replaced(small, "\"restrictions\"", "\"nothing\""));
  SpaceRecording listed = recording_from(replay_space_text(first));
  ASSERT_TRUE(listed.restrictions.empty());
  BareSpace bare{"bare", listed.space.parameters(), {"A < 8 or B == 'x'"}};
  EXPECT_EQ(recording_in(bare, listed).restrictions, bare.constraints);
  EXPECT_EQ(fingerprint(recording_in(bare, listed)), fingerprint(listed));
  bare.constraints = {"A < 8"};
  EXPECT_EQ(recording_in(bare, listed).ms.size(), 9u) << "one is forbidden";
  bare.constraints = {"A < 8 or B != 'z'"};
  const SpaceRecording partial = recording_in(bare, listed);
  EXPECT_TRUE(partial.restrictions.empty()) << "a configuration was not recorded";
  EXPECT_EQ(partial.space.count(), 10u);
}

TEST(SpaceFileText, IsASpaceFileWithTheSameSpace) {
  const SpaceRecording recording = recording_from(small);
  const BareSpace bare{"conv-2.1", recording.space.parameters(), recording.restrictions};
  const SpaceFile file = parse_space_file(
      "t.yaml", space_file_text(bare, {{"A", std::int64_t{1}}, {"B", std::string("y")}}));
  EXPECT_EQ(file.name, "conv-2.1");
  EXPECT_EQ(file.kernel.entry, "conv_2_1");
  EXPECT_EQ(Space(file, {}).count(), 10u);
  EXPECT_EQ(configurations_in(Space(file, {}), recording)[1], (Config{{0, 1}}));
  EXPECT_EQ(to_text(file.baseline.value().values), "A=1,B=y");
}

TEST(SpaceFileText, WhatNoSpaceFileCanHoldIsRefused) {
  const Parameter odd{"A", ParameterKind::value, {std::string("two words")}, {}};
  EXPECT_THROW((void)space_file_text({"odd", {odd}, {}}, {}), UserError);
}

std::string refusal_of(const Space& space) {
  try {
    (void)configurations_in(space, recording_from(small));
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

TEST(ConfigurationsIn, AreFoundByNameAndValue) {
  // Other order of parameters and of values, a value more.
  const Space space(
      {{"B", ParameterKind::value, {std::string("z"), std::string("y"), std::string("x")}, {}},
       {"A", ParameterKind::value, {8.0, 4.0, 3.0, 2.0, 1.0}, {}}},
      {});
  const std::vector<Config> configs = configurations_in(space, recording_from(small));
  ASSERT_EQ(configs.size(), 10u);
  EXPECT_EQ(configs[7], (Config{{1, 1}}));  // A = 4, B = y
  EXPECT_EQ(configs[9], (Config{{2, 0}}));  // A = 8, B = x
}

TEST(ConfigurationsIn, OtherNamesAndValuesAreTheUsersMistake) {
  const Parameter a{
      "A", ParameterKind::value, {std::int64_t{1}, std::int64_t{2}, std::int64_t{4}}, {}};
  const Parameter b{
      "B", ParameterKind::value, {std::string("x"), std::string("y"), std::string("z")}, {}};
  Parameter c = b;
  c.name = "C";
  EXPECT_NE(refusal_of(Space({a, b}, {})).find("A = 8, which the space does not offer"),
            std::string::npos);
  EXPECT_NE(refusal_of(Space({a, c}, {})).find("has a parameter B that the space has not"),
            std::string::npos);
  EXPECT_NE(refusal_of(Space({a, b, c}, {})).find("has no parameter C"), std::string::npos);
}

}  // namespace
}  // namespace evotune
