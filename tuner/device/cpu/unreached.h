#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// A file of several kernels without what its entry does not reach and the CPU device refuses:
/// another kernel's textures, legacy shuffles or inline PTX. Blanked word for word, so that lines
/// keep their numbers. Reached is what the roots name – the entry, and the macros that are defined
/// for it –, and what a type, a reached macro, function or variable names.
[[nodiscard]] std::string without_unreached(std::string_view source, std::string_view roots);

}  // namespace evotune::cpu
