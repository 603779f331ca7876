#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// `#include` lines for what a source names but does not include: nvcc has all of it at hand, here
/// it would cost every kernel's compilation. And for the headers of the shim that it does include,
/// so that they come before its macros.
[[nodiscard]] std::string needed_headers(std::string_view source);

}  // namespace evotune::cpu
