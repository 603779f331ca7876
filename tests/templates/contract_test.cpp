// What every kernel template owes its users, for every folder of kernel_templates/ and every space
// of it in search_spaces/: both are found when the test runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "device/cpu/cpu_device.h"
#include "device/cuda/nvrtc.h"
#include "device/make_device.h"
#include "engine/workbench.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

const fs::path templates = EVOTUNE_SOURCE_DIR "/kernel_templates";
const fs::path spaces = EVOTUNE_SOURCE_DIR "/search_spaces";

constexpr int sampled = 5;
constexpr std::uint64_t seed = 20240608;

std::vector<std::string> names_in(const fs::path& folder, bool folders) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (folders ? entry.is_directory() && entry.path().filename() != "include"
                : entry.path().extension() == ".yaml")
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// What a test is parameterised by, readable in its name.
std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

class TemplateFolder : public testing::TestWithParam<std::string> {};

TEST_P(TemplateFolder, HasKernelReferenceAndReadme) {
  for (const char* file : {"kernel.cu", "reference.cu", "README.md"})
    EXPECT_TRUE(fs::is_regular_file(templates / GetParam() / file)) << file;
}

TEST_P(TemplateFolder, HasASearchSpace) {
  std::set<std::string> tuned;
  for (const std::string& name : names_in(spaces, false))
    tuned.insert(read_space_file(spaces / (name + ".yaml")).kernel.name);
  EXPECT_EQ(tuned.count(GetParam()), 1U);
}

INSTANTIATE_TEST_SUITE_P(All, TemplateFolder, testing::ValuesIn(names_in(templates, true)),
                         test_name);

std::unique_ptr<Device> cpu_device() {
  DeviceOptions options;
  options.worker = {DEVICE_WORKER};
  return make_device("cpu", options);
}

class TemplateInSpace : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Device> device = cpu_device();
  Problem problem = load_problem(spaces / (std::string(GetParam()) + ".yaml"), {}, device->info());

  /// Baseline, presets and some at random.
  std::vector<Preset> variants() const {
    std::vector<Preset> all{{"baseline", baseline_of(problem)}};
    for (Preset& preset : presets_of(problem)) all.push_back(std::move(preset));
    Rng rng(seed);
    for (int i = 0; i < sampled; ++i) all.push_back({"random", problem.space.sample(rng)});
    return all;
  }
  std::string text(const Preset& variant) const {
    return variant.name + ": " + problem.space.key(variant.config);
  }
};

TEST_P(TemplateInSpace, HasAtLeast500ValidConfigurations) {
  EXPECT_GE(problem.space.count(), 500U);
}

TEST_P(TemplateInSpace, NamesAwkwardShapesAndKeepsSomeForTheFinals) {
  EXPECT_GE(problem.file.check.size(), 2U);
  EXPECT_GE(problem.file.held_out.size(), 1U);
}

TEST_P(TemplateInSpace, CompilesForEveryArchitecture) {
  const CudaCompiler compiler;
  if (!compiler.available()) GTEST_SKIP() << compiler.why_not();
  for (const Preset& variant : variants()) {
    const Result<Source> source =
        render(problem.kernel, problem.file, problem.space.bind(variant.config));
    ASSERT_TRUE(source) << text(variant) << ": " << source.error().message;
    for (const char* arch : {"sm_80", "sm_89", "sm_90"}) {
      const Result<Compiled> compiled = compiler.compile(*source, arch);
      ASSERT_TRUE(compiled) << text(variant) << ", " << arch << ": " << compiled.error().message;
      EXPECT_FALSE(compiled->image.empty());
      EXPECT_TRUE(compiled->facts.registers) << text(variant) << ", " << arch;
    }
  }
}

TEST_P(TemplateInSpace, IsRightOnTheCpuAtEveryShapeAndWithoutARace) {
  problem.file.measure.min_pairs = problem.file.measure.max_pairs = 3;  // how fast is not asked
  Workbench bench(problem, std::move(device), cpu_device(), seed);
  Examination examination;
  examination.held_out = true;
  examination.trials = 2;
  for (const Preset& variant : variants()) {
    examination.races = variant.name != "random";  // which costs another compilation
    const Candidate candidate = bench.evaluator().prepare(variant.config);
    const Outcome outcome = bench.evaluator().evaluate(candidate, examination);
    const Failure* failure = outcome.failure();
    EXPECT_EQ(failure, nullptr) << text(variant) << ": " << to_text(failure->stage) << ": "
                                << failure->message;
  }
}

TEST_P(TemplateInSpace, GivesTheSameBitsOnOneCoreAndOnTwo) {
  const auto two = make_cpu_device({.cores = 2, .alone = 0}), one = make_cpu_device({.cores = 1});
  for (const Preset& variant :
       {Preset{"baseline", baseline_of(problem)}, presets_of(problem).front()}) {
    const Bindings bound = problem.space.bind(variant.config, problem.file.held_out.front());
    const auto source = render(problem.kernel, problem.file, bound);
    const auto workload =
        make_workload(problem.file.arguments, bound, {InputFlavour::declared}, 1, "");
    const auto launch = launch_of(problem.file.launch, bound);
    ASSERT_TRUE(source && workload && launch) << text(variant);
    const auto compiled = two->compile(*source);
    ASSERT_TRUE(compiled) << text(variant) << ": " << compiled.error().message;
    std::vector<Buffers> answers;
    for (Device* spread : {one.get(), two.get(), two.get()}) {
      const auto loaded = spread->load(*compiled, *launch, *workload);
      ASSERT_TRUE(loaded && (*loaded)->run({.flush = false})) << text(variant);
      answers.push_back(*(*loaded)->read());
    }
    EXPECT_EQ(answers[0], answers[1]) << text(variant);
    EXPECT_EQ(answers[0], answers[2]) << text(variant);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TemplateInSpace, testing::ValuesIn(names_in(spaces, false)),
                         test_name);

}  // namespace
}  // namespace evotune
