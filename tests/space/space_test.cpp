#include "space/space.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/errors.h"
#include "example.h"

namespace evotune {
namespace {

Parameter numbers(const std::string& name, std::vector<std::int64_t> values) {
  return {name, ParameterKind::value, {values.begin(), values.end()}, {}};
}

Parameter up_to(const std::string& name, std::int64_t last) {
  Parameter parameter{name, ParameterKind::value, {}, {}};
  for (std::int64_t i = 0; i <= last; ++i) parameter.values.emplace_back(i);
  return parameter;
}

const Bindings facts = {{"device.sms", std::int64_t{108}},
                        {"device.shared_bytes", std::int64_t{1024}}};

Space example() { return Space(parse_space_file("example.yaml", example_space), facts); }

Space from_text(const std::string& parameters, const std::string& rest,
                const std::string& problem = "{N: 64}") {
  return Space(parse_space_file("t.yaml", "kernel: {template: t, entry: t}\nproblem: " + problem +
                                              "\nparameters: " + parameters +
                                              "\nlaunch: {grid: 1, block: 1}\n"
                                              "arguments: [{name: y, out: \"f32[1]\"}]\n" +
                                              rest),
               facts);
}

template <typename Make>
std::string message_of(Make make) {
  try {
    static_cast<void>(make());
  } catch (const UserError& error) {
    return error.what();
  }
  return "nothing thrown";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Space, CountsOnlyWhatIsValid) {
  const Space space({numbers("a", {1, 2, 3, 4}), numbers("b", {1, 2, 3, 4})}, {"a * b <= 4"});
  EXPECT_EQ(space.cartesian(), 16U);
  EXPECT_EQ(space.count(), 8U);
}

TEST(Space, WithoutConstraintsEverythingIsValid) {
  const Space space({up_to("a", 999), up_to("b", 999), up_to("c", 999)}, {});
  EXPECT_EQ(space.count(), 1'000'000'000U);
  EXPECT_EQ(space.at(123'456'789), (Config{{123, 456, 789}}));
}

TEST(Space, WhereNothingVariesThereIsOneConfiguration) {
  const Space space = from_text("{}", "");
  ASSERT_EQ(space.count(), 1U);
  EXPECT_EQ(space.key(space.at(0)), "-");
  EXPECT_TRUE(space.neighbours(space.at(0)).empty());
}

TEST(Space, EveryValidConfigurationHasOneIndexEvenWhereGroupsInterleave) {
  const Space space({up_to("a", 3), up_to("b", 2), up_to("c", 3), up_to("d", 2)},
                    {"a != c", "b <= d"});
  std::vector<Config> all;
  for (std::uint64_t i = 0; i < space.count(); ++i) all.push_back(space.at(i));
  EXPECT_EQ(all.size(), 12U * 6U);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
  for (const Config& config : all) EXPECT_TRUE(space.valid(config));
}

TEST(Space, AnIndexBeyondTheLastThrows) {
  const Space space({up_to("a", 3)}, {});
  EXPECT_THROW(static_cast<void>(space.at(4)), std::out_of_range);
}

TEST(Space, AConfigOfAnotherShapeIsNotValid) {
  const Space space({up_to("a", 3)}, {});
  EXPECT_FALSE(space.valid(Config{}));
  EXPECT_FALSE(space.valid(Config{{4}}));
  EXPECT_FALSE(space.valid(Config{{0, 0}}));
  EXPECT_THROW(static_cast<void>(space.bind(Config{{4}})), std::invalid_argument);
}

TEST(Space, AMillionValidConfigurationsAreListed) {
  std::vector<Parameter> parameters;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) parameters.push_back(up_to(name, 7));
  const Space space(std::move(parameters), {"a + b + c + d + e + f + g <= 24"});
  EXPECT_TRUE(space.listed());
  EXPECT_EQ(space.count(), 1'048'576U);  // half of 8^7: sums are symmetric around 24.5
  EXPECT_TRUE(space.valid(space.at(999'999)));
}

TEST(Space, SamplesAreUniformOverTheValid) {
  const Space space({up_to("a", 4), up_to("b", 4), up_to("c", 2), up_to("d", 1)},
                    {"a + b <= 4", "a * c != 4"});
  const std::uint64_t cells = space.count();
  std::map<Config, double> seen;
  Rng rng(11);
  const double expected = 200;
  const auto draws = static_cast<std::uint64_t>(expected) * cells;
  for (std::uint64_t i = 0; i < draws; ++i) seen[space.sample(rng)] += 1;
  EXPECT_EQ(seen.size(), cells);
  double chi_square = 0;
  for (const auto& [config, count] : seen) {
    EXPECT_TRUE(space.valid(config));
    chi_square += (count - expected) * (count - expected) / expected;
  }
  const auto freedom = static_cast<double>(cells - 1);
  EXPECT_LT(chi_square, freedom + 4 * std::sqrt(2 * freedom));
}

// 18 digits, and one constraint on their sum with these weights.
Space digits(std::int64_t weight_of_next, const std::string& condition) {
  std::vector<Parameter> parameters;
  std::string sum = "0";
  std::int64_t weight = 1;
  for (char name = 'a'; name < 'a' + 18; ++name, weight *= weight_of_next) {
    parameters.push_back(up_to(std::string(1, name), 9));
    sum += " + " + std::to_string(weight) + " * " + name;
  }
  return {std::move(parameters), {"(" + sum + ") " + condition}};
}

TEST(Space, WhatDependsOnTheSameSumIsCountedOnce) {
  const Space space = digits(1, "<= 81");
  EXPECT_TRUE(space.listed());
  EXPECT_EQ(space.cartesian(), 1'000'000'000'000'000'000U);
  EXPECT_EQ(space.count(), 516'229'128'291'876'976U);  // by convolution
  EXPECT_TRUE(space.valid(space.at(space.count() - 1)));
  Rng rng(3);
  double first = 0;
  const int draws = 300;
  for (int i = 0; i < draws; ++i) {
    const Config config = space.sample(rng);
    EXPECT_TRUE(space.valid(config));
    first += config.choice[0];
  }
  EXPECT_NEAR(first / draws, 4.07, 0.7);
}

TEST(Space, ASpaceTooLargeToListIsSampledAndItsCountEstimated) {
  const Space space = digits(10, "% 7 < 3");  // no two beginnings have the same sum
  EXPECT_FALSE(space.listed());
  EXPECT_NEAR(static_cast<double>(space.count()), 3e18 / 7, 0.03e18);
  Rng rng(3);
  const Config config = space.sample(rng);
  EXPECT_TRUE(space.valid(config));
  EXPECT_TRUE(contains(message_of([&] { return space.at(0); }), "too large to list"));
  EXPECT_FALSE(space.neighbours(config).empty());
}

TEST(Space, APartThatHasNoValueDoesNoHarmWhereItIsNotAskedFor) {
  const Space space({up_to("a", 2), up_to("b", 3), up_to("c", 2)},
                    {"a == 0 or 6 // a + b > c + 4"});
  std::uint64_t valid = 0;
  for (int a = 0; a <= 2; ++a)
    for (int b = 0; b <= 3; ++b)
      for (int c = 0; c <= 2; ++c) valid += a == 0 || 6 / a + b > c + 4 ? 1U : 0U;
  EXPECT_EQ(space.count(), valid);
  EXPECT_EQ(space.trouble().count, 0U);
}

TEST(Space, NeighboursAreTheValidOnesThatDifferInOneParameter) {
  const Space space({up_to("a", 3), up_to("b", 3), up_to("c", 1)}, {"a + b <= 3"});
  const Config from{{1, 1, 0}};
  const auto neighbours = space.neighbours(from);
  const std::set<Config> found(neighbours.begin(), neighbours.end());
  EXPECT_EQ(found,
            (std::set<Config>{{{0, 1, 0}}, {{2, 1, 0}}, {{1, 0, 0}}, {{1, 2, 0}}, {{1, 1, 1}}}));
}

TEST(Space, AValidConfigurationNeedsNoRepair) {
  const Space space({up_to("a", 3), up_to("b", 3)}, {"a < b"});
  Rng rng(1);
  EXPECT_EQ(space.repair(Config{{1, 2}}, rng), (Config{{1, 2}}));
}

TEST(Space, RepairChangesOneChoiceWhereThatIsEnough) {
  const Space space({up_to("a", 3), up_to("b", 3), up_to("c", 3)}, {"a < b"});
  Rng rng(1);
  const Config repaired = space.repair(Config{{2, 1, 3}}, rng);
  EXPECT_TRUE(space.valid(repaired));
  EXPECT_EQ(repaired.choice[2], 3U);
  EXPECT_EQ((repaired.choice[0] != 2U) + (repaired.choice[1] != 1U), 1);
}

TEST(Space, RepairReachesTheOnlyValidConfiguration) {
  const Space space({up_to("a", 9), up_to("b", 9), up_to("c", 9)},
                    {"a == 7 and b == 3 and c == 5"});
  Rng rng(1);
  EXPECT_EQ(space.count(), 1U);
  EXPECT_EQ(space.repair(Config{{0, 0, 0}}, rng), (Config{{7, 3, 5}}));
  EXPECT_EQ(space.repair(Config{{99, 3}}, rng), (Config{{7, 3, 5}}));  // of another space
}

TEST(Space, KeepsExactlyWhatItIsLeftWith) {
  Space space({up_to("a", 3), up_to("b", 2), up_to("c", 1)}, {"a <= 3 or b == c"});
  const std::vector<Config> kept{{{3, 0, 1}}, {{0, 0, 0}}, {{0, 2, 1}}, {{3, 2, 1}}, {{0, 0, 1}}};
  space.keep_only(kept);
  EXPECT_EQ(space.count(), kept.size());
  EXPECT_TRUE(space.listed());
  std::set<Config> met;
  for (std::uint64_t i = 0; i < space.count(); ++i) met.insert(space.at(i));
  EXPECT_EQ(met, std::set<Config>(kept.begin(), kept.end()));
  EXPECT_TRUE(space.valid({{3, 2, 1}}));
  EXPECT_FALSE(space.valid({{3, 2, 0}}));
  EXPECT_NE(space.why_invalid({{3, 2, 0}}).find("none of the 5"), std::string::npos);
  EXPECT_EQ(space.neighbours({{0, 0, 1}}).size(), 3u);
  Rng rng(1);
  EXPECT_TRUE(space.valid(space.repair({{1, 1, 1}}, rng)));
  EXPECT_TRUE(space.valid(space.sample(rng)));
  EXPECT_THROW(space.keep_only({}), UserError);
}

TEST(Space, EqualSeedsGiveEqualSamplesAndRepairs) {
  const Space space({up_to("a", 9), up_to("b", 9), up_to("c", 9)}, {"a + b + c == 9"});
  Rng one(5);
  Rng two(5);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(space.sample(one), space.sample(two));
    EXPECT_EQ(space.repair(Config{{9, 9, 9}}, one), space.repair(Config{{9, 9, 9}}, two));
  }
}

TEST(Space, BindNamesParametersFactsSizesAndLets) {
  const Space space = example();
  const Config config = space.find({{"BM", std::int64_t{32}}}, space.values(space.at(0)));
  const Bindings bound = space.bind(config);
  EXPECT_EQ(bound.at("BM"), Value(std::int64_t{32}));
  EXPECT_EQ(bound.at("device.sms"), Value(std::int64_t{108}));
  EXPECT_EQ(bound.at("M"), Value(std::int64_t{512}));
  EXPECT_EQ(bound.at("tile_bytes"), Value(std::int64_t{4 * 1 * 32}));
  const Shape small = parse_space_file("example.yaml", example_space).check.at(0);
  EXPECT_EQ(space.bind(config, small).at("M"), Value(std::int64_t{65}));
}

TEST(Space, ALetWithoutAValueIsLeftOutOfTheBindings) {
  const Space space = from_text("{B: [0, 1]}", "let: {part: N // B, rest: part + 1}\n");
  EXPECT_EQ(space.count(), 2U);  // no constraint asks for it
  EXPECT_EQ(space.bind(Config{{0}}).count("part"), 0U);
  EXPECT_EQ(space.bind(Config{{0}}).count("rest"), 0U);
  EXPECT_EQ(space.bind(Config{{1}}).at("rest"), Value(std::int64_t{65}));
}

TEST(Space, ValuesMayBeExpressionsOverTheDeviceAndEqualOnesCountOnce) {
  const Space space = from_text("{B: [device.sms, 2 * device.sms, 216, N // 2]}", "");
  EXPECT_EQ(space.parameters()[0].values,
            (std::vector<Value>{std::int64_t{108}, std::int64_t{216}, std::int64_t{32}}));
}

TEST(Space, AFactThatTheDeviceLacksIsReportedWhereItStands) {
  const std::string text = message_of([] { return from_text("{B: [1, device.l2_bytes]}", ""); });
  EXPECT_TRUE(contains(text, "t.yaml:3:21")) << text;
  EXPECT_TRUE(contains(text, "device.l2_bytes")) << text;
}

TEST(Space, ConstraintsMustHoldAtEveryTuningShape) {
  const Space space =
      from_text("{B: [1, 2, 3, 4, 5, 6]}", "let: {rest: N % B}\nconstraints: [rest == 0]\n",
                "[{N: 4}, {N: 6}]");
  EXPECT_EQ(space.count(), 2U);
  EXPECT_EQ(space.why_invalid(Config{{3}}), "rest == 0 is false: rest = 2 (at N=6)");
}

TEST(Space, TextIsComparedInConstraints) {
  const Space space =
      from_text("{LAYOUT: [row, col], W: [1, 2]}", "constraints: [LAYOUT == 'row' or W == 2]\n");
  EXPECT_EQ(space.count(), 3U);
  EXPECT_FALSE(space.valid(Config{{1, 0}}));
}

TEST(Space, TheKeyIsSortedByName) {
  const Space space = from_text("{Z: [1], A: [row]}", "");
  EXPECT_EQ(space.key(Config{{0, 0}}), "A=row,Z=1");
}

TEST(Space, FindTakesWhatIsNotNamedFromTheDefaults) {
  const Space space = example();
  const Bindings named = {{"BM", std::int64_t{64}}, {"BLOCKS", std::string("2 * device.sms")}};
  const Bindings defaults = {{"BN", 32.0},
                             {"TM", std::int64_t{1}},
                             {"STAGES", std::int64_t{2}},
                             {"LAYOUT", std::string("col")},
                             {"SOFTMAX", std::string("\"warp.cuh\"")},
                             {"T", std::string("float")},
                             {"EXTRA", std::int64_t{1}}};
  const Bindings values = space.values(space.find(named, defaults));
  EXPECT_EQ(values.at("BM"), Value(std::int64_t{64}));
  EXPECT_EQ(values.at("BN"), Value(std::int64_t{32}));
  EXPECT_EQ(values.at("BLOCKS"), Value(std::int64_t{216}));
  EXPECT_EQ(values.at("SOFTMAX"), Value(std::string("warp.cuh")));
  EXPECT_EQ(values.at("fast_math"), Value(false));  // what a compiler does by itself
  EXPECT_EQ(values.at("max_registers"), Value(std::int64_t{0}));
}

TEST(Space, FindReportsEveryMistakeAtItsPlace) {
  const Space space({numbers("BM", {1, 2}), numbers("BN", {1, 2}), numbers("BK", {1})}, {});
  try {
    static_cast<void>(space.find({{"BMM", std::int64_t{1}}, {"BM", std::int64_t{3}}},
                                 {{"BK", std::int64_t{1}}}, {"s.yaml", 4, 2}));
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()),
              "s.yaml:4:2: there is no parameter 'BMM'\n    did you mean 'BM'?\n"
              "s.yaml:4:2: BM has no value 3\n    it offers 1, 2\n"
              "s.yaml:4:2: BN has no value and no default\n    it offers 1, 2");
  }
}

TEST(Space, WhatIsNotValidSaysWhy) {
  const Space space({numbers("threads", {64, 4096})}, {"threads <= 1024"});
  EXPECT_EQ(space.why_invalid(Config{{1}}), "threads <= 1024 is false: threads = 4096");
  EXPECT_EQ(space.why_invalid(Config{{0}}), "");
}

TEST(Space, AConstraintThatErrsMakesInvalidAndIsCounted) {
  const Space space({up_to("a", 3), up_to("b", 2), up_to("c", 4)}, {"a % b == 0"});
  EXPECT_EQ(space.trouble().count, 4U * 5U);
  EXPECT_EQ(space.count(), (4U + 2U) * 5U);
  EXPECT_TRUE(contains(space.trouble().first, "a % b == 0 cannot be evaluated at a = 0, b = 0"))
      << space.trouble().first;
  EXPECT_FALSE(space.valid(Config{{0, 0, 0}}));
  EXPECT_TRUE(contains(space.why_invalid(Config{{0, 0, 0}}), "cannot be evaluated"));
}

TEST(Space, ALetThatErrsIsNamedAsTheCause) {
  const Space space =
      from_text("{B: [0, 1, 2]}", "let: {part: N // B}\nconstraints: [B == 0 or part > 1]\n");
  EXPECT_EQ(space.count(), 2U);  // lets come first, as in Python
  EXPECT_EQ(space.trouble().count, 1U);
  EXPECT_TRUE(contains(space.trouble().first, "because of part")) << space.trouble().first;
  EXPECT_TRUE(contains(space.why_invalid(Config{{0}}), "part")) << space.why_invalid(Config{{0}});
}

TEST(Space, AnEmptySpaceNamesTheConstraintThatExcludesMost) {
  const std::string text = message_of([] {
    return from_text("{A: [1, 2, 3, 4], B: [1, 2]}", "constraints: [A > B, A * B > 100, A < 4]\n");
  });
  EXPECT_TRUE(contains(text,
                       "t.yaml:6:22: no configuration is valid: the constraint 'A * B > 100' "
                       "alone excludes 100 % of them"))
      << text;
}

TEST(Space, TheSimpleConstructorRefusesWhatItCannotUse) {
  const auto make = [](const std::string& constraint) {
    return message_of([&] { return Space({numbers("BM", {1, 2})}, {constraint}); });
  };
  EXPECT_TRUE(contains(make("BMM > 1"), "did you mean 'BM'?"));
  EXPECT_TRUE(contains(make("BM >"), "^")) << make("BM >");
  EXPECT_TRUE(contains(message_of([] { return Space({numbers("a", {})}, {}); }), "no values"));
  EXPECT_TRUE(contains(message_of([] {
                         return Space({numbers("a", {1}), numbers("a", {2})}, {});
                       }),
                       "two"));
}

TEST(Space, MayBeMoved) {
  Space one({up_to("a", 3), up_to("b", 3)}, {"a < b"});
  Space two = std::move(one);
  EXPECT_EQ(two.count(), 6U);
  one = std::move(two);
  EXPECT_TRUE(one.valid(Config{{0, 1}}));
}

}  // namespace
}  // namespace evotune
