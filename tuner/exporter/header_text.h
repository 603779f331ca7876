#pragma once

#include <string_view>

namespace evotune {

/// What every exported header is made of, whatever its kernel; C++17.
extern const std::string_view header_includes;
extern const std::string_view header_conversions;  ///< extent(), scalar()
extern const std::string_view header_errors;       ///< check(), of a CUresult
extern const std::string_view header_ownership;    ///< of class Kernel: the part without geometry

}  // namespace evotune
