#pragma once

#include <string>

namespace evotune {

/// Names the machine code of this process: its program and the libraries it has loaded so far.
[[nodiscard]] std::string program_build_id();

}  // namespace evotune
