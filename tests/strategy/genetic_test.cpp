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

TEST(Genetic, BeatsRandomSearchByFarOnALandscapeWithInteractions) {
  const Space space = large_space();
  double genetic = 0, random = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    genetic += best_found("genetic", space, seed) / 30;
    random += best_found("random", space, seed) / 30;
  }
  RecordProperty("genetic", std::to_string(genetic));
  RecordProperty("random", std::to_string(random));
  EXPECT_GT(genetic, 0.8);
  EXPECT_GT(genetic, random + 0.3);
}

TEST(Genetic, CountsGenerationsByPopulationHoweverManyAreAskedAtOnce) {
  const Space space = large_space();
  const auto strategy = make("genetic", space, 1, 10);
  const std::vector<Individual> history = search(*strategy, hilly, 60, 7);
  for (std::size_t i = 0; i < history.size(); ++i)
    EXPECT_EQ(history[i].proposal.generation, i / 10);
}

TEST(Genetic, TheFirstGenerationIsRandomAndTheOthersAreBred) {
  const Space space = large_space();
  const auto strategy = make("genetic", space, 1);
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

std::vector<Individual> ranked(std::vector<Individual> told) {
  std::stable_sort(told.begin(), told.end(),
                   [](const Individual& a, const Individual& b) { return a.score > b.score; });
  return told;
}

/// How often, over six generations of ten, a parent was of this rank among all told before.
std::map<std::size_t, int> ranks_of_parents(const Space& space, double elite) {
  const auto strategy = make("genetic", space, 2, 10, elite);
  std::vector<Individual> told;
  std::map<std::size_t, int> counts;
  for (int generation = 0; generation < 6; ++generation) {
    const std::vector<Individual> before = ranked(told);
    std::vector<Individual> answers;
    for (const Proposal& one : strategy->ask(10)) {
      for (const Config& parent : one.parents)
        for (std::size_t rank = 0; rank < before.size(); ++rank)
          if (before[rank].config() == parent) ++counts[rank];
      answers.push_back(tried(one, hilly));
    }
    strategy->tell(answers);
    told.insert(told.end(), answers.begin(), answers.end());
  }
  return counts;
}

TEST(Genetic, ParentsAreAmongTheBestOfAllThatWasTold) {
  const std::map<std::size_t, int> counts = ranks_of_parents(large_space(), 0.25);
  EXPECT_GT(counts.size(), 3u);
  EXPECT_LT(counts.rbegin()->first, 10u);
}

TEST(Genetic, TheEliteBreedsMostAndItsSizeRoundsUp) {
  const auto share_of_first_three = [](std::map<std::size_t, int> counts) {
    double all = 0;
    for (const auto& [rank, count] : counts) all += count;
    return (counts[0] + counts[1] + counts[2]) / all;
  };
  std::map<std::size_t, int> counts = ranks_of_parents(large_space(), 0.21);  // 2.1 of ten
  EXPECT_GT(share_of_first_three(counts), 0.75);
  EXPECT_GT(counts[2], counts[3]);
  counts = ranks_of_parents(large_space(), 1.0);  // all of them: no favourites in half of the draws
  EXPECT_LT(share_of_first_three(counts), 0.75);
}

TEST(Genetic, LearnsFromABaselineItDidNotAskFor) {
  const Space space = large_space();
  const auto strategy = make("genetic", space, 3, 10, 0.1);
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

TEST(Genetic, DoesNotBreedFromFailuresAlone) {
  const Space space = large_space();
  const auto strategy = make("genetic", space, 4, 10);
  const auto fail = [](const Config&) { return Score{false, -1}; };
  for (const Proposal& one : questions(search(*strategy, fail, 40, 10)))
    EXPECT_EQ(one.origin, "random");
}

TEST(Genetic, AFailureIsNoParentWhereARightOneCompetes) {
  const Space space = large_space();
  const auto strategy = make("genetic", space, 5, 20, 0.1);
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

TEST(Genetic, LooksElsewhereWhenAllNeighboursAreKnown) {
  // No valid configuration differs from another in one parameter only.
  const Space space({numbers("A", 40), numbers("B", 40)}, {"A == B"});
  const auto strategy = make("genetic", space, 6, 4);
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

TEST(Genetic, LikesToBeAskedAGenerationAtOnce) {
  const Space space = large_space();
  EXPECT_EQ(make("genetic", space, 1, 30)->natural_batch(), 30u);
}

}  // namespace
}  // namespace evotune
