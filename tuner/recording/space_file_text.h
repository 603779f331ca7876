#pragma once

#include <string>

#include "space/bare_space.h"

namespace evotune {

/// A space file with these parameters and constraints. The kernel, its launch and its arguments are
/// for the user to fill in; a recording can be searched without. Throws UserError for what no space
/// file can hold.
[[nodiscard]] std::string space_file_text(const BareSpace&, const Bindings& baseline);

}  // namespace evotune
