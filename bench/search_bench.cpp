// What evolve takes for a question when it knows 400 or 2,000 evaluations and has 18,000
// candidates: one between two fits, and one with everything anew. An item is a question.
#include <benchmark/benchmark.h>

#include <cmath>

#include "strategy/strategy.h"

namespace evotune {
namespace {

/// 17,956 valid configurations, the recorded GEMM's.
Space gemm() {
  const auto parameter = [](const char* name, const std::vector<std::int64_t>& numbers) {
    Parameter result{name, ParameterKind::value, {}, {}};
    for (const std::int64_t number : numbers) result.values.emplace_back(number);
    return result;
  };
  return {{parameter("MWG", {16, 32, 64, 128}), parameter("NWG", {16, 32, 64, 128}),
           parameter("KWG", {32}), parameter("MDIMC", {8, 16, 32}), parameter("NDIMC", {8, 16, 32}),
           parameter("MDIMA", {8, 16, 32}), parameter("NDIMB", {8, 16, 32}),
           parameter("VWM", {1, 2, 4, 8}), parameter("VWN", {1, 2, 4, 8}), parameter("SA", {0, 1}),
           parameter("SB", {0, 1})},
          {"MWG % (MDIMC * VWM) == 0", "NWG % (NDIMC * VWN) == 0", "MWG % (MDIMA * VWM) == 0",
           "NWG % (NDIMB * VWN) == 0", "KWG % ((MDIMC * NDIMC) // MDIMA) == 0",
           "KWG % ((MDIMC * NDIMC) // NDIMB) == 0", "MDIMC * NDIMC <= 1024"}};
}

Individual tried(Proposal proposal) {
  double fitness = 0;
  for (const std::uint32_t choice : proposal.config.choice) fitness += std::sin(choice + fitness);
  return {std::move(proposal), {}, {true, fitness}};
}

/// A strategy that was told so much and asked nothing since.
std::unique_ptr<Strategy> told(const Space& space, std::size_t evaluations) {
  auto strategy = make_strategy({}, space, 1);
  Rng rng(1);
  std::vector<Individual> answers;
  for (std::size_t i = 0; i < evaluations - 8; ++i)
    answers.push_back(tried({space.sample(rng), "preset", {}, 0}));
  strategy->tell(answers);
  answers.clear();
  for (Proposal& one : strategy->ask(8)) answers.push_back(tried(std::move(one)));
  strategy->tell(answers);
  return strategy;
}

template <std::size_t evaluations>
void question(benchmark::State& state) {
  const Space space = gemm();
  const auto strategy = told(space, evaluations);
  benchmark::DoNotOptimize(strategy->ask(1));
  for (auto _ : state) {
    for (Proposal& one : strategy->ask(1)) {
      const Individual answer = tried(std::move(one));
      strategy->tell({&answer, 1});
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(question<400>)
    ->Name("evolve: a question/evotune")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(50);
BENCHMARK(question<2000>)
    ->Name("evolve: a question/evotune, of 2000")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(50);

template <std::size_t evaluations>
void fit(benchmark::State& state) {
  const Space space = gemm();
  for (auto _ : state) {
    state.PauseTiming();
    const auto strategy = told(space, evaluations);
    state.ResumeTiming();
    benchmark::DoNotOptimize(strategy->ask(1));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(fit<400>)
    ->Name("evolve: a question with a fit/evotune")
    ->Unit(benchmark::kMillisecond)
    ->Iterations(2);

}  // namespace
}  // namespace evotune
