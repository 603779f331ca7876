#pragma once

#include "base/rng.h"
#include "kernel/workload.h"

namespace evotune {

/// How the elements of one buffer are made.
struct Recipe {
  enum class Kind : std::uint8_t { normal, uniform, integers, one_hot, zeros };
  Kind kind = Kind::normal;
  double scale = 1;                ///< of normal
  std::int64_t low = 0, high = 0;  ///< of integers, both included
  std::uint64_t row = 1;           ///< elements of which one_hot sets one to 1
};

/// The declared kind under a flavour. Values that the space file fixes (a range of integers, a
/// file, zeros) stay as they are: an index must remain one. `leads` is the first input that varies;
/// it alone is one-hot, and the others are small integers, so that products do not all vanish.
[[nodiscard]] Recipe recipe_for(Recipe declared, ElementType, InputFlavour, bool leads);

[[nodiscard]] Buffer make_elements(const Recipe&, ElementType, std::uint64_t count, Rng);

/// Whether every integer of [low, high] is one of this type's.
[[nodiscard]] bool fits(ElementType, std::int64_t low, std::int64_t high);

}  // namespace evotune
