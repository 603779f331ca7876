#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "strategy/brood.h"
#include "strategy/design.h"
#include "strategy/targets.h"
#include "trial.h"

namespace evotune {
namespace {

Parameter integers(const std::string& name, const std::vector<std::int64_t>& values) {
  Parameter result{name, ParameterKind::value, {}, {}};
  for (const std::int64_t value : values) result.values.emplace_back(value);
  return result;
}

/// 8 × 7 × 3 × 2 × 5 configurations, of which about two thirds are valid.
Space some_space() {
  return Space({integers("A", {1, 2, 3, 4, 6, 8, 12, 16}), integers("B", {1, 2, 4, 5, 7, 8, 16}),
                words("C", {"row", "col", "tile"}), words("D", {"on", "off"}), numbers("E", 5)},
               {"A * B <= 48"});
}

/// Interactions, and one configuration that is best.
Score bumpy(const Config& config) {
  const auto& c = config.choice;
  double loss = std::abs(c[0] - 5.0) / 7 + std::abs(c[1] - 2.0) / 6 + std::abs(c[4] - 1.0) / 4;
  if (c[2] != 2) loss += 0.4;
  if (c[2] == 2 && c[3] != 1) loss += 0.4;
  loss += std::abs(c[0] - 2.0 * c[4]) / 10;
  return {true, -loss};
}

std::unique_ptr<Strategy> make(const Space& space, std::uint64_t seed, int candidates = 30000) {
  SearchSettings settings;
  settings.strategy = "evolve";
  settings.candidates = candidates;
  return make_strategy(settings, space, seed);
}

double best_of(const std::vector<Individual>& history) {
  double best = -1e300;
  for (const Individual& one : history)
    if (one.score.passed) best = std::max(best, one.score.fitness);
  return best;
}

double optimum(const Space& space) {
  double best = -1e300;
  for (std::uint64_t i = 0; i < space.count(); ++i)
    best = std::max(best, bumpy(space.at(i)).fitness);
  return best;
}

TEST(Evolve, FindsTheOptimumInAFewDozenQuestionsWithEveryoneACandidate) {
  const Space space = some_space();
  for (std::uint64_t seed = 0; seed < 3; ++seed)
    EXPECT_EQ(best_of(search(*make(space, seed), bumpy, 40, 1)), optimum(space)) << seed;
}

TEST(Evolve, FindsItWithBroodsAsWell) {
  const Space space = some_space();
  for (std::uint64_t seed = 0; seed < 2; ++seed)
    EXPECT_EQ(best_of(search(*make(space, seed, 0), bumpy, 48, 8)), optimum(space)) << seed;
}

TEST(Evolve, ABatchIsOfDifferentQuestionsAndLosesLittle) {
  const Space space = some_space();
  const std::vector<Individual> history = search(*make(space, 1), bumpy, 56, 8);
  EXPECT_EQ(best_of(history), optimum(space));
}

TEST(Evolve, FailuresEverywhereButInACornerDoNotBlindIt) {
  const Space space = some_space();
  const auto mostly_fails = [](const Config& config) {
    return config.choice[0] < 4 || config.choice[2] == 0 ? Score{false, -1} : bumpy(config);
  };
  EXPECT_EQ(best_of(search(*make(space, 2), mostly_fails, 80, 4)), optimum(space));
}

TEST(Evolve, NoiseDoesNotKeepItFromAGoodOne) {
  const Space space = some_space();
  const auto noisy = [calls = std::uint64_t{0}](const Config& config) mutable {
    Rng rng(9, 0, calls++);
    const Score score = bumpy(config);
    return Score{true, score.fitness - 0.3 * std::abs(score.fitness) * rng.normal()};
  };
  double best = -1e300;
  for (const Individual& one : search(*make(space, 3), noisy, 80, 8))
    best = std::max(best, bumpy(one.config()).fitness);
  EXPECT_GT(best, optimum(space) - 0.2);
}

TEST(Evolve, BeginsWithADesignAndNamesParentsOfWhatTheModelChose) {
  const Space space = some_space();
  std::vector<Config> before;
  std::size_t asked = 0;
  for (const Proposal& one : questions(search(*make(space, 4), bumpy, 40, 1))) {
    EXPECT_EQ(one.origin, asked < 8 ? "design" : "model");
    EXPECT_EQ(one.parents.empty(), asked < 8);
    for (const Config& parent : one.parents)
      EXPECT_NE(std::find(before.begin(), before.end(), parent), before.end());
    EXPECT_EQ(one.generation, asked / 24);
    before.push_back(one.config);
    ++asked;
  }
}

TEST(Evolve, BroodsAreBredFromWhatWasTold) {
  const Space space = some_space();
  std::map<std::string, int> origins;
  for (const Proposal& one : questions(search(*make(space, 5, 0), bumpy, 60, 4)))
    ++origins[one.origin];
  EXPECT_EQ(origins["design"], 8);
  EXPECT_GT(origins["mutation"] + origins["crossover"], 5);
}

TEST(Evolve, ASpaceTooLargeToListIsSearchedAllTheSame) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 24; ++i) parameters.push_back(numbers("P" + std::to_string(i), 8));
  const Space space(std::move(parameters), {});
  const auto hill = [](const Config& config) {
    double loss = 0;
    for (const std::uint32_t choice : config.choice) loss += std::abs(choice - 5.0);
    return Score{true, -loss};
  };
  const double found = best_of(search(*make(space, 6), hill, 72, 8));
  SearchSettings random;
  random.strategy = "random";
  EXPECT_GT(found, best_of(search(*make_strategy(random, space, 6), hill, 72, 8)) + 10);
}

TEST(Evolve, LooksFarFromFailuresAsLongAsNothingIsRight) {
  const Space space = some_space();
  const auto fails = [](const Config&) { return Score{false, -1}; };
  const std::vector<Individual> history = search(*make(space, 7), fails, 40, 4);
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const Individual& one : history) {
    EXPECT_EQ(one.proposal.origin, "design");
    pairs.emplace(one.config().choice[0], one.config().choice[4]);
  }
  EXPECT_GE(pairs.size(), 29u);  // of 40; chance alone finds 25
}

TEST(Design, StartsPlainAndFarApart) {
  const Space space = some_space();
  const Design design(space);
  Memory memory;
  std::vector<Config> known;
  for (std::uint64_t i = 0; i < 5; ++i) {
    Rng rng(1, 0, i);
    const auto proposal = design.next(i, known, memory, rng);
    ASSERT_TRUE(proposal);
    const Config* config = &proposal->config;
    for (const std::size_t parameter : {std::size_t{0}, std::size_t{1}}) {
      const auto value =
          std::get<std::int64_t>(space.parameters()[parameter].values[config->choice[parameter]]);
      EXPECT_EQ(value & (value - 1), 0) << value;
    }
    EXPECT_TRUE(memory.insert(*config));
    for (const Config& other : known) {
      int different = 0;
      for (std::size_t p = 0; p < 5; ++p) different += config->choice[p] != other.choice[p] ? 1 : 0;
      EXPECT_GE(different, 2);
    }
    known.push_back(*config);
  }
}

TEST(Targets, AreNormalScoresOfTheRanks) {
  const std::vector<std::optional<Score>> scores{Score{true, 1}, Score{true, 1e9}, Score{false, -1},
                                                 std::nullopt,   Score{true, 1},   Score{true, 0}};
  const std::vector<double> targets = targets_of(scores);
  EXPECT_LT(targets[1], targets[0]);
  EXPECT_EQ(targets[0], targets[4]);
  EXPECT_LT(targets[0], targets[5]);
  EXPECT_GT(targets[2], targets[5]);
  EXPECT_TRUE(std::isnan(targets[3]));
  EXPECT_NEAR(targets[0] + targets[1] + targets[2] + targets[4] + targets[5], 0, 1e-9);
}

TEST(Targets, OfFailuresAreEqualAndFarFromTheFewThatAreRight) {
  std::vector<std::optional<Score>> scores(20, Score{false, -1});
  scores[3] = Score{false, -2};
  scores[7] = Score{true, 1};
  scores[8] = Score{true, 2};
  const std::vector<double> targets = targets_of(scores);
  EXPECT_EQ(targets[3], targets[0]);
  EXPECT_GT(targets[0] - targets[7], 1.5);
  EXPECT_GT(targets[7], targets[8]);
}

TEST(Targets, OfEqualScoresAreZero) {
  for (const double target : targets_of(std::vector<std::optional<Score>>(5, Score{true, 3})))
    EXPECT_EQ(target, 0);
}

TEST(Brood, IsUnseenValidDifferentAndHonestAboutItsParents) {
  const Space space = some_space();
  Rng rng(3);
  Memory memory;
  std::vector<Config> leaders;
  for (int i = 0; i < 6; ++i) leaders.push_back(*memory.draw(space, rng));
  Memory here;
  const std::vector<Proposal> brood = breed_brood(space, leaders, 2, 100, memory, rng);
  EXPECT_GT(brood.size(), 80u);
  EXPECT_LE(brood.size(), 100u);
  for (const Proposal& one : brood) {
    EXPECT_TRUE(space.valid(one.config));
    EXPECT_FALSE(memory.contains(one.config));
    EXPECT_TRUE(here.insert(one.config));
    EXPECT_EQ(one.parents.size(), one.origin == "crossover"  ? 2u
                                  : one.origin == "mutation" ? 1u
                                                             : 0u);
  }
}

TEST(NearestLeaders, AreTheNearestAndTheOneThatHasTheRest) {
  const std::vector<Config> leaders{{{0, 0, 0, 0}}, {{1, 1, 1, 1}}, {{9, 9, 1, 1}}};
  EXPECT_EQ(nearest_leaders(leaders, {{0, 0, 0, 5}}), (std::vector<Config>{leaders[0]}));
  EXPECT_EQ(nearest_leaders(leaders, {{0, 0, 0, 1}}),
            (std::vector<Config>{leaders[0], leaders[1]}));
}

}  // namespace
}  // namespace evotune
