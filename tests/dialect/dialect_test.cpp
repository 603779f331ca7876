#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/text.h"
#include "device/cpu/block_independence.h"
#include "device/cpu/cpu_device.h"
#include "device/cuda/cuda_device.h"
#include "device/cuda/nvrtc.h"
#include "dialect_suite.h"
#include "outcome/observation.h"

namespace evotune::dialect_test {
namespace {

/// $EVOTUNE_DIALECT_COMPILERS, else the device's own choice.
std::vector<std::string> compilers() {
  const char* list = std::getenv("EVOTUNE_DIALECT_COMPILERS");
  std::istringstream words(list != nullptr ? list : "");
  std::vector<std::string> found{std::istream_iterator<std::string>(words), {}};
  if (found.empty()) found.emplace_back();
  return found;
}

template <typename T>
Buffer bytes_of(const std::vector<T>& values) {
  Buffer buffer(values.size() * sizeof(T));
  std::memcpy(buffer.data(), values.data(), buffer.size());
  return buffer;
}

Workload workload_for(int which) {
  std::vector<float> in;
  for (int i = 0; i < inputs; ++i) in.push_back(input(i));
  Workload work{"dialect", {}, {{bytes_of(std::vector<int>{which}), bytes_of(in), {}}}};
  work.arguments = {{"which", Role::scalar, ElementType::i32, 1, ""},
                    {"in", Role::in, ElementType::f32, inputs, ""},
                    {"out", Role::inout, ElementType::f32, threads, ""}};
  work.input_sets[0][2] = bytes_of(std::vector<float>(threads, 0.0f));
  return work;
}

class DialectFile : public testing::TestWithParam<std::string> {
 protected:
  /// Made once: each asks its compiler who it is.
  static Device& device_for(const std::string& compiler, cpu::Order order) {
    static std::map<std::pair<std::string, cpu::Order>, std::unique_ptr<Device>> made;
    std::unique_ptr<Device>& one = made[{compiler, order}];
    if (!one) one = make_cpu_device({.compiler = compiler, .order = order, .seed = 7});
    return *one;
  }

  static void expect_right(Device& device, const Compiled& compiled, const std::string& how,
                           std::uint32_t blocks = 1) {
    const std::vector<Expectation> kernels = expectations_of(GetParam());
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      SCOPED_TRACE(kernels[i].kernel + " " + how);
      expect_right(device, compiled, kernels[i], workload_for(static_cast<int>(i)), blocks);
    }
  }

  static void expect_right(Device& device, const Compiled& compiled, const Expectation& kernel,
                           const Workload& work, std::uint32_t blocks = 1) {
    auto loaded = device.load(compiled, {{blocks, 1, 1}, {threads, 1, 1}, 4096}, work);
    ASSERT_TRUE(loaded) << loaded.error().message;
    const auto sample = (*loaded)->run({.launches = 1, .flush = false});
    ASSERT_TRUE(sample) << sample.error().message;
    const auto buffers = (*loaded)->read();
    ASSERT_TRUE(buffers) << buffers.error().message;
    compare(kernel, buffers->back());
  }

  static void compare(const Expectation& kernel, const Buffer& out) {
    for (int t = 0; t < kernel.count; ++t) {
      float got = 0;
      std::memcpy(&got, out.data() + static_cast<std::size_t>(t) * sizeof got, sizeof got);
      const double wanted = kernel.at(t);
      const double error = std::fabs(static_cast<double>(got) - wanted);
      ASSERT_TRUE(error <= kernel.tolerance * std::fmax(1.0, std::fabs(wanted)))
          << "thread " << t << ": " << got << " instead of " << wanted;
    }
  }
};

TEST_P(DialectFile, RunsOnTheCpuDeviceInEveryOrderOfLanesAndOnTwoCores) {
  const Source source = dialect_source(GetParam(), true);
  const auto two_cores = make_cpu_device({.cores = 2, .alone = 0});
  for (const std::string& compiler : compilers()) {
    const auto compiled = device_for(compiler, cpu::Order::forward).compile(source);
    ASSERT_TRUE(compiled) << compiled.error().message;
    for (const auto order : {cpu::Order::forward, cpu::Order::reverse, cpu::Order::random}) {
      expect_right(device_for(compiler, order), *compiled,
                   compiler + " order " + std::to_string(static_cast<int>(order)));
    }
    // All blocks write the same; to an atomic sum each would add.
    if (!cpu::blocks_may_communicate(source.text))
      expect_right(*two_cores, *compiled, compiler + " in sixteen blocks on two cores", 16);
  }
}

/// Where there is one: nvcc allows no kernel to call another, so each is loaded by its own name.
TEST_P(DialectFile, IsRightOnAGpu) {
  const OpenedCudaDriver opened = open_cuda_driver();
  if (opened.driver == nullptr) GTEST_SKIP() << opened.why_not;
  CudaDevice device("cuda:0");
  auto compiled = device.compile(dialect_source(GetParam(), false));
  ASSERT_TRUE(compiled) << compiled.error().message;
  for (const Expectation& kernel : expectations_of(GetParam())) {
    SCOPED_TRACE(kernel.kernel);
    compiled->symbol = kernel.kernel;
    Workload work = workload_for(0);
    work.arguments.erase(work.arguments.begin());
    work.input_sets[0].erase(work.input_sets[0].begin());
    expect_right(device, *compiled, kernel, work);
  }
}

// All in one program: the headers of cooperative groups, CUB and cuda::pipeline take NVRTC seconds.
TEST(DialectSuite, CompilesWithNvrtc) {
  const CudaCompiler compiler;
  if (!compiler.available()) GTEST_SKIP() << "no NVRTC";
  Source all;
  std::string headers;
  for (const std::string& file : dialect_files()) {
    all.text += "namespace " + file + "_file {\n";
    bool of_the_cpu_device = false;
    for (const std::string& line : split_lines(dialect_source(file, false).text)) {
      const bool includes = line.starts_with("#include <") && !of_the_cpu_device;
      (includes ? headers : all.text) += line + "\n";
      of_the_cpu_device = line == "#ifdef EVOTUNE_CPU_DEVICE";
    }
    all.text += "}\n";
  }
  all.text.insert(0, headers);
  all.entry = dialect_files().front() + "_file::" + expectations().front().kernel;
  const auto compiled = compiler.ptx(all, "sm_80");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST_P(DialectFile, HasNoRacesAndNoFaults) {
  Source source = dialect_source(GetParam(), true);
  source.observed = true;
  for (const std::string& compiler : compilers()) {
    Device& device = device_for(compiler, cpu::Order::forward);
    const auto compiled = device.compile(source);
    ASSERT_TRUE(compiled) << compiled.error().message;
    const std::vector<Expectation> kernels = expectations_of(GetParam());
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      const Workload work = workload_for(static_cast<int>(i));
      auto loaded = device.load(*compiled, {{1, 1, 1}, {threads, 1, 1}, 4096}, work);
      ASSERT_TRUE(loaded) << loaded.error().message;
      const auto seen = (*loaded)->observe(0, Watch::races, 60);
      ASSERT_TRUE(seen) << seen.error().message;
      for (const Failure& one : complaints(*seen))
        ADD_FAILURE() << kernels[i].kernel << " " << compiler << ": " << one.message;
    }
  }
}

TEST_P(DialectFile, EveryKernelHasAnExpectation) {
  const std::string text = read_file(dialect_folder() / (GetParam() + ".cu"));
  const std::string parameters = "(const float*";
  std::set<std::string> written, expected;
  for (std::size_t at = text.find(" __global__ "); at != std::string::npos;
       at = text.find(" __global__ ", at + 1)) {
    const std::size_t end = text.find(parameters, at);
    const std::size_t begin = text.rfind(' ', end) + 1;
    written.insert(text.substr(begin, end - begin));
  }
  for (const Expectation& one : expectations_of(GetParam())) expected.insert(one.kernel);
  EXPECT_EQ(written, expected);
}

INSTANTIATE_TEST_SUITE_P(All, DialectFile, testing::ValuesIn(dialect_files()),
                         [](const auto& file) { return file.param; });

TEST(DialectSuite, HasAtLeastFortyKernels) { EXPECT_GE(expectations().size(), 40U); }

}  // namespace
}  // namespace evotune::dialect_test
