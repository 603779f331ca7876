// What it takes to know all valid configurations of a space, and to draw one, beside trying every
// combination. An item is one space, or one configuration drawn.
#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "device/make_device.h"
#include "space/bare_space.h"
#include "space/space.h"

namespace evotune {
namespace {

using SpaceMaker = std::function<Space()>;

Space shipped(const std::string& name) {
  static const Bindings facts = make_bare_device("cpu")->info().facts;
  static std::map<std::string, SpaceFile> files;
  auto found = files.find(name);
  if (found == files.end())
    found = files.emplace(name, read_space_file(EVOTUNE_SOURCE_DIR "/search_spaces/" + name)).first;
  return {found->second, facts};
}

std::vector<Value> values(std::initializer_list<std::int64_t> numbers) {
  return {numbers.begin(), numbers.end()};
}

/// Where trying every combination would take from seconds to hours; docs/spaces.md has what others
/// need.
Space published(const std::string& name) {
  const BareSpace bare =
      read_bare_space(EVOTUNE_SOURCE_DIR "/tests/data/construct/" + name + ".json");
  return {bare.parameters, bare.constraints};
}

// The parameters and restrictions of CLBlast's matrix product, which the papers on auto-tuning
// compare themselves on: 663,552 combinations.
Space clblast_gemm() {
  const auto parameter = [](const char* name, std::initializer_list<std::int64_t> numbers) {
    return Parameter{name, ParameterKind::value, values(numbers), {}};
  };
  return {
      {parameter("MWG", {16, 32, 64, 128}), parameter("NWG", {16, 32, 64, 128}),
       parameter("KWG", {16, 32}), parameter("MDIMC", {8, 16, 32}), parameter("NDIMC", {8, 16, 32}),
       parameter("MDIMA", {8, 16, 32}), parameter("NDIMB", {8, 16, 32}), parameter("KWI", {2}),
       parameter("VWM", {1, 2, 4, 8}), parameter("VWN", {1, 2, 4, 8}), parameter("STRM", {0, 1}),
       parameter("STRN", {0, 1}), parameter("SA", {0, 1}), parameter("SB", {0, 1})},
      {"KWG % KWI == 0", "MWG % (MDIMC * VWM) == 0", "NWG % (NDIMC * VWN) == 0",
       "MWG % (MDIMA * VWM) == 0", "NWG % (NDIMB * VWN) == 0",
       "KWG % ((MDIMC * NDIMC) // MDIMA) == 0", "KWG % ((MDIMC * NDIMC) // NDIMB) == 0"}};
}

void construct(benchmark::State& state, const SpaceMaker& make) {
  std::uint64_t valid = 0;
  for (auto _ : state) benchmark::DoNotOptimize(valid = make().count());
  state.counters["valid"] = static_cast<double>(valid);
  state.SetItemsProcessed(state.iterations());
}

/// The next combination in lexical order; false after the last.
bool advance(Config& config, const std::vector<Parameter>& parameters) {
  for (std::size_t i = parameters.size(); i-- > 0;) {
    if (++config.choice[i] < parameters[i].values.size()) return true;
    config.choice[i] = 0;
  }
  return false;
}

void try_all(benchmark::State& state, const SpaceMaker& make) {
  const Space space = make();
  std::uint64_t valid = 0;
  for (auto _ : state) {
    std::vector<Config> found;
    Config config{std::vector<std::uint32_t>(space.parameters().size(), 0)};
    do {
      if (space.valid(config)) found.push_back(config);
    } while (advance(config, space.parameters()));
    benchmark::DoNotOptimize(valid = found.size());
  }
  state.counters["valid"] = static_cast<double>(valid);
  state.SetItemsProcessed(state.iterations());
}

void sample(benchmark::State& state, const SpaceMaker& make) {
  const Space space = make();
  Rng rng(1);
  for (auto _ : state) benchmark::DoNotOptimize(space.sample(rng));
  state.SetItemsProcessed(state.iterations());
}

void reject(benchmark::State& state, const SpaceMaker& make) {
  const Space space = make();
  Rng rng(1);
  Config config{std::vector<std::uint32_t>(space.parameters().size(), 0)};
  for (auto _ : state) {
    do {
      for (std::size_t i = 0; i < config.choice.size(); ++i)
        config.choice[i] =
            static_cast<std::uint32_t>(rng.below(space.parameters()[i].values.size()));
    } while (!space.valid(config));
    benchmark::DoNotOptimize(config);
  }
  state.SetItemsProcessed(state.iterations());
}

void add(const std::string& name, const SpaceMaker& make) {
  const auto each = [&](const std::string& label,
                        void (*run)(benchmark::State&, const SpaceMaker&)) {
    benchmark::RegisterBenchmark(label.c_str(), run, make);
  };
  each("list " + name + "/evotune", construct);
  each("list " + name + "/every combination asked", try_all);
  each("sample " + name + "/evotune", sample);
  each("sample " + name + "/until one is valid", reject);
}

const bool added = [] {
  for (const char* name : {"gemm_f32.yaml", "reduce_sum.yaml", "row_softmax.yaml"})
    add(name, [name] { return shipped(name); });
  add("CLBlast's GEMM", clblast_gemm);
  for (const char* name : {"hotspot", "microhh", "expdist", "atf_prl_8x8", "atf_gaussian"})
    benchmark::RegisterBenchmark((std::string("list ") + name + "/evotune").c_str(), construct,
                                 [name] { return published(name); });
  return true;
}();

}  // namespace
}  // namespace evotune
