#pragma once

namespace evotune::cpu {

/// Something of access_callbacks.cpp: who names it makes the linker keep what only kernels call.
[[nodiscard]] const void* access_callbacks();

}  // namespace evotune::cpu
