// What memetic, local and anneal each do of their own; what they share with all is in
// contract_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "strategy/population.h"
#include "trial.h"

namespace evotune {
namespace {

Space some_space() {
  return Space({numbers("A", 8), numbers("B", 8), numbers("C", 8), numbers("D", 6),
                words("E", {"a", "b", "c"})},
               {"A * B <= 24"});
}

Score hill(const Config& config) {
  const auto& c = config.choice;
  return {true, -std::abs(c[0] - 2.0) - std::abs(c[1] - 5.0) - std::abs(c[2] - 6.0) -
                    std::abs(c[3] - 1.0) - (c[4] == 1 ? 0 : 2)};
}

std::vector<Individual> searched(const std::string& name, std::size_t budget, std::size_t batch,
                                 std::uint64_t seed = 1) {
  const Space space = some_space();
  SearchSettings settings;
  settings.strategy = name;
  return search(*make_strategy(settings, space, seed), hill, budget, batch);
}

double mean_best(const std::string& name) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    double best = -1e300;
    for (const Individual& one : searched(name, 120, 4, seed))
      best = std::max(best, one.score.fitness);
    sum += best / 10;
  }
  return sum;
}

TEST(Stepwise, EachComesNearerToTheTopThanRandomSearch) {
  const double random = mean_best("random");
  for (const char* name : {"memetic", "local", "anneal"})
    EXPECT_GT(mean_best(name), random + 1) << name;
}

TEST(Stepwise, TheFirstQuestionsAreTheDesign) {
  for (const char* name : {"memetic", "local", "anneal"}) {
    const std::vector<Individual> history = searched(name, 30, 1);
    for (std::size_t i = 0; i < history.size(); ++i)
      EXPECT_EQ(history[i].proposal.origin == "design", i < 8) << name << ' ' << i;
  }
}

std::size_t differences(const Config& a, const Config& b) {
  std::size_t count = 0;
  for (std::size_t p = 0; p < a.choice.size(); ++p) count += a.choice[p] != b.choice[p] ? 1U : 0U;
  return count;
}

TEST(Memetic, ClimbsFromEveryNewBestBeforeItBreedsAgain) {
  const std::vector<Individual> history = searched("memetic", 80, 1);
  Score best = history[0].score;
  Config at = history[0].config();
  int climbs = 0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    const Proposal& one = history[i].proposal;
    if (i >= 8 && history[i - 1].score == best && history[i - 1].config() == at) {
      EXPECT_EQ(one.origin, "climb") << i;
    }
    if (one.origin == "climb") {
      ++climbs;
      EXPECT_EQ(one.parents, (std::vector<Config>{at}));
      EXPECT_EQ(differences(one.config, at), 1u);
    }
    if (history[i].score > best) {
      best = history[i].score;
      at = one.config;
    }
  }
  EXPECT_GT(climbs, 10);
}

TEST(Local, KicksTheBestOnceItsNeighboursAreKnown) {
  const std::vector<Individual> history = searched("local", 150, 1);
  std::map<std::string, int> origins;
  for (const Individual& one : history) {
    ++origins[one.proposal.origin];
    if (one.proposal.origin == "mutation") {
      EXPECT_EQ(differences(one.config(), one.proposal.parents.at(0)), 1u);
    }
  }
  EXPECT_GT(origins["mutation"], 50);
  EXPECT_GT(origins["kick"], 0);
}

TEST(Anneal, AlsoGoesOnFromWorseOnesThanTheBest) {
  const std::vector<Individual> history = searched("anneal", 200, 1);
  std::map<Config, Score> scores;
  std::vector<int> from_worse;  // whether the parent was not the best known
  Score best{false, 0};
  for (const Individual& one : history) {
    if (one.proposal.origin == "mutation")
      from_worse.push_back(scores.at(one.proposal.parents.at(0)) < best ? 1 : 0);
    scores[one.config()] = one.score;
    best = std::max(best, one.score);
  }
  ASSERT_GT(from_worse.size(), 100u);
  EXPECT_GT(std::count(from_worse.begin(), from_worse.begin() + 50, 1), 0);
}

TEST(Population, RanksByScoreAndKnowsAPlace) {
  Population population;
  const auto add = [&population](std::uint32_t choice, Score score) {
    const Individual one{{{{choice}}, "random", {}, 0}, {}, score};
    population.insert({&one, 1});
  };
  EXPECT_FALSE(population.right());
  add(0, {false, 9});
  EXPECT_FALSE(population.right());
  add(1, {true, 1});
  add(2, {true, 3});
  add(3, {true, 1});
  EXPECT_TRUE(population.right());
  EXPECT_EQ(population[0].config, (Config{{2}}));
  EXPECT_EQ(population[1].config, (Config{{1}}));
  EXPECT_EQ(population[3].config, (Config{{0}}));
  EXPECT_EQ(population.place({true, 3}), 0);
  EXPECT_EQ(population.place({true, 1}), 0.25);
  EXPECT_EQ(population.place({true, 2}), 0.25);
}

}  // namespace
}  // namespace evotune
