#pragma once

#include <string>
#include <vector>

#include "kernel/source.h"

namespace evotune {

/// The compiler options of one variant, fixed and tuned, in nvcc's spelling and sorted by name.
[[nodiscard]] Result<std::vector<std::string>> options_of(const SpaceFile&, const Bindings& bound);

}  // namespace evotune
