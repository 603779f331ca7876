#pragma once

#include <ucontext.h>

namespace evotune::cpu {

/// Whether the instruction at which a kernel stands only makes room on its stack, as a function's
/// first ones do: it saves a register, or is a probe of -fstack-clash-protection. The context is
/// then put behind it, as if it had been run, but that nothing is written. For a signal handler.
[[nodiscard]] bool step_over_prologue(ucontext_t&);

}  // namespace evotune::cpu
