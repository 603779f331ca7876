#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "trial.h"

namespace evotune {
namespace {

std::unique_ptr<Strategy> make(const std::string& name, const Space& space, std::uint64_t seed,
                               int population = 24, double elite = 0.1) {
  SearchSettings settings;
  settings.strategy = name;
  settings.population = population;
  settings.elite = elite;
  return make_strategy(settings, space, seed);
}

/// Eight parameters, 8^6 × 4 × 2 combinations, half of them valid.
Space large_space() {
  return Space({numbers("A", 8), numbers("B", 8), numbers("C", 8), numbers("D", 8), numbers("E", 8),
                numbers("F", 8), words("G", {"a", "b", "c", "d"}), words("H", {"on", "off"})},
               {"A * B <= 24"});
}

/// Each parameter counts for itself, and two pairs must fit each other. The best is worth 1.
Score hilly(const Config& config) {
  const auto& c = config.choice;
  constexpr double best_at[] = {3, 5, 2, 7, 4, 1};
  double loss = 0;
  for (std::size_t i = 0; i < 6; ++i) loss += std::abs(c[i] - best_at[i]) / 7;
  loss += 2 * std::abs((c[2] + 5.0) - c[3]) / 7;  // an interaction
  if (c[6] != 2) loss += 0.5;
  if (c[6] == 2 && c[7] != 1) loss += 0.5;  // and another
  return {true, std::exp(-loss)};
}

double best_found(const std::string& name, const Space& space, std::uint64_t seed) {
  const auto strategy = make(name, space, seed);
  double best = 0;
  for (const Individual& one : search(*strategy, hilly, 240, 24))
    best = std::max(best, one.score.fitness);
  return best;
}

TEST(Evolve, BeatsRandomSearchByFarOnALandscapeWithInteractions) {
  const Space space = large_space();
  double evolve = 0, random = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    evolve += best_found("evolve", space, seed) / 30;
    random += best_found("random", space, seed) / 30;
  }
  RecordProperty("evolve", std::to_string(evolve));
  RecordProperty("random", std::to_string(random));
  EXPECT_GT(evolve, 0.8);
  EXPECT_GT(evolve, random + 0.3);
}

TEST(Evolve, CountsGenerationsByPopulationHoweverManyAreAskedAtOnce) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 1, 10);
  const std::vector<Individual> history = search(*strategy, hilly, 60, 7);
  for (std::size_t i = 0; i < history.size(); ++i)
    EXPECT_EQ(history[i].proposal.generation, i / 10);
}

TEST(Evolve, TheFirstGenerationIsRandomAndTheOthersAreBred) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 1);
  std::map<std::string, int> origins;
  for (const Proposal& one : questions(search(*strategy, hilly, 240, 24))) {
    ++origins[one.origin];
    EXPECT_EQ(one.origin == "random", one.generation == 0);
    EXPECT_EQ(one.parents.size(), one.origin == "crossover"  ? 2u
                                  : one.origin == "mutation" ? 1u
                                                             : 0u);
  }
  EXPECT_EQ(origins["random"], 24);
  EXPECT_GT(origins["crossover"], 50);
  EXPECT_GT(origins["mutation"], 20);
}

TEST(Evolve, ParentsAreOfTheLastGenerationOrTheElite) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 2, 10, 0.25);
  std::vector<Individual> told;
  for (int generation = 0; generation < 6; ++generation) {
    std::vector<Individual> ranked = told;
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const Individual& a, const Individual& b) { return a.score > b.score; });
    std::set<Config> allowed;
    for (std::size_t i = 0; i < ranked.size() && i < 3; ++i)  // 2.5 rounds up
      allowed.insert(ranked[i].config());
    for (const Individual& one : told)
      if (one.proposal.generation + 1 == static_cast<std::uint32_t>(generation))
        allowed.insert(one.config());
    std::vector<Individual> answers;
    for (const Proposal& one : strategy->ask(10)) {
      for (const Config& parent : one.parents) EXPECT_EQ(allowed.count(parent), 1u);
      answers.push_back(tried(one, hilly));
    }
    strategy->tell(answers);
    told.insert(told.end(), answers.begin(), answers.end());
  }
}

TEST(Evolve, LearnsFromABaselineItDidNotAskFor) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 3, 10, 0.1);
  Config optimum{{3, 4, 2, 7, 4, 1, 2, 1}};
  ASSERT_TRUE(space.valid(optimum));
  strategy->tell(std::vector<Individual>{tried({optimum, "baseline", {}, 0}, hilly)});
  const std::vector<Individual> history = search(*strategy, hilly, 40, 10);
  const auto bred_from_it = [&optimum](const Individual& one) {
    const auto& parents = one.proposal.parents;
    return std::find(parents.begin(), parents.end(), optimum) != parents.end();
  };
  EXPECT_GT(std::count_if(history.begin(), history.end(), bred_from_it), 5);
}

TEST(Evolve, DoesNotBreedFromFailuresAlone) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 4, 10);
  const auto fail = [](const Config&) { return Score{false, -1}; };
  for (const Proposal& one : questions(search(*strategy, fail, 40, 10)))
    EXPECT_EQ(one.origin, "random");
}

TEST(Evolve, AFailureIsNoParentWhereARightOneCompetes) {
  const Space space = large_space();
  const auto strategy = make("evolve", space, 5, 20, 0.1);
  const auto mostly_fails = [](const Config& config) {
    return config.choice[0] < 2 ? hilly(config) : Score{false, -1};
  };
  const std::vector<Individual> history = search(*strategy, mostly_fails, 200, 20);
  const auto right = [](const Individual& one) { return one.score.passed; };
  const auto first = std::count_if(history.begin(), history.begin() + 20, right);
  const auto last = std::count_if(history.end() - 20, history.end(), right);
  EXPECT_GT(last, first);
  EXPECT_GE(last, 12);
}

TEST(Evolve, LooksElsewhereWhenAllNeighboursAreKnown) {
  // No valid configuration differs from another in one parameter only.
  const Space space({numbers("A", 40), numbers("B", 40)}, {"A == B"});
  const auto strategy = make("evolve", space, 6, 4);
  std::map<std::string, int> origins;
  for (const Proposal& one : questions(search(
           *strategy,
           [](const Config& c) {
             return Score{true, 1.0 * c.choice[0]};
           },
           40, 4)))
    ++origins[one.origin];
  EXPECT_GT(origins["immigrant"], 0);
}

TEST(Evolve, LikesToBeAskedAGenerationAtOnce) {
  const Space space = large_space();
  EXPECT_EQ(make("evolve", space, 1, 30)->natural_batch(), 30u);
}

}  // namespace
}  // namespace evotune
