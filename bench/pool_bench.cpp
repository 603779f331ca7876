// 64 variants of gemm_f32, compiled for a GPU by NVRTC in worker processes, beside the same by one
// worker. An item is all of them.
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "base/rng.h"
#include "device/cuda/architectures.h"
#include "device/cuda/nvrtc.h"
#include "device/isolated/isolated_device.h"
#include "device/isolated/serve.h"
#include "engine/workbench.h"

namespace evotune {
namespace {

constexpr const char* arch = "sm_90";

/// NVRTC as a device that needs no GPU, because nothing is run on it.
class CompilingDevice final : public Device {
 public:
  CompilingDevice() {
    info_.id = info_.name = info_.arch = arch;
    info_.facts = nominal_facts(arch);
  }
  const DeviceInfo& info() const override { return info_; }
  Result<Compiled> compile(const Source& source) const override {
    return compiler_.compile(source, arch);
  }
  Result<std::unique_ptr<Loaded>> load(const Compiled&, const Launch&, const Workload&) override {
    return Failure{Stage::infrastructure, "it only compiles"};
  }

 private:
  CudaCompiler compiler_;
  DeviceInfo info_;
};

std::vector<Source> variants() {
  const Problem problem =
      load_problem(EVOTUNE_SOURCE_DIR "/search_spaces/gemm_f32.yaml", {}, CompilingDevice().info());
  Rng rng(64);
  std::vector<Source> sources;
  while (sources.size() < 64)
    if (Result<Source> one =
            render(problem.kernel, problem.file, problem.space.bind(problem.space.sample(rng))))
      sources.push_back(*std::move(one));
  return sources;
}

void compile_all(benchmark::State& state, int workers) {
  const std::vector<Source> sources = variants();
  const IsolatedDevice device({{"/proc/self/exe", "worker"}});
  for (auto _ : state) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < sources.size(); i = next++)
        benchmark::DoNotOptimize(device.compile(sources[i]));
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < workers; ++i) threads.emplace_back(work);
    for (std::thread& one : threads) one.join();
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace
}  // namespace evotune

// worker --fd N --report-fd N: the compiler in a process of its own.
int main(int argc, char** argv) {
  using namespace evotune;
  if (argc == 6 && std::string_view(argv[1]) == "worker")
    return serve([] { return std::make_unique<CompilingDevice>(); }, std::atoi(argv[3]));
  benchmark::Initialize(&argc, argv);
  if (CudaCompiler().available()) {
    benchmark::RegisterBenchmark("compile 64 GEMMs/evotune, 2 workers", compile_all, 2)
        ->UseRealTime();
    benchmark::RegisterBenchmark("compile 64 GEMMs/1 worker", compile_all, 1)->UseRealTime();
  }
  benchmark::RunSpecifiedBenchmarks();
}
