#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/source.h"

namespace evotune {

/// The compiler options of one variant, fixed and tuned, in nvcc's spelling and sorted by name.
[[nodiscard]] Result<std::vector<std::string>> options_of(const SpaceFile&, const Bindings& bound);
/// Asks for C++20 where the text has a word or a header that C++17 does not have.
void add_standard(std::string_view text, std::vector<std::string>& options);

}  // namespace evotune
