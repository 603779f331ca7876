// The kernels of races/racy.cu and races/clean.cu, each file compiled once with a kernel that picks
// one of them by number. scripts/races runs them with every compiler.
#include <gtest/gtest.h>

#include <algorithm>

#include "asked_compilers.h"
#include "base/file.h"
#include "kernel_file.h"

namespace evotune::cpu_test {
namespace {

/// One file of kernels, compiled once for each compiler.
class RaceKernels {
 public:
  RaceKernels(const std::string& file, const std::string& compiler)
      : device_(make_cpu_device({.compiler = compiler})) {
    const std::string text = read_file(EVOTUNE_SOURCE_DIR "/tests/device/cpu/races/" + file);
    listed_ = kernels_in(text);
    Source source = source_of(with_chooser(text, listed_), "chosen");
    source.observed = true;
    const Result<Compiled> compiled = device_->compile(source);
    if (compiled)
      compiled_ = *compiled;
    else
      ADD_FAILURE() << compiled.error().message;
  }

  [[nodiscard]] const KernelFile& listed() const { return listed_; }

  [[nodiscard]] Observation observe(std::size_t which, Watch watch = Watch::races) {
    const auto bench = bench_for(which);
    auto loaded = device_->load(compiled_, chosen_launch, bench.workload);
    if (!loaded) {
      ADD_FAILURE() << loaded.error().message;
      return {};
    }
    const Result<Observation> seen = (*loaded)->observe(0, watch, 10);
    if (!seen) ADD_FAILURE() << listed_.kernels[which] << ": " << seen.error().message;
    return seen ? *seen : Observation{};
  }

 private:
  std::unique_ptr<Device> device_;
  KernelFile listed_;
  Compiled compiled_;
};

std::string to_text(RaceScope scope) {
  return scope == RaceScope::copy    ? "copy"
         : scope == RaceScope::warp  ? "warp"
         : scope == RaceScope::block ? "block"
                                     : "grid";
}

bool is_marked(const std::map<int, std::string>& marked, const RacingAccess& access,
               RaceScope scope) {
  const auto found = marked.find(access.where.line);
  return access.where.file == "kernel.cu" && found != marked.end() &&
         (found->second == "any" || found->second == to_text(scope));
}

/// A race is seen, and none but at the lines that are marked.
void expect_marked(const Observation& seen, const std::map<int, std::string>& marked) {
  EXPECT_FALSE(seen.races.empty());
  for (const Race& race : seen.races) {
    EXPECT_TRUE(is_marked(marked, race.earlier, race.scope) &&
                is_marked(marked, race.later, race.scope))
        << evotune::to_text(race);
    EXPECT_TRUE(race.scope == RaceScope::copy || race.earlier.thread != race.later.thread ||
                race.earlier.block != race.later.block);
  }
}

TEST(RaceCheck, FindsEveryPlantedRaceAtItsLines) {
  for (const std::string& compiler : asked_compilers()) {
    RaceKernels kernels("racy.cu", compiler);
    EXPECT_GE(kernels.listed().kernels.size(), 25u);
    for (std::size_t i = 0; i < kernels.listed().kernels.size(); ++i) {
      const std::string& name = kernels.listed().kernels[i];
      SCOPED_TRACE(compiler + " " + name);
      ASSERT_EQ(kernels.listed().marks.count(name), 1u);
      expect_marked(kernels.observe(i), kernels.listed().marks.at(name));
    }
  }
}

/// Of a file with both: a race where lines are marked, and nothing where none is.
void expect_as_marked(const std::string& file, std::uint64_t followed_blocks) {
  for (const std::string& compiler : asked_compilers()) {
    RaceKernels kernels(file, compiler);
    for (std::size_t i = 0; i < kernels.listed().kernels.size(); ++i) {
      const std::string& name = kernels.listed().kernels[i];
      SCOPED_TRACE(compiler + " " + name);
      const Observation seen = kernels.observe(i);
      EXPECT_EQ(seen.observed_blocks, followed_blocks);
      if (const auto marked = kernels.listed().marks.find(name);
          marked != kernels.listed().marks.end())
        expect_marked(seen, marked->second);
      else
        for (const Failure& one : complaints(seen)) ADD_FAILURE() << one.message;
    }
  }
}

TEST(RaceCheck, FollowsAllBlocksOfAGridThatHasABarrier) { expect_as_marked("grid.cu", 4); }

TEST(RaceCheck, KnowsWhatFencesAndAtomicsOrder) { expect_as_marked("order.cu", 4); }

TEST(RaceCheck, KnowsWhatPartsOfABlockAndCopiesWaitFor) { expect_as_marked("parts.cu", 4); }

TEST(RaceCheck, RaisesNoFalseAlarm) {
  for (const std::string& compiler : asked_compilers()) {
    RaceKernels kernels("clean.cu", compiler);
    EXPECT_GE(kernels.listed().kernels.size(), 20u);
    for (std::size_t i = 0; i < kernels.listed().kernels.size(); ++i) {
      SCOPED_TRACE(compiler + " " + kernels.listed().kernels[i]);
      for (const Failure& one : complaints(kernels.observe(i))) ADD_FAILURE() << one.message;
    }
  }
}

TEST(RaceCheck, NamesOutputsAndScratchThatAreReadBeforeAnybodyHasWrittenThem) {
  const auto device = make_cpu_device();
  Source source = source_of(R"(
extern "C" __global__ void k(const float* x, float* y, float* tmp, int which) {
  const int i = threadIdx.x;
  if (which == 0) y[i] += x[i];
  if (which == 1) y[i] = tmp[i];
  if (which == 2) y[i] = x[i] > 1e9f ? tmp[i] : 0;
  if (which == 3 && i != 5) y[i] = x[i];
})",
                            "k");
  source.observed = true;
  const auto compiled = device->compile(source);
  ASSERT_TRUE(compiled) << compiled.error().message;
  const std::string reads = "read of buffer ",
                    why = ", which no thread has written and the answer ";
  const std::string expected[] = {reads + "y at byte 0" + why, reads + "tmp at byte 0" + why, "",
                                  ""};
  for (std::int32_t which = 0; which < 4; ++which) {
    const auto bench = Bench()
                           .in("x", std::vector<float>(64, 1))
                           .out<float>("y", 64)
                           .scratch<float>("tmp", 64)
                           .scalar("which", which);
    auto loaded = device->load(*compiled, {{1, 1, 1}, {64, 1, 1}, 0}, bench.workload);
    const auto seen = (*loaded)->observe(0, Watch::races, 10);
    ASSERT_TRUE(seen) << seen.error().message;
    const auto said = complaints(*seen);
    ASSERT_EQ(said.size(), which < 2 ? 1u : 0u) << which;
    const std::string first = said.empty() ? "" : said[0].message;
    EXPECT_TRUE(first.starts_with(expected[which])) << first;
  }
}

TEST(RaceCheck, ATileOfTwoWarpsOrdersItsOwnThreadsOnly) {
  const auto device = make_cpu_device();
  Source source = source_of(R"(
#include <cooperative_groups.h>
namespace cg = cooperative_groups;
extern "C" __global__ void k(const float* x, float* y, int distance) {
  __shared__ float s[128];
  auto tile = cg::tiled_partition<64>(cg::this_thread_block());
  s[threadIdx.x] = x[threadIdx.x];
  tile.sync();
  y[threadIdx.x] = s[threadIdx.x ^ distance];
})",
                            "k");
  source.observed = true;
  const auto compiled = device->compile(source);
  ASSERT_TRUE(compiled) << compiled.error().message;
  for (const std::int32_t distance : {32, 64}) {
    const auto bench = Bench()
                           .in("x", std::vector<float>(128, 1))
                           .out<float>("y", 128)
                           .scalar("distance", distance);
    auto loaded = device->load(*compiled, {{1, 1, 1}, {128, 1, 1}, 0}, bench.workload);
    const auto seen = (*loaded)->observe(0, Watch::races, 10);
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->races.empty(), distance == 32);
  }
}

TEST(RaceCheckDeathTest, AnIndexThatOverflowsIsNegativeAsOnAGpu) {
  const auto device = make_cpu_device();
  Source source = source_of(
      "extern \"C\" __global__ void k(const float* x, float* y, int n) {\n"
      "  for (int row = 2147483647 - n; row < 2147483640; row += 1024)\n"
      "    y[row & 63] = x[row < 0 ? row : row & 63];\n}",
      "k");
  source.observed = true;
  const auto compiled = device->compile(source);
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench =
      Bench().in("x", std::vector<float>(64)).out<float>("y", 64).scalar("n", std::int32_t{600});
  auto loaded = device->load(*compiled, {}, bench.workload);
  EXPECT_EXIT((void)(*loaded)->observe(0, Watch::races, 10), testing::ExitedWithCode(134),
              "read at .*, which belongs to no buffer, thread \\(0,0,0\\) .*, kernel.cu:3\n");
}

TEST(RaceCheck, EndsALaunchThatGoesOnForeverOnceItHasSeenEnough) {
  const auto device = make_cpu_device();
  Source source = source_of(
      "extern \"C\" __global__ void k(volatile int* z) { while (z[threadIdx.x] == 0) {} }", "k");
  source.observed = true;
  const auto compiled = device->compile(source);
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = Bench().inout("z", std::vector<std::int32_t>(32));
  auto loaded = device->load(*compiled, {{2, 1, 1}, {32, 1, 1}, 0}, bench.workload);
  const auto seen = (*loaded)->observe(0, Watch::races, 10);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(what_was_followed(*seen), "0 of 2 blocks were followed to their end");
}

TEST(RaceCheck, FollowsNoFurtherBlocksOnceReleasesFillTheirMemory) {
  const auto device = make_cpu_device();
  Source source = source_of(
      "extern \"C\" __global__ void k(int* z) {\n"
      "  __threadfence();\n"
      "  for (int i = threadIdx.x; i < 65536; i += 64) atomicAdd(&z[blockIdx.x * 65536 + i], "
      "1);\n}",
      "k");
  source.observed = true;
  const auto compiled = device->compile(source);
  ASSERT_TRUE(compiled) << compiled.error().message;
  const auto bench = Bench().inout("z", std::vector<std::int32_t>(32 * 65536));
  auto loaded = device->load(*compiled, {{32, 1, 1}, {64, 1, 1}, 0}, bench.workload);
  const auto seen = (*loaded)->observe(0, Watch::races, 10);
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_TRUE(complaints(*seen).empty());
  EXPECT_GT(seen->observed_blocks, 0u);
  EXPECT_LT(seen->observed_blocks, 32u) << what_was_followed(*seen);
}

TEST(RaceCheck, ObservesOnlyWhatWasCompiledForIt) {
  const auto device = make_cpu_device();
  const auto compiled =
      device->compile(source_of("extern \"C\" __global__ void k(int* z) { *z = 1; }", "k"));
  const auto bench = Bench().out<std::int32_t>("z", 1);
  auto loaded = device->load(*compiled, {}, bench.workload);
  const auto seen = (*loaded)->observe(0, Watch::races, 10);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().stage, Stage::infrastructure);
}

}  // namespace
}  // namespace evotune::cpu_test
