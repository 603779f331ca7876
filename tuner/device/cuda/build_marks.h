#pragma once

#include <string>

#include "kernel/source.h"

namespace evotune {

/// The variable whose presence in a module says which build it is.
[[nodiscard]] std::string build_symbol(const std::string& build_id);
/// The variable of a module whose kernel waits for its whole grid, and is launched so.
inline constexpr const char* cooperative_symbol = "evotune_cooperative";

/// The declarations that put both where they belong: the last lines of what is compiled.
[[nodiscard]] std::string build_marks(const Source&);

}  // namespace evotune
