#include "device/cuda/cuda_device.h"

#include <gtest/gtest.h>

#include "../scoped_environment.h"
#include "base/errors.h"
#include "device/cuda/architectures.h"
#include "device/cuda/build_marks.h"
#include "real_nvrtc.h"

namespace evotune {
namespace {

std::int64_t fact(const DeviceInfo& info, const char* name) {
  return std::get<std::int64_t>(info.facts.at(name));
}

/// A real compiler, and a GPU that is none: what it compiles cannot run.
class CudaDeviceTest : public RealNvrtc {
 protected:
  const ScopedEnvironment driver_{"EVOTUNE_LIBCUDA", CUDA_DOUBLE};
};

TEST_F(CudaDeviceTest, CompilesForItsGpu) {
  const CudaDevice device("cuda:0");
  EXPECT_EQ(device.info().id, "cuda:0");
  EXPECT_EQ(device.info().name, "double of a GPU");
  EXPECT_EQ(device.info().arch, "sm_80");
  EXPECT_EQ(device.info().compiler, compiler_.version());
  EXPECT_EQ(fact(device.info(), "device.shared_bytes_optin"), 99 << 10);
}

TEST_F(CudaDeviceTest, CompilesForTheArchitectureThatTheEnvironmentNames) {
  const ScopedEnvironment wanted("EVOTUNE_CUDA_ARCH", "sm_89");
  const CudaDevice device("cuda:0");
  const Result<Compiled> compiled = device.compile(source_of(two_kernels, "plain"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_NE(compiled->log.find("'sm_89'"), std::string::npos);
}

TEST_F(CudaDeviceTest, HasTheFactsThatSpacesAreCheckedWithWhereThereIsNoGpu) {
  const CudaDevice device("cuda:0");
  for (const auto& [name, value] : nominal_facts("sm_80"))
    EXPECT_EQ(device.info().facts.count(name), 1U) << name;
  EXPECT_EQ(device.info().facts.size(), nominal_facts("sm_80").size());
}

TEST(GpuFacts, TellClocksAndWhatItsMemoryCanDo) {
  const ScopedEnvironment driver("EVOTUNE_LIBCUDA", CUDA_DOUBLE);
  const OpenedCudaDriver opened = open_cuda_driver();
  ASSERT_TRUE(opened.driver) << opened.why_not;
  const Bindings facts = gpu_facts(*opened.driver, 0);
  EXPECT_EQ(std::get<std::int64_t>(facts.at("device.clock_hz")), 1'980'000'000);
  EXPECT_EQ(std::get<std::int64_t>(facts.at("device.memory_clock_hz")), 2'600'000'000);
  EXPECT_EQ(std::get<std::int64_t>(facts.at("device.memory_bandwidth")), 3'328'000'000'000);
}

TEST(GpuFacts, LeaveOutWhatAGpuDoesNotTell) {
  CudaDriver silent;
  silent.call.device_get = [](CudaOrdinal*, int) { return CudaResult::success; };
  silent.call.device_get_attribute = [](int* value, CudaDeviceAttribute which, CudaOrdinal) {
    *value = which == CudaDeviceAttribute::global_memory_bus_width ? 5120 : 0;
    return CudaResult::success;
  };
  const Bindings facts = gpu_facts(silent, 0);
  EXPECT_EQ(facts.count("device.memory_bandwidth"), 0U);
  EXPECT_EQ(facts.count("device.clock_hz"), 0U);
  EXPECT_EQ(facts.count("device.sms"), 1U);
}

TEST_F(CudaDeviceTest, AnArchitectureItCannotTargetIsTheUsersMistake) {
  EXPECT_THROW(CudaDevice("cuda:0", "sm_70"), UserError);
  EXPECT_THROW(CudaDevice("cuda:0", "hopper"), UserError);
  EXPECT_NO_THROW(CudaDevice("cuda:0", "sm_90a"));
}

TEST_F(CudaDeviceTest, AGpuThatIsNotThereIsTheUsersMistake) {
  EXPECT_THROW(CudaDevice("cuda:1"), UserError);
}

TEST_F(CudaDeviceTest, WithoutADriverTheUserIsToldWhatToUse) {
  const ScopedEnvironment nowhere("EVOTUNE_LIBCUDA", "/nonexistent/libcuda.so");
  try {
    const CudaDevice device("cuda:0");
    FAIL() << "it was made";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("--device cpu"), std::string::npos) << error.what();
  }
}

TEST_F(CudaDeviceTest, AModuleCarriesItsBuildAndWhetherItsGridWaits) {
  Source source =
      source_of(std::string(two_kernels) + "#define WAIT this_grid().sync()\n", "plain");
  const Result<Compiled> compiled = compiler_.compile(source, "sm_80");
  ASSERT_TRUE(compiled) << compiled.error().message;
  const std::string image(reinterpret_cast<const char*>(compiled->image.data()),
                          compiled->image.size());
  EXPECT_NE(image.find(build_symbol(source.hash)), std::string::npos);
  EXPECT_NE(image.find(cooperative_symbol), std::string::npos);
}

TEST(CudaDevice, WithoutNvrtcTheUserIsToldWhatToInstall) {
  const ScopedEnvironment nowhere("EVOTUNE_NVRTC", "/nonexistent/libnvrtc.so");
  try {
    const CudaDevice device("cuda:0");
    FAIL() << "it was made";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("install the CUDA toolkit"), std::string::npos);
  }
}

TEST(NominalFacts, KnowEveryArchitectureThatTestsCompileFor) {
  EXPECT_EQ(std::get<std::int64_t>(nominal_facts("sm_80").at("device.sms")), 108);
  EXPECT_EQ(nominal_facts("sm_90a"), nominal_facts("sm_90"));
  EXPECT_NE(nominal_facts("sm_89"), nominal_facts("sm_90"));
}

}  // namespace
}  // namespace evotune
