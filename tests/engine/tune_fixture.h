#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/tune.h"
#include "engine/workbench.h"
#include "fakes/fake_device.h"

namespace evotune {

inline constexpr const char* twice_space = EVOTUNE_SOURCE_DIR "/tests/data/twice.yaml";

/// Remembers what it was told.
struct Recorder final : Reporter {
  std::vector<std::string> seen, warnings;
  void evaluated(const Evaluation& one, const Progress&, bool) override {
    seen.push_back(one.config);
  }
  void warned(const std::string& what) override { warnings.push_back(what); }
};

inline StopRule after(std::uint64_t evaluations) {
  return [evaluations](const Progress& now) -> std::optional<std::string> {
    if (now.evaluations >= evaluations) return "evaluations";
    return std::nullopt;
  };
}

class Tune : public testing::Test {
 protected:
  Problem problem = load_problem(twice_space, {}, FakeDevice().info());
  Store store{":memory:"};
  int loaded_by_search = 0;
  FakeDevice* device = nullptr;  // the last bench's
  double noise = 0.01;           // of the times

  std::unique_ptr<Workbench> bench() {
    auto fake = std::make_unique<FakeDevice>();
    device = fake.get();
    device->noise = noise;
    return std::make_unique<Workbench>(problem, std::move(fake), std::make_unique<FakeDevice>(), 7);
  }

  RunRecord record() {
    RunRecord record;
    record.space_name = problem.file.name;
    record.space_hash = problem.file.hash;
    record.seed = 7;
    return record;
  }

  TuneResult search(std::int64_t run, std::uint64_t evaluations, Recorder& recorder) {
    const auto workbench = bench();
    TuneResult result = search_on(*workbench, run, evaluations, recorder, {12, 2});
    loaded_by_search = device->loaded;  // the device goes with its bench
    return result;
  }

  TuneResult search_with(Evaluator& evaluator, std::int64_t run, std::uint64_t evaluations,
                         Reporter& reporter, const TuneOptions& options) {
    const auto strategy = make_strategy(problem.file.search, problem.space, 7);
    Journal journal(store, run);
    return tune(problem, *strategy, evaluator, journal, after(evaluations), reporter, options);
  }

  /// On a bench whose device may have been told to misbehave.
  TuneResult search_on(Workbench& workbench, std::int64_t run, std::uint64_t evaluations,
                       Reporter& reporter, const TuneOptions& options) {
    return search_with(workbench.evaluator(), run, evaluations, reporter, options);
  }

  TuneResult search_on(Workbench& workbench, std::uint64_t evaluations,
                       const TuneOptions& options = {12, 1}) {
    Reporter silent;
    return search_on(workbench, store.begin_run(record()), evaluations, silent, options);
  }
};

}  // namespace evotune
