#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "outcome/outcome.h"

namespace evotune {

/// What `--ptxas-options=-v` says of one kernel.
struct KernelFacts {
  std::string symbol;
  CompilerFacts facts;
};

/// Every kernel in a log, in its order. Spills are those of the kernel and of the functions that
/// were compiled with it and not inlined; the stack is the deepest.
[[nodiscard]] std::vector<KernelFacts> parse_ptxas_log(std::string_view log);

/// The errors of a failed compilation, the first `most`, each with the line that it shows; the
/// whole log, shortened, where none is recognised.
[[nodiscard]] std::string first_errors(std::string_view log, std::size_t most = 3);

}  // namespace evotune
