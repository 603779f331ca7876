#pragma once

#include <string>

#include "base/rng.h"
#include "expr/value.h"

namespace evotune {

/// What the names of random expressions are worth.
[[nodiscard]] const Bindings& random_bindings();

/// A text in the shape of an expression. Most can be evaluated; some divide by zero, overflow, mix
/// types or (seldom) are no expression at all.
[[nodiscard]] std::string random_expression(Rng&, int depth);

}  // namespace evotune
