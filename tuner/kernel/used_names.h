#pragma once

#include <string>
#include <vector>

#include "space/space_file.h"

namespace evotune {

/// Every name that an expression, or an argument's type, of the file uses.
[[nodiscard]] std::vector<std::string> used_names(const SpaceFile&);

}  // namespace evotune
