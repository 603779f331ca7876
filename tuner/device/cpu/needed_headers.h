#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// `#include` lines for what a source names but does not include: nvcc has all of it at hand, here
/// it would cost every kernel's compilation.
[[nodiscard]] std::string needed_headers(std::string_view source);

}  // namespace evotune::cpu
