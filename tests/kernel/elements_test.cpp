#include "kernel/elements.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace evotune {
namespace {

// Every 16-bit pattern survives the way to a double and back, and the point half way to its
// neighbour goes to the even one.
template <typename To, typename From>
void check_all(To to, From from, int infinity) {
  for (int i = 0; i <= 0xffff; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const double value = from(bits);
    const int magnitude = i & 0x7fff;
    if (magnitude > infinity) {
      ASSERT_TRUE(std::isnan(value)) << i;
      ASSERT_TRUE(std::isnan(from(to(value)))) << i;
      continue;
    }
    ASSERT_EQ(to(value), bits) << i;
    if (magnitude >= infinity - 1) continue;
    const auto next = static_cast<std::uint16_t>(i + 1);
    const double middle = value + (from(next) - value) / 2;
    const std::uint16_t even = i % 2 == 0 ? bits : next;
    ASSERT_EQ(to(middle), even) << i;
    ASSERT_EQ(to(std::nextafter(middle, value)), bits) << i;
    ASSERT_EQ(to(std::nextafter(middle, from(next))), next) << i;
  }
}

TEST(Half, AllValuesRoundToNearestEven) { check_all(to_half, from_half, 0x7c00); }
TEST(Bfloat16, AllValuesRoundToNearestEven) { check_all(to_bfloat16, from_bfloat16, 0x7f80); }

TEST(Half, KnownValues) {
  EXPECT_EQ(to_half(1), 0x3c00);
  EXPECT_EQ(to_half(-2), 0xc000);
  EXPECT_EQ(to_half(65504), 0x7bff);
  EXPECT_EQ(from_half(0x0001), std::ldexp(1, -24));
  EXPECT_EQ(to_bfloat16(1), 0x3f80);
  EXPECT_EQ(from_bfloat16(0x0001), std::ldexp(1, -133));
}

TEST(Half, TheEdgesOfItsRange) {
  EXPECT_EQ(to_half(65519.999), 0x7bff);
  EXPECT_EQ(to_half(65520), 0x7c00);  // half way to what would be 65536
  EXPECT_EQ(to_half(1e300), 0x7c00);
  EXPECT_EQ(to_half(-1e300), 0xfc00);
  EXPECT_EQ(to_half(std::ldexp(1, -25)), 0x0000);
  EXPECT_EQ(to_half(std::nextafter(std::ldexp(1, -25), 1)), 0x0001);
  EXPECT_EQ(to_half(std::numeric_limits<double>::denorm_min()), 0x0000);
  EXPECT_EQ(to_half(-0.0), 0x8000);
}

TEST(Half, RoundsOnceNotTwice) {
  // Just above half way between 1 and its neighbour; a float on the way would lose "just above".
  EXPECT_EQ(to_half(1 + std::ldexp(1, -11) + std::ldexp(1, -40)), 0x3c01);
}

TEST(AsDoubles, EveryTypeIsReadAsItsValue) {
  for (auto type = ElementType::i8; type <= ElementType::f64;
       type = static_cast<ElementType>(static_cast<int>(type) + 1)) {
    Buffer buffer(2 * size_of(type));
    with_element(type, [&](auto element) {
      fill<decltype(element)>(buffer, [](std::size_t i) { return i == 0 ? 3 : 100; });
    });
    EXPECT_EQ(as_doubles(buffer, type), (std::vector<double>{3, 100})) << to_text(type);
  }
}

TEST(AsDoubles, UnsignedIsNotSigned) {
  EXPECT_EQ(as_doubles(Buffer(4, std::byte{0xff}), ElementType::u32), (std::vector{4294967295.0}));
  EXPECT_EQ(as_doubles(Buffer(4, std::byte{0xff}), ElementType::i32), (std::vector{-1.0}));
}

}  // namespace
}  // namespace evotune
