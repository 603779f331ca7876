// What evotune adds to the work that must be done anyway. An item of "an evaluation" is one
// candidate that goes all the way: rendered, compiled, loaded, verified, timed, scored, stored and
// told, on a fake device that takes next to no time and on 64 elements; beside it, the same number
// of runs of that device alone; "in workers": the device is in a process of its own, as candidates'
// is. An item of "a run" is one request to a device.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "device/isolated/isolated_device.h"
#include "device/isolated/serve.h"
#include "engine/tune.h"
#include "engine/workbench.h"
#include "fakes/fake_device.h"

namespace evotune {
namespace {

constexpr std::uint64_t evaluations = 40;  // of the 41 valid configurations that are right

Problem twice() {
  SpaceFile file = read_space_file(EVOTUNE_SOURCE_DIR "/tests/data/twice.yaml");
  file.parameters.at(2).values.resize(1);  // MODE: right
  return load_problem(std::move(file), FakeDevice().info());
}

std::optional<std::string> enough(const Progress& now) {
  if (now.evaluations >= evaluations) return "evaluations";
  return std::nullopt;
}

/// Counts the runs of its device.
struct Counted {
  std::unique_ptr<FakeDevice> device = std::make_unique<FakeDevice>();
  std::shared_ptr<std::int64_t> runs = std::make_shared<std::int64_t>(0);
  Counted() {
    device->before_run = [runs = runs](const std::string&, const Run&) {
      ++*runs;
      return std::nullopt;
    };
  }
};

/// One whole search.
void search(const Problem& problem, std::unique_ptr<Device> device) {
  Workbench bench(problem, std::move(device), std::make_unique<FakeDevice>(), 7);
  const auto strategy = make_strategy(problem.file.search, problem.space, 7);
  Store store(":memory:");
  Journal journal(store, store.begin_run({}));
  Reporter silent;
  (void)tune(problem, *strategy, bench.evaluator(), journal, enough, silent, {});
}

/// The number of runs that its device was asked for.
std::int64_t search(const Problem& problem) {
  Counted counted;
  search(problem, std::move(counted.device));
  return *counted.runs;
}

std::unique_ptr<Device> in_workers() {
  return std::make_unique<IsolatedDevice>(WorkerCommand{{"/proc/self/exe", "worker"}});
}

/// Starting the workers is no part of it: a run does so once.
void evaluate_in_workers(benchmark::State& state) {
  const Problem problem = twice();
  for (auto _ : state) {
    state.PauseTiming();
    std::unique_ptr<Device> device = in_workers();
    state.ResumeTiming();
    search(problem, std::move(device));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(evaluations));
}

void evaluate(benchmark::State& state) {
  const Problem problem = twice();
  std::int64_t runs = 0;
  for (auto _ : state) runs = search(problem);
  state.counters["runs of the device"] = static_cast<double>(runs) / evaluations;
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(evaluations));
}

Workload doubled_numbers() {
  Workload workload{
      "numbers",
      {{"x", Role::in, ElementType::f32, 64, ""}, {"y", Role::out, ElementType::f32, 64, ""}},
      {}};
  workload.input_sets.assign(8, {Buffer(256), Buffer()});
  return workload;
}

std::unique_ptr<Loaded> loaded_on(Device& device, const Workload& workload) {
  return std::move(*device.load(*device.compile({}), {}, workload));
}

void run_alone(benchmark::State& state) {
  const std::int64_t runs = search(twice());
  FakeDevice device;
  const Workload workload = doubled_numbers();
  const auto loaded = loaded_on(device, workload);
  for (auto _ : state)
    for (std::int64_t i = 0; i < runs; ++i) benchmark::DoNotOptimize(loaded->run({}));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(evaluations));
}

void call(benchmark::State& state, Device& device) {
  const Workload workload = doubled_numbers();
  const auto loaded = loaded_on(device, workload);
  for (auto _ : state) benchmark::DoNotOptimize(loaded->run({}));
  state.SetItemsProcessed(state.iterations());
}

void call_worker(benchmark::State& state) { call(state, *in_workers()); }

void call_here(benchmark::State& state) {
  FakeDevice device;
  call(state, device);
}

BENCHMARK(evaluate)->Name("an evaluation/evotune");
BENCHMARK(run_alone)->Name("an evaluation/the same runs alone");
BENCHMARK(evaluate_in_workers)->Name("an evaluation in workers/evotune")->UseRealTime();
BENCHMARK(call_worker)->Name("a run/evotune, in a worker")->UseRealTime();
BENCHMARK(call_here)->Name("a run/in this process")->UseRealTime();

}  // namespace
}  // namespace evotune

// worker --fd N --report-fd N: the fake device in a process of its own.
int main(int argc, char** argv) {
  using namespace evotune;
  if (argc == 6 && std::string_view(argv[1]) == "worker")
    return serve([] { return std::make_unique<FakeDevice>(); }, std::atoi(argv[3]));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
