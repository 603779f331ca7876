#include "kernel/inputs.h"

#include <limits>

#include "kernel/elements.h"

namespace evotune {
namespace {

// Irwin and Hall: the sum of four uniform numbers, here the four 16-bit lanes of one random word,
// scaled to variance 1. Ends at ±3.46 and costs no logarithm; its steps of 2^-15 are integers
// before the one rounding at the end, so every machine makes the same inputs.
double nearly_normal(Rng& rng) {
  const std::uint64_t word = rng.next();
  const auto lane = [word](int i) { return static_cast<std::int64_t>(word >> (16 * i) & 0xffff); };
  constexpr double deviation = 37837.22;  // sqrt(4 (65536^2 - 1) / 12)
  const std::int64_t centred = lane(0) + lane(1) + lane(2) + lane(3) - std::int64_t{2} * 0xffff;
  return static_cast<double>(centred) * (1 / deviation);
}

std::int64_t integer_between(Rng& rng, std::int64_t low, std::int64_t high) {
  const std::uint64_t width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const std::uint64_t offset = width + 1 == 0 ? rng.next() : rng.below(width + 1);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

bool is_unsigned(ElementType type) {
  return type == ElementType::u8 || type == ElementType::u16 || type == ElementType::u32 ||
         type == ElementType::u64;
}

// Large enough to show what overflows or cancels early, small enough that a product of two, summed
// over thousands, is still finite.
double large_scale(ElementType type) {
  if (type == ElementType::f16) return 16;
  return type == ElementType::f64 ? 1e30 : 1e12;
}

Recipe integers(ElementType type, std::int64_t magnitude) {
  return {Recipe::Kind::integers, 1, is_unsigned(type) ? 0 : -magnitude, magnitude, 1};
}

std::int64_t large_integer(ElementType type) {
  return (std::int64_t{1} << (4 * size_of(type) - 1)) - 1;
}

template <typename T>
void fill_one_hot(Buffer& buffer, std::uint64_t row, Rng& rng) {
  const T one = element_from<T>(1);
  const std::uint64_t count = buffer.size() / sizeof(T);
  for (std::uint64_t begin = 0; begin < count; begin += row) {
    const std::uint64_t at = begin + rng.below(row);
    if (at < count) std::memcpy(buffer.data() + at * sizeof(T), &one, sizeof(T));
  }
}

}  // namespace

bool fits(ElementType type, std::int64_t low, std::int64_t high) {
  return with_element(type, [&](auto element) {
    using T = decltype(element);
    if constexpr (!std::is_integral_v<T> || sizeof(T) == sizeof(std::int64_t)) {
      return !std::is_unsigned_v<T> || low >= 0;
    } else {
      return low >= std::int64_t{std::numeric_limits<T>::min()} &&
             high <= std::int64_t{std::numeric_limits<T>::max()};
    }
  });
}

Recipe recipe_for(Recipe declared, ElementType type, InputFlavour flavour, bool leads) {
  const bool varies =
      declared.kind == Recipe::Kind::normal || declared.kind == Recipe::Kind::uniform;
  if (!varies) return declared;
  constexpr std::int64_t small = 4;  // exact in every type, products and long sums too
  switch (flavour) {
    case InputFlavour::declared:
      break;
    case InputFlavour::small_integers:
      return integers(type, small);
    case InputFlavour::one_hot:
      if (!leads) return integers(type, small);
      declared.kind = Recipe::Kind::one_hot;
      return declared;
    case InputFlavour::zeros:
      declared.kind = Recipe::Kind::zeros;
      return declared;
    case InputFlavour::large:
      if (!is_floating(type)) return integers(type, large_integer(type));
      declared.kind = Recipe::Kind::normal;
      declared.scale = large_scale(type);
      return declared;
  }
  constexpr std::int64_t ordinary = 100;  // what normal and uniform mean for an integer type
  return is_floating(type) ? declared : integers(type, ordinary);
}

Buffer make_elements(const Recipe& recipe, ElementType type, std::uint64_t count, Rng rng) {
  Buffer buffer(count * size_of(type));
  with_element(type, [&](auto element) {
    using T = decltype(element);
    switch (recipe.kind) {
      case Recipe::Kind::normal:
        return fill<T>(buffer, [&](std::size_t) { return recipe.scale * nearly_normal(rng); });
      case Recipe::Kind::uniform:
        return fill<T>(buffer, [&](std::size_t) { return rng.uniform(); });
      case Recipe::Kind::integers:
        return fill<T>(buffer,
                       [&](std::size_t) { return integer_between(rng, recipe.low, recipe.high); });
      case Recipe::Kind::one_hot:
        return fill_one_hot<T>(buffer, recipe.row, rng);
      case Recipe::Kind::zeros:
        return;
    }
  });
  return buffer;
}

}  // namespace evotune
