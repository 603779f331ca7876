#pragma once

#include <cstddef>

#include "device/cpu/shim/abi.h"

// Everything that is written for one processor; another one needs another switch.cpp, and the stack
// that new_stack prepares to fit it.

extern "C" {
/// Leaves the running fiber, which is `from`, and goes on with `to`: evotune_self from then on.
void evotune_switch(evotune::cpu::Fiber* from, evotune::cpu::Fiber* to);
}

namespace evotune::cpu {

/// A stack with which evotune_switch calls fiber_main. `top` is the end of the memory, aligned to
/// 64 bytes.
[[nodiscard]] void* new_stack(std::byte* top);

}  // namespace evotune::cpu
