#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace evotune {

class CudaCompiler;

/// --arch sm_80,sm_90; `archs` holds the default.
Option add_arch_option(Command, std::vector<std::string>& archs);

/// Throws UserError for an architecture that this compiler has never heard of. Without an NVRTC
/// there is nothing to ask.
void demand_known(const std::vector<std::string>& archs, const CudaCompiler&);

}  // namespace evotune
