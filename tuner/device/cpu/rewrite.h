#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

constexpr std::string_view refused_folder = "refused/";

/// A kernel's source as the host compiler can read it, line for line. Macros do most of CUDA's
/// dialect; this does what macros cannot:
///   extern __shared__ T x[][N];      becomes a pointer to the block's dynamic shared memory
///   __shared__ alignas(16) T x[N];   and `static __shared__`: specifiers in an order C++ accepts
///   __noinline__                     an attribute, where it is not one already
///   asm("…" : … : …)                 becomes C++, or a static_assert that names the instruction
///   kernel<<<…>>>(…)                 a name that no compiler knows and explain_compile_errors does
///   #include <thrust/sort.h>         of CUDA, but not here: refused_folder stands before it
[[nodiscard]] std::string rewrite_for_host(std::string_view source);

/// Whether it is one of CUDA's that is not here and that nothing stands for.
[[nodiscard]] bool is_refused_header(std::string_view header);

}  // namespace evotune::cpu
