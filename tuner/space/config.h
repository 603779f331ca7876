#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace evotune {

/// A point of a Space: for each parameter, the index of the chosen value.
/// Only its Space can say what the numbers mean.
struct Config {
  std::vector<std::uint32_t> choice;
  auto operator<=>(const Config&) const = default;
};

}  // namespace evotune
