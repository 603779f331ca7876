// What every strategy of the table promises.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "trial.h"

namespace evotune {
namespace {

/// 4 × 6 × 3 × 5 values, of which a constraint leaves about half.
Space some_space() {
  return Space(
      {numbers("A", 4), numbers("B", 6), words("C", {"row", "col", "tile"}), numbers("D", 5)},
      {"A * B <= 12", "D != 3 or A > 1"});
}

Score smooth(const Config& config) {
  double sum = 0;
  for (const std::uint32_t choice : config.choice) sum += choice;
  return {true, sum};
}

/// A fifth fail, some with NaN.
Score rugged(const Config& config) {
  std::uint64_t mixed = 17;
  for (const std::uint32_t choice : config.choice) mixed = mixed * 31 + choice;
  Rng rng(mixed);
  if (rng.below(5) == 0) return {false, rng.below(2) == 0 ? -1.0 : -2.0};
  return {true, rng.uniform()};
}

class EveryStrategy : public testing::TestWithParam<std::string> {
 protected:
  static std::unique_ptr<Strategy> make(const Space& space, std::uint64_t seed = 1) {
    SearchSettings settings;
    settings.strategy = GetParam();
    settings.population = 10;
    return make_strategy(settings, space, seed);
  }
};

TEST_P(EveryStrategy, StaysInItsSpaceAndNeverRepeats) {
  const Space space = some_space();
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto strategy = make(space, seed);
    std::set<Config> seen;
    for (const Proposal& one : questions(search(*strategy, rugged, 150, 7))) {
      EXPECT_TRUE(space.valid(one.config)) << space.key(one.config);
      EXPECT_TRUE(seen.insert(one.config).second) << space.key(one.config);
    }
    EXPECT_EQ(seen.size(), 154u);  // the last batch is asked in full
  }
}

TEST_P(EveryStrategy, AsksTheSameWithTheSameSeedAndAnswers) {
  const Space space = some_space();
  const auto first = make(space, 3), second = make(space, 3);
  EXPECT_EQ(questions(search(*first, rugged, 120, 8)), questions(search(*second, rugged, 120, 8)));
}

TEST_P(EveryStrategy, GoesOnTheSameAfterItsRecordIsReplayed) {
  const Space space = some_space();
  const auto uninterrupted = make(space, 5);
  const std::vector<Individual> history = search(*uninterrupted, rugged, 120, 8);
  for (const std::size_t batches : {1u, 4u, 9u}) {
    const auto resumed = make(space, 5);
    for (std::size_t i = 0; i < batches; ++i) {
      EXPECT_EQ(resumed->ask(8).size(), 8u);
      resumed->tell(std::span(history).subspan(8 * i, 8));
    }
    const std::vector<Individual> rest = search(*resumed, rugged, 120 - 8 * batches, 8);
    const std::vector<Individual> expected(
        history.begin() + static_cast<std::ptrdiff_t>(8 * batches), history.end());
    EXPECT_EQ(questions(rest), questions(expected)) << batches;
  }
}

TEST_P(EveryStrategy, ExhaustsASmallSpaceExactly) {
  const Space space = some_space();
  const auto strategy = make(space);
  std::set<Config> seen;
  for (const Individual& one : search(*strategy, smooth, 100000, 9)) seen.insert(one.config());
  EXPECT_EQ(seen.size(), space.count());
  EXPECT_TRUE(strategy->ask(1).empty());
  EXPECT_TRUE(strategy->ask(100).empty());
}

TEST_P(EveryStrategy, NeverAsksWhatItWasToldUnasked) {
  const Space space = some_space();
  const auto strategy = make(space);
  std::set<Config> told;
  std::vector<Individual> presets;
  for (std::uint64_t i = 0; i < space.count(); i += 2) {
    presets.push_back(tried({space.at(i), "preset:some", {}, 0}, smooth));
    told.insert(space.at(i));
  }
  strategy->tell(presets);
  const std::vector<Individual> history = search(*strategy, smooth, 100000, 10);
  for (const Individual& one : history) EXPECT_EQ(told.count(one.config()), 0u);
  EXPECT_EQ(history.size(), space.count() - told.size());
}

TEST_P(EveryStrategy, SurvivesASpaceWhereEverythingFails) {
  const Space space = some_space();
  const auto strategy = make(space);
  const auto fail = [](const Config&) { return Score{false, -1}; };
  EXPECT_EQ(search(*strategy, fail, 100000, 8).size(), space.count());
}

TEST_P(EveryStrategy, SurvivesASpaceWhereNothingMatters) {
  const Space space = some_space();
  const auto strategy = make(space);
  const auto constant = [](const Config&) { return Score{true, 1}; };
  EXPECT_EQ(search(*strategy, constant, 100000, 8).size(), space.count());
}

TEST_P(EveryStrategy, AsksTheOnlyConfigurationOnce) {
  const Space space({numbers("A", 1), words("B", {"only"})}, {});
  const auto strategy = make(space);
  ASSERT_EQ(strategy->ask(10).size(), 1u);
  EXPECT_TRUE(strategy->ask(10).empty());
}

TEST_P(EveryStrategy, MayBeAskedAheadOfAnswers) {
  const Space space = some_space();
  const auto strategy = make(space);
  std::set<Config> seen;
  for (int i = 0; i < 5; ++i)
    for (const Proposal& one : strategy->ask(13)) EXPECT_TRUE(seen.insert(one.config).second);
  EXPECT_EQ(seen.size(), 65u);
}

TEST_P(EveryStrategy, NamesTheOriginAndLikesSomeBatch) {
  const Space space = some_space();
  const auto strategy = make(space);
  EXPECT_GT(strategy->natural_batch(), 0u);
  for (const Proposal& one : questions(search(*strategy, rugged, 60, 10)))
    EXPECT_FALSE(one.origin.empty());
}

TEST_P(EveryStrategy, AskingForNothingChangesNothing) {
  const Space space = some_space();
  const auto plain = make(space), asked = make(space);
  EXPECT_TRUE(asked->ask(0).empty());
  EXPECT_EQ(asked->ask(8), plain->ask(8));
}

INSTANTIATE_TEST_SUITE_P(Table, EveryStrategy, testing::ValuesIn(strategy_names()),
                         [](const auto& one) { return one.param; });

TEST(MakeStrategy, AMisspeltNameIsTheUsersMistakeAtItsPlace) {
  const Space space = some_space();
  SearchSettings settings;
  settings.strategy = "evolv";
  settings.strategy_where = {"gemm.yaml", 30, 20};
  try {
    (void)make_strategy(settings, space, 1);
    FAIL() << "made something";
  } catch (const UserError& error) {
    ASSERT_EQ(error.mistakes().size(), 1u);
    EXPECT_EQ(error.mistakes()[0].where.line, 30);
    EXPECT_EQ(error.mistakes()[0].hint, "did you mean 'evolve'?");
  }
}

TEST(MakeStrategy, AStrategyIsRecordedWithItsVersion) {
  EXPECT_EQ(strategy_version({}), "evolve/3");
}

TEST(Exhaustive, AsksInTheOrderOfTheSpace) {
  const Space space = some_space();
  SearchSettings settings;
  settings.strategy = "exhaustive";
  const auto strategy = make_strategy(settings, space, 1);
  const std::vector<Proposal> asked = questions(search(*strategy, smooth, 100000, 10));
  ASSERT_EQ(asked.size(), space.count());
  for (std::uint64_t i = 0; i < asked.size(); ++i) EXPECT_EQ(asked[i].config, space.at(i));
}

TEST(Random, SeedsDifferAndEveryConfigurationIsAsLikelyFirst) {
  const Space space({numbers("A", 4), numbers("B", 4)}, {"A <= B"});
  SearchSettings settings;
  settings.strategy = "random";
  std::map<Config, int> counts;
  constexpr int draws = 5000;
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    ++counts[make_strategy(settings, space, seed)->ask(1).at(0).config];
  ASSERT_EQ(counts.size(), 10u);
  for (const auto& [config, count] : counts) EXPECT_NEAR(count, draws / 10, 106);  // 5 sigma
}

}  // namespace
}  // namespace evotune
