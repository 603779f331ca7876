#include "device/make_device.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/errors.h"
#include "device/cuda/nvrtc.h"
#include "device/isolated/canary.h"
#include "scoped_environment.h"
#include "vector_workload.h"

namespace evotune {
namespace {

DeviceOptions with_test_worker() {
  DeviceOptions options;
  options.worker = {DEVICE_WORKER};
  return options;
}

std::string mistake_in(const std::string& spec) {
  try {
    (void)make_device(spec, with_test_worker());
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(MakeDevice, AnUnknownNameIsRefusedWithWhatThereIs) {
  EXPECT_NE(mistake_in("cpuu").find("did you mean 'cpu'?"), std::string::npos);
  EXPECT_NE(mistake_in("opencl").find("known: auto, cpu, cuda:0, cuda:0,1, all"),
            std::string::npos);
  EXPECT_NE(mistake_in("cuda:x"), "");
  for (const char* spec : {"cuda:", "cuda:0,", "cuda:,1", "cuda:0;1", "cuda", "cuda:-1"})
    EXPECT_NE(mistake_in(spec).find("there is no device"), std::string::npos) << spec;
  EXPECT_THROW((void)make_bare_device("auto"), UserError);
}

TEST(MakeDevice, WithoutADriverCudaIsRefusedAtTheStartAndSaysWhatToUse) {
  const ScopedEnvironment driver("EVOTUNE_LIBCUDA", "/nonexistent/libcuda.so");
  const std::string mistake = mistake_in("cuda:0");
  EXPECT_NE(mistake.find("cannot run"), std::string::npos) << mistake;
  EXPECT_NE(mistake.find("--device cpu"), std::string::npos) << mistake;
  EXPECT_EQ(make_device("auto", with_test_worker())->info().id, "cpu");
}

TEST(MakeDevice, WithoutACompilerTheCpuIsTheUsersToMend) {
  setenv("EVOTUNE_CXX", "/nonexistent/compiler", 1);
  EXPECT_NE(mistake_in("cpu").find("/nonexistent/compiler"), std::string::npos);
  unsetenv("EVOTUNE_CXX");
}

Source source_of(const std::string& body) {
  Source source;
  source.text =
      "extern \"C\" __global__ void k(float* y, const float* x, int n) {\n"
      "  int i = blockIdx.x * blockDim.x + threadIdx.x;\n" +
      body + "}\n";
  source.entry = "k";
  source.hash = "0123456789abcdef0123456789abcdef";
  return source;
}

class CpuDeviceInWorkers : public ::testing::Test {
 protected:
  Result<Buffers> answer_of(const std::string& body, Seconds limit = 30) {
    const Result<Compiled> compiled = device_->compile(source_of(body));
    if (!compiled) return compiled.error();
    const Result<std::unique_ptr<Loaded>> loaded =
        device_->load(*compiled, {{2, 1, 1}, {32, 1, 1}, 0}, workload_);
    if (!loaded) return loaded.error();
    evotune::Run run;  // gtest has a Run of its own
    run.limit = limit;
    const Result<Sample> sample = (*loaded)->run(run);
    if (!sample) return sample.error();
    return (*loaded)->read();
  }
  void expect_working() {
    const Result<Buffers> answer = answer_of("  y[i] = x[i];\n");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->at(0), workload_.input_sets[0][1]);
  }

  const Workload workload_ = vector_workload();
  std::unique_ptr<Device> device_ = make_device("cpu", with_test_worker());
};

TEST_F(CpuDeviceInWorkers, RunsAKernel) {
  EXPECT_EQ(device_->info().id, "cpu");
  expect_working();
}

TEST_F(CpuDeviceInWorkers, TheProgramThatCompilesIsPartOfWhatTheCacheAsksAfter) {
  const std::string alone = make_bare_device("cpu")->info().build;
  EXPECT_TRUE(device_->info().build.starts_with(alone));
  EXPECT_GT(device_->info().build.size(), alone.size());
}

TEST_F(CpuDeviceInWorkers, AWildWriteCostsOneCandidateAndIsExplained) {
  const Result<Buffers> answer = answer_of("  y[i + 512] = x[i];\n");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().stage, Stage::crash);
  EXPECT_NE(answer.error().message.find(" y"), std::string::npos) << answer.error().message;
  expect_working();
}

TEST_F(CpuDeviceInWorkers, AnEndlessLoopCostsOneCandidate) {
  const Result<Buffers> answer =
      answer_of("  for (volatile int j = 0; j == 0;) ;\n  y[i] = 0;\n", 0.2);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().stage, Stage::timeout);
  expect_working();
}

TEST_F(CpuDeviceInWorkers, AnErrorIsItsCompilers) {
  const Result<Buffers> answer = answer_of("  y[i] = nonsense;\n");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().stage, Stage::compile);
  EXPECT_NE(answer.error().message.find("nonsense"), std::string::npos);
}

TEST(Canary, CompilesForAGpuToo) {
  const CudaCompiler compiler;
  if (!compiler.available()) GTEST_SKIP() << compiler.why_not();
  const Result<Compiled> compiled = compiler.compile(canary(), "sm_90");
  EXPECT_TRUE(compiled) << compiled.error().message;
}

TEST(ProbeDevices, SayEitherWhatIsThereOrWhatToDo) {
  const std::vector<DeviceProbe> probes = probe_devices();
  ASSERT_GE(probes.size(), 4U);
  for (const DeviceProbe& one : probes) {
    EXPECT_FALSE(one.name.empty());
    EXPECT_TRUE(one.found || !one.missing.empty()) << one.name;
  }
  EXPECT_EQ(probes[0].name, "cpu");
}

}  // namespace
}  // namespace evotune
