#include <gtest/gtest.h>

#include "base/errors.h"
#include "kernel/check_template.h"
#include "kernel/reference_launch.h"
#include "space/space.h"

namespace evotune {
namespace {

/// Every space that comes with evotune, with its template.
class ShippedTemplate : public testing::TestWithParam<const char*> {
 protected:
  ShippedTemplate()
      : file_(read_space_file(std::string(EVOTUNE_SOURCE_DIR "/search_spaces/") + GetParam() +
                              ".yaml")),
        kernel_(load_template(file_)),
        reference_(load_reference(file_, kernel_)) {}

  SpaceFile file_;
  Template kernel_;
  Template reference_;
};

TEST_P(ShippedTemplate, FitsItsSpace) {
  EXPECT_EQ(check_template(kernel_, file_).size(), 0U);
  EXPECT_EQ(check_reference(reference_, file_).size(), 0U);
}

TEST_P(ShippedTemplate, IsItsOwnBaseline) {
  ASSERT_TRUE(file_.baseline);
  for (const auto& [name, value] : file_.baseline->values) {
    ASSERT_TRUE(kernel_.defaults.count(name)) << name;
    EXPECT_EQ(to_text(kernel_.defaults.at(name)), to_text(value)) << name;
  }
}

// The facts of a small device: what is valid here is valid on larger ones.
const Bindings facts{{"device.sms", std::int64_t{1}},
                     {"device.shared_bytes", std::int64_t{49152}},
                     {"device.max_threads", std::int64_t{1024}},
                     {"device.warp_size", std::int64_t{32}}};

TEST_P(ShippedTemplate, HasAtLeast500Configurations) {
  EXPECT_GE(Space(file_, facts).count(), 500U);
}

TEST_P(ShippedTemplate, BaselineAndPresetsAreValid) {
  const Space space(file_, facts);
  EXPECT_TRUE(space.valid(space.find(file_.baseline->values, kernel_.defaults)));
  for (const NamedConfig& preset : file_.presets)
    EXPECT_EQ(space.why_invalid(space.find(preset.values, kernel_.defaults)), "") << preset.name;
}

TEST_P(ShippedTemplate, EveryConfigurationRendersAndLaunchesAtEveryShape) {
  const Space space(file_, facts);
  std::vector<Shape> shapes = file_.problem;
  shapes.insert(shapes.end(), file_.check.begin(), file_.check.end());
  shapes.insert(shapes.end(), file_.held_out.begin(), file_.held_out.end());
  Rng rng(1);
  for (int i = 0; i < 20; ++i) {
    const Config config = space.sample(rng);
    for (const Shape& shape : shapes) {
      const Bindings bound = space.bind(config, shape);
      const Result<Source> source = render(kernel_, file_, bound);
      ASSERT_TRUE(source) << source.error().message;
      const Result<Launch> launch = launch_of(file_.launch, bound);
      ASSERT_TRUE(launch) << launch.error().message;
      const auto workload = make_workload(file_.arguments, bound, {InputFlavour::declared}, 1, ".");
      ASSERT_TRUE(workload) << workload.error().message;
      ASSERT_TRUE(render_reference(reference_, file_, bound));
      ASSERT_TRUE(reference_launch(file_.reference, *workload, bound));
    }
  }
}

TEST_P(ShippedTemplate, HasAReadme) {
  EXPECT_TRUE(std::filesystem::is_regular_file(kernel_.folder / "README.md"));
}

TEST_P(ShippedTemplate, HasAwkwardAndHeldOutShapes) {
  EXPECT_GE(file_.check.size(), 4U);
  EXPECT_GE(file_.held_out.size(), 2U);
  EXPECT_FALSE(file_.metrics.empty());
  EXPECT_FALSE(file_.presets.empty());
}

INSTANTIATE_TEST_SUITE_P(All, ShippedTemplate,
                         testing::Values("gemm_f32", "row_softmax", "reduce_sum"));

}  // namespace
}  // namespace evotune
