#pragma once

#include <string>
#include <vector>

#include "expr/value.h"

namespace evotune {

/// What constraints may ask of a GPU that is not there: the facts of its architecture, and the
/// multiprocessors of its usual data-centre or desktop part. Those of sm_90 for an unknown one.
[[nodiscard]] Bindings nominal_facts(const std::string& arch);

}  // namespace evotune
