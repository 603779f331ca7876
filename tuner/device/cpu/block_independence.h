#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// Whether the source has a word by which a block can tell others something, or prints: an atomic,
/// a fence, `volatile`, a barrier of the grid. Without one, blocks reach each other only by a race.
[[nodiscard]] bool blocks_may_communicate(std::string_view source);

/// The names in declarations of `__constant__` variables, each with a space before and behind it.
[[nodiscard]] std::string names_of_constants(std::string_view source);

}  // namespace evotune::cpu
