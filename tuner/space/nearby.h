#pragma once

#include <optional>
#include <span>

#include "base/rng.h"
#include "space/group.h"

namespace evotune {

/// A valid combination for this group that keeps as many of the choices as a short search finds:
/// all combinations one change away, then samples led back to the choices one by one.
[[nodiscard]] Config repaired(const Group&, const Definition&, Config, Rng&);

/// Appends every valid configuration that differs from this valid one in one member of this group.
void append_neighbours(const Group&, const Definition&, const Config&, std::vector<Config>&);

}  // namespace evotune
