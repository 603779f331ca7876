// Runs on a machine that keeps failing. EVOTUNE_LONG=1 makes them as long as docs/reliability.md
// says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "base/clock.h"
#include "base/file.h"
#include "base/rng.h"
#include "store/sqlite.h"
#include "tune_fixture.h"

namespace evotune {
namespace {

const std::string baseline_variant = "1 1 right";

/// A space of some 11,000 configurations, of which half go wrong in this way by themselves.
Problem large_problem(const std::string& wrong = "crash") {
  SpaceFile file = read_space_file(twice_space, {});
  for (const std::size_t i : {0U, 1U}) {
    file.parameters.at(i).values.clear();
    for (std::int64_t value = 1; value <= 300; ++value)
      file.parameters.at(i).values.emplace_back(value);
  }
  file.parameters.at(2).values = {Value(std::string("right")), Value(wrong)};
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

TEST_F(Survival, AKernelThatAnswersNaNIsNeverTheBestOfAPopulation) {
  problem = large_problem("nan");
  constexpr std::size_t population = 10;
  const std::size_t populations = thorough ? 1'000 : 20;
  const auto workbench = bench();
  const TuneResult result = search_on(*workbench, population * populations, {population, 1});
  ASSERT_EQ(result.evaluations.size(), population * populations);
  std::size_t strange = 0, strange_best = 0;
  for (std::size_t first = 0; first < result.evaluations.size(); first += population) {
    const Evaluation* best = &result.evaluations[first];
    bool any_right = false;
    for (std::size_t i = first; i < first + population; ++i) {
      const Evaluation& one = result.evaluations[i];
      const bool nan = one.individual.outcome.accuracy && one.individual.outcome.accuracy->has_nan;
      strange += nan ? 1U : 0U;
      any_right = any_right || !nan;
      if (one.individual.score > best->individual.score) best = &one;
    }
    strange_best += any_right && best->individual.outcome.accuracy->has_nan ? 1U : 0U;
  }
  EXPECT_GT(strange, population * populations / 3);
  EXPECT_EQ(strange_best, 0U);
  EXPECT_EQ(store.connection().value<int>("SELECT count(*) FROM best WHERE config LIKE '%nan%'"),
            0);
  EXPECT_EQ(store.connection().value<std::size_t>("SELECT count(*) FROM failures WHERE has_nan"),
            strange);
  std::printf("figure: %zu of %zu kernels in %zu populations answered NaN: best of %zu\n", strange,
              population * populations, populations, strange_best);
}

TEST_F(Survival, ALongRunIsTakenUpAgainWithinAMinute) {
  problem.file.search.strategy = "evolve";
  const std::uint64_t evaluations = thorough ? 2'000 : 60;
  const TemporaryDirectory folder;
  const auto workbench = bench();
  const auto search = [&](std::uint64_t most) {
    Store file((folder.path() / "long.db").string());
    const auto unfinished = file.newest_unfinished(record());
    Journal journal(file, unfinished ? *unfinished : file.begin_run(record()));
    const auto strategy = make_strategy(problem.file.search, problem.space, 7);
    Recorder recorder;
    const TuneResult all =
        tune(problem, *strategy, workbench->evaluator(), journal, after(most), recorder, {12, 1});
    EXPECT_EQ(all.evaluations.size(), most);
    return recorder.seen;
  };
  const std::vector<std::string> before = search(evaluations);
  const Seconds begun = monotonic_seconds();
  std::vector<std::string> resumed = search(evaluations + 1);
  const Seconds took = monotonic_seconds() - begun;
  ASSERT_EQ(resumed.size(), evaluations + 1);
  resumed.pop_back();
  EXPECT_EQ(resumed, before);
  EXPECT_LE(took, 60);
  std::printf(
      "figure: a run of %zu evaluations taken up again, checked and played back, in %.1f s\n",
      before.size(), took);
}

}  // namespace
}  // namespace evotune
