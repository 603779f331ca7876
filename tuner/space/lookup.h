#pragma once

#include "space/config.h"
#include "space/definition.h"

namespace evotune {

/// Space::find.
[[nodiscard]] Config find_config(const Definition&, const Bindings& values,
                                 const Bindings& defaults, const Location& where);

}  // namespace evotune
