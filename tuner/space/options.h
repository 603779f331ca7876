#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/value.h"

namespace evotune {

/// A compiler option that a space file may fix or tune. The list is short on purpose: an option
/// that reaches a compiler unseen could read or write files.
struct CompilerOption {
  std::string_view name;
  Value standard;  ///< what a compiler does when nobody asks; decides the option's type too
  std::int64_t highest = 0;  ///< of a whole number; the lowest is 0
};

[[nodiscard]] std::span<const CompilerOption> compiler_options();
[[nodiscard]] const CompilerOption* find_compiler_option(std::string_view name);  ///< or null

}  // namespace evotune
