#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/errors.h"
#include "expr/value.h"

namespace evotune {

/// What a parameter's values are to the kernel.
enum class ParameterKind : std::uint8_t {
  value,   ///< a number, bool or identifier that becomes a macro or a template argument
  file,    ///< a code fragment of the template's folder, rendered quoted for `#include NAME`
  type,    ///< a C++ type
  option,  ///< a compiler option: fast_math, max_registers, …; never a macro
};

struct Parameter {
  std::string name;
  ParameterKind kind = ParameterKind::value;
  std::vector<Value> values;  ///< at least one, all different
  Location where;
};

}  // namespace evotune
