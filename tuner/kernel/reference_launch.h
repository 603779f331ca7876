#pragma once

#include "kernel/source.h"
#include "kernel/workload.h"

namespace evotune {

/// How the reference is launched: as the space file says, else one thread for each element of the
/// largest output (or inout), in one dimension.
[[nodiscard]] Result<Launch> reference_launch(const ReferenceDeclaration&, const Workload&,
                                              const Bindings& bound);

}  // namespace evotune
