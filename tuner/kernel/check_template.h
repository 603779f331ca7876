#pragma once

#include <vector>

#include "base/errors.h"
#include "kernel/source.h"

namespace evotune {

/// What does not fit between a space file and its template, each at its place in the space file:
/// parameters that nobody uses, fragments that are missing, an entry that the template does not
/// define, arguments that are not the kernel's, baseline values that neither gives. Empty if all is
/// well. It reads the text only; what the preprocessor decides is left to the compiler.
[[nodiscard]] std::vector<Mistake> check_template(const Template&, const SpaceFile&);

/// The same of a reference: its entry and its parameters, floating ones as double.
[[nodiscard]] std::vector<Mistake> check_reference(const Template& reference, const SpaceFile&);

}  // namespace evotune
