#include "device/cuda/cubin_facts.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "real_nvrtc.h"

namespace evotune {
namespace {

TEST(CubinFacts, BytesThatAreNoCubinSayNothing) {
  EXPECT_FALSE(cubin_facts({}, "k"));
  const std::vector<std::byte> noise(1'000, std::byte{0x7f});
  EXPECT_FALSE(cubin_facts(noise, "k"));
}

using CubinFactsTest = RealNvrtc;

TEST_F(CubinFactsTest, AKernelThatIsNotInItSaysNothing) {
  const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, "plain"), "sm_80");
  ASSERT_TRUE(compiled) << compiled.error().message;
  EXPECT_FALSE(cubin_facts(compiled->image, "gone"));
  EXPECT_EQ(cubin_facts(compiled->image, "plain")->shared_bytes, 1024);
}

TEST_F(CubinFactsTest, ADamagedCubinIsReadWithinItsBounds) {
  const Result<Compiled> compiled = compiler_.compile(source_of(two_kernels, "plain"), "sm_80");
  ASSERT_TRUE(compiled) << compiled.error().message;
  Rng rng(3);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::byte> image = compiled->image;
    for (int n = 0; n < 20; ++n)
      image[rng.below(n < 10 ? 64 : image.size())] = static_cast<std::byte>(rng.below(256));
    image.resize(rng.below(image.size()) + 1);
    (void)cubin_facts(image, "plain");  // the sanitizers judge
  }
}

}  // namespace
}  // namespace evotune
