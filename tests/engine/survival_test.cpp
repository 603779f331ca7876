// Runs on a machine that keeps failing. EVOTUNE_LONG=1 makes them as long as docs/reliability.md
// says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "base/rng.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

const std::string baseline_variant = "1 1 right";

/// A space of some 11,000 configurations, of which half crash by themselves.
Problem large_problem() {
  SpaceFile file = read_space_file(twice_space, {});
  for (const std::size_t i : {0U, 1U}) {
    file.parameters.at(i).values.clear();
    for (std::int64_t value = 1; value <= 300; ++value)
      file.parameters.at(i).values.emplace_back(value);
  }
  file.parameters.at(2).values = {Value(std::string("right")), Value(std::string("crash"))};
  file.constraints = {{*Expression::parse("A * B <= 1024"), {}}};
  file.search.strategy = "random";
  file.measure.min_pairs = file.measure.max_pairs = 3;
  return load_problem(std::move(file), FakeDevice().info());
}

/// Breaks one call in the course of every n-th candidate: its own, or the baseline's beside it.
class Faults {
 public:
  Faults(std::uint64_t every, Stage stage) : every_(every), stage_(stage) {}

  std::optional<Failure> before_run(const std::string& variant) {
    if (variant != baseline_variant && variant != current_) begin(variant);
    if (calls_left_ == 0 || --calls_left_ != 0) return std::nullopt;
    ++injected;
    if (variant != baseline_variant && stage_ != Stage::infrastructure) guilty.insert(variant);
    return Failure{stage_, "injected"};
  }

  std::set<std::string> guilty;  ///< variants in whose own run it happened
  std::uint64_t injected = 0;

 private:
  void begin(const std::string& variant) {
    current_ = variant;
    calls_left_ = ++candidates_ % every_ == 0 ? 1 + rng_.below(25) : 0;
  }

  std::uint64_t every_, candidates_ = 0, calls_left_ = 0;
  Stage stage_;
  std::string current_;
  Rng rng_{11};
};

class Survival : public Tune {
 protected:
  Survival() {
    problem = large_problem();
    noise = 0;
  }

  TuneResult search_with(Faults& faults, std::uint64_t evaluations) {
    const auto workbench = bench();
    device->before_run = [&](const std::string& variant, auto&&) {
      return faults.before_run(variant);
    };
    return search_on(*workbench, evaluations);
  }

  std::string variant_of(const Evaluation& one) const {
    const Bindings values = problem.space.values(one.individual.config());
    return to_text(values.at("A")) + " " + to_text(values.at("B")) + " " +
           to_text(values.at("MODE"));
  }

  const bool thorough = std::getenv("EVOTUNE_LONG") != nullptr;
};

TEST_F(Survival, AFaultInEverySeventhCandidateIsBlamedOnNobodyElse) {
  const std::uint64_t evaluations = thorough ? 10'000 : 300;
  Faults faults(7, Stage::crash);
  const TuneResult result = search_with(faults, evaluations);
  ASSERT_EQ(result.evaluations.size(), evaluations);
  std::size_t blamed = 0, wrongly = 0;
  for (const Evaluation& one : result.evaluations) {
    const std::string variant = variant_of(one);
    const std::string mode = variant.substr(variant.rfind(' ') + 1);
    const Failure* failure = one.individual.outcome.failure();
    const bool guilty = faults.guilty.count(variant) == 1;
    const bool crashed = failure != nullptr && failure->stage == Stage::crash;
    blamed += guilty ? 1U : 0U;
    wrongly += guilty || mode == "crash" ? (crashed ? 0U : 1U) : (failure != nullptr ? 1U : 0U);
  }
  EXPECT_EQ(wrongly, 0U);
  EXPECT_EQ(blamed, faults.guilty.size());
  EXPECT_GT(faults.injected, evaluations / 30);  // a wrong candidate may end before its fault
  EXPECT_GT(faults.injected, faults.guilty.size());
  std::printf(
      "figure: %zu evaluations, %zu faults, %zu of them in a candidate's own run; %zu blamed "
      "wrongly\n",
      result.evaluations.size(), static_cast<std::size_t>(faults.injected), blamed, wrongly);
}

TEST_F(Survival, AFaultOfTheMachineInEveryFifthCandidateChangesNothing) {
  const std::uint64_t evaluations = thorough ? 2'000 : 120;
  Faults none(evaluations + 1, Stage::infrastructure), some(5, Stage::infrastructure);
  const TuneResult whole = search_with(none, evaluations);
  const TuneResult shaken = search_with(some, evaluations);
  ASSERT_EQ(shaken.evaluations.size(), whole.evaluations.size());
  EXPECT_GT(some.injected, evaluations / 20);
  for (std::size_t i = 0; i < whole.evaluations.size(); ++i) {
    EXPECT_EQ(shaken.evaluations[i].individual.proposal, whole.evaluations[i].individual.proposal);
    EXPECT_EQ(shaken.evaluations[i].individual.outcome, whole.evaluations[i].individual.outcome);
  }
  std::printf("figure: %zu evaluations, %zu faults of the machine; population as without\n",
              shaken.evaluations.size(), static_cast<std::size_t>(some.injected));
}

}  // namespace
}  // namespace evotune
