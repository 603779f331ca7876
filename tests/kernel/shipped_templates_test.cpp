#include <gtest/gtest.h>

#include "base/errors.h"
#include "kernel/check_template.h"
#include "kernel/reference_launch.h"

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
