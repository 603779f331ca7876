// What outcomes from elsewhere do to a search.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "strategy/precedents.h"
#include "trial.h"

namespace evotune {
namespace {

Space some_space() {
  return Space({numbers("A", 8), numbers("B", 7), words("C", {"row", "col", "tile"}),
                words("D", {"on", "off"}), numbers("E", 5)},
               {"A * B <= 32"});
}

/// One configuration is best.
Score hill(const Config& config) {
  const auto& c = config.choice;
  double loss = std::abs(c[0] - 5.0) + std::abs(c[1] - 2.0) + 0.5 * std::abs(c[4] - 1.0 * c[3]);
  if (c[2] != 2) loss += 2.5;
  return {true, -loss};
}

Score upside_down(const Config& config) { return {true, -hill(config).fitness}; }

/// What a search of `count` random questions came upon elsewhere.
std::vector<ForeignOutcome> told_of(const Space& space, const Landscape& landscape,
                                    std::size_t count) {
  std::vector<ForeignOutcome> outcomes;
  Rng rng(3);
  for (std::size_t i = 0; i < count; ++i) {
    const Config config = space.sample(rng);
    outcomes.push_back({space.values(config), landscape(config)});
  }
  return outcomes;
}

std::unique_ptr<Strategy> make(const Space& space, const std::string& name,
                               const Precedents& precedents, std::uint64_t seed = 1) {
  SearchSettings settings;
  settings.strategy = name;
  return make_strategy(settings, space, seed, precedents);
}

std::size_t questions_to_the_optimum(const Space& space, const Precedents& precedents,
                                     std::uint64_t seed, int candidates = 30'000) {
  SearchSettings settings;
  settings.candidates = candidates;
  const auto strategy = make_strategy(settings, space, seed, precedents);
  const std::vector<Individual> history = search(*strategy, hill, 80, 1);
  const auto found = std::find_if(history.begin(), history.end(),
                                  [](const Individual& one) { return one.score.fitness == -0.5; });
  return static_cast<std::size_t>(found - history.begin()) + 1;
}

TEST(Matched, ByNameAndValueWhateverTheirOrder) {
  const Space space = some_space();
  const std::vector<ForeignOutcome> outcomes{
      {{{"D", "off"}, {"C", "col"}, {"B", 3.0}, {"A", std::int64_t{2}}, {"E", true}}, {true, 4}},
      {{{"D", "off"}, {"C", "col"}, {"B", 3.0}, {"A", std::int64_t{1}}, {"E", true}}, {true, 5}}};
  const Precedents result = matched(space, outcomes);
  ASSERT_EQ(result.outcomes.size(), 2u);
  EXPECT_EQ(result.outcomes[0].config, (Config{{0, 2, 1, 1, 0}}));  // the better one
  EXPECT_EQ(result.outcomes[1].config, (Config{{1, 2, 1, 1, 0}}));
  EXPECT_EQ(shortfall(space, result), "");
}

TEST(Matched, WhatIsNotInBothIsLeftOutAndSaid) {
  const Space space = some_space();
  const auto at = [](std::int64_t a, std::int64_t fuse) {
    return Bindings{
        {"A", a}, {"B", std::int64_t{1}}, {"E", std::int64_t{1}}, {"D", "on"}, {"FUSE", fuse}};
  };
  const std::vector<ForeignOutcome> outcomes{
      {at(1, 0), {true, 1}}, {at(1, 1), {true, 9}}, {at(64, 1), {true, 50}}};
  const Precedents result = matched(space, outcomes);
  ASSERT_EQ(result.outcomes.size(), 1u);  // of the two that are one here the better
  EXPECT_EQ(result.outcomes[0].score, (Score{true, 9}));
  EXPECT_EQ(result.known, (std::vector<bool>{true, true, false, true, true}));
  EXPECT_EQ(shortfall(space, result),
            "it knew no C; this space has no FUSE; this space does not offer the values of 1 of "
            "its configurations");
}

TEST(Matched, NothingInCommonIsAMistake) {
  const Space space = some_space();
  EXPECT_THROW((void)matched(space, std::vector<ForeignOutcome>{{{{"X", true}}, {true, 1}}}),
               UserError);
  EXPECT_THROW((void)matched(space, std::vector<ForeignOutcome>{{{{"C", "disk"}}, {true, 1}}}),
               UserError);
  EXPECT_THROW((void)matched(space, {}), UserError);
}

TEST(Precedents, TheBestOneIsAskedFirst) {
  const Space space = some_space();
  const Precedents precedents = matched(space, told_of(space, hill, 40));
  for (const char* name : {"evolve", "memetic", "local", "anneal"}) {
    const auto strategy = make(space, name, precedents);
    const std::vector<Proposal> asked = strategy->ask(8);
    EXPECT_EQ(asked[0].config, precedents.outcomes[0].config) << name;
    for (std::size_t i = 0; i < asked.size(); ++i)
      EXPECT_EQ(asked[i].origin, i < 3 ? "precedent" : "design") << name;
  }
}

TEST(Precedents, SaveQuestionsWhereTheyAreRight) {
  const Space space = some_space();
  const Precedents precedents = matched(space, told_of(space, hill, 60));
  std::size_t warm = 0;
  std::size_t cold = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    warm += questions_to_the_optimum(space, precedents, seed);
    cold += questions_to_the_optimum(space, {}, seed);
  }
  EXPECT_LT(warm, cold);
}

TEST(Precedents, ThatMisleadAreUnlearned) {
  const Space space = some_space();
  const Precedents precedents = matched(space, told_of(space, upside_down, 60));
  for (std::uint64_t seed = 0; seed < 3; ++seed)
    EXPECT_LE(questions_to_the_optimum(space, precedents, seed), 40u) << seed;
  EXPECT_LE(questions_to_the_optimum(space, precedents, 5, 0), 50u);  // in broods as well
}

TEST(Precedents, MadeWithoutAParameterSayNothingOfIt) {
  const Space space = some_space();
  std::vector<ForeignOutcome> outcomes = told_of(space, hill, 60);
  for (ForeignOutcome& one : outcomes) one.values.erase("B");
  const Precedents precedents = matched(space, outcomes);
  const auto strategy = make(space, "evolve", precedents);
  for (const Individual& one : search(*strategy, hill, 20, 4))
    EXPECT_TRUE(space.valid(one.config()));
  EXPECT_LE(questions_to_the_optimum(space, precedents, 2), 40u);
}

TEST(Precedents, AResumedSearchAsksTheSame) {
  const Space space = some_space();
  const Precedents precedents = matched(space, told_of(space, hill, 40));
  for (const char* name : {"evolve", "memetic"}) {
    const auto uninterrupted = make(space, name, precedents);
    const std::vector<Individual> history = search(*uninterrupted, hill, 48, 8);
    const auto resumed = make(space, name, precedents);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(resumed->ask(8).size(), 8u);
      resumed->tell(std::span(history).subspan(8 * i, 8));
    }
    const std::vector<Individual> expected(history.begin() + 24, history.end());
    EXPECT_EQ(questions(search(*resumed, hill, 24, 8)), questions(expected)) << name;
  }
}

TEST(Precedents, AreRefusedByStrategiesThatHaveNoUseForThem) {
  const Space space = some_space();
  const Precedents precedents = matched(space, told_of(space, hill, 5));
  for (const char* name : {"genetic", "random", "exhaustive"})
    EXPECT_THROW((void)make(space, name, precedents), UserError) << name;
}

TEST(Precedents, OfWhichNothingWasRightDoNoHarm) {
  const Space space = some_space();
  const auto failing = [](const Config&) { return Score{false, -1}; };
  const Precedents precedents = matched(space, told_of(space, failing, 30));
  EXPECT_EQ(make(space, "evolve", precedents)->ask(1)[0].origin, "design");
  EXPECT_LE(questions_to_the_optimum(space, precedents, 1), 60u);
}

}  // namespace
}  // namespace evotune
