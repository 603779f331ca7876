#pragma once

#include <string>
#include <vector>

#include "engine/problem.h"

namespace evotune {

/// The configuration that a command line names: NAME=VALUE …, a preset, or parts of both; what
/// neither says is the baseline's. Throws UserError for an unknown preset and one that is not
/// valid.
[[nodiscard]] Config asked_config(const Problem&, const std::vector<std::string>& assignments,
                                  const std::string& preset);

}  // namespace evotune
