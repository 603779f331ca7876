#pragma once

#include <cstddef>

// Everything that is written for one processor; another one needs another switch.cpp, and the stack
// that new_stack prepares to fit it.

extern "C" {
/// Leaves the running stack in `save` and goes on with the stack `to`.
void evotune_switch(void** save, void* to);
}

namespace evotune::cpu {

/// A stack with which evotune_switch calls fiber_main. `top` is the end of the memory, aligned to
/// 64 bytes.
[[nodiscard]] void* new_stack(std::byte* top);

}  // namespace evotune::cpu
