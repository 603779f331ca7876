#include "space/argument_spec.h"

#include <gtest/gtest.h>

namespace evotune {
namespace {

TEST(ElementType, EveryNameReadsBackAsItsType) {
  for (int i = 0; i <= static_cast<int>(ElementType::f64); ++i) {
    const auto type = static_cast<ElementType>(i);
    EXPECT_EQ(element_type_from(to_text(type)), type) << to_text(type);
  }
}

TEST(ElementType, SizesAreThoseOfTheirNames) {
  EXPECT_EQ(size_of(ElementType::u8), 1U);
  EXPECT_EQ(size_of(ElementType::bf16), 2U);
  EXPECT_EQ(size_of(ElementType::f32), 4U);
  EXPECT_EQ(size_of(ElementType::i64), 8U);
}

TEST(ElementType, NamesOfCAreKnown) {
  EXPECT_EQ(element_type_from("float"), ElementType::f32);
  EXPECT_EQ(element_type_from("half"), ElementType::f16);
  EXPECT_EQ(element_type_from("unsigned int"), ElementType::u32);
  EXPECT_EQ(element_type_from("string"), std::nullopt);
}

TEST(ElementType, OnlyFloatsAreFloating) {
  EXPECT_TRUE(is_floating(ElementType::f16));
  EXPECT_TRUE(is_floating(ElementType::f64));
  EXPECT_FALSE(is_floating(ElementType::u64));
}

TEST(Role, IsWrittenAsInSpaceFiles) {
  EXPECT_EQ(to_text(Role::inout), "inout");
  EXPECT_EQ(to_text(Role::constant), "constant");
}

}  // namespace
}  // namespace evotune
