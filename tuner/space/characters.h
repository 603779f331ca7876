#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/errors.h"

namespace evotune {

/// The first thing in a text that no space file may hold: bytes that are not UTF-8, control
/// characters, a tab in the indentation. YAML readers differ over these, so nobody gets to see
/// them.
[[nodiscard]] std::optional<Mistake> first_bad_character(std::string_view text,
                                                         const std::string& file);

}  // namespace evotune
