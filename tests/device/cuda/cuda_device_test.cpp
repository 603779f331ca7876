#include "device/cuda/cuda_device.h"

#include <gtest/gtest.h>

#include "../scoped_environment.h"
#include "base/errors.h"
#include "device/cuda/architectures.h"
#include "real_nvrtc.h"

namespace evotune {
namespace {

std::int64_t fact(const DeviceInfo& info, const char* name) {
  return std::get<std::int64_t>(info.facts.at(name));
}

using CudaDeviceTest = RealNvrtc;

TEST_F(CudaDeviceTest, CompilesForTheArchitectureThatTheEnvironmentNames) {
  const ScopedEnvironment wanted("EVOTUNE_CUDA_ARCH", "sm_89");
  const CudaDevice device("cuda:1");
  EXPECT_EQ(device.info().id, "cuda:1");
  EXPECT_EQ(device.info().arch, "sm_89");
  EXPECT_EQ(device.info().compiler, compiler_.version());
  EXPECT_EQ(fact(device.info(), "device.shared_bytes_optin"), 99 << 10);
  const Result<Compiled> compiled = device.compile(source_of(two_kernels, "plain"));
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_NE(compiled->log.find("'sm_89'"), std::string::npos);
}

TEST_F(CudaDeviceTest, SaysThatItCannotRunYet) {
  CudaDevice device("cuda:0", "sm_90");
  const auto loaded = device.load({}, {}, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().stage, Stage::infrastructure);
  EXPECT_NE(loaded.error().message.find("cannot run on it"), std::string::npos);
}

TEST_F(CudaDeviceTest, AnArchitectureItCannotTargetIsTheUsersMistake) {
  EXPECT_THROW(CudaDevice("cuda:0", "sm_70"), UserError);
  EXPECT_THROW(CudaDevice("cuda:0", "hopper"), UserError);
  EXPECT_NO_THROW(CudaDevice("cuda:0", "sm_90a"));
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
