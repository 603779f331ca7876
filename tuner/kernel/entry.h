#pragma once

#include <string>

#include "kernel/source.h"

namespace evotune {

/// "ns::gemm<BM, BN>" is a kernel named "gemm".
[[nodiscard]] std::string kernel_name(std::string_view entry);

/// "ns::gemm<BM, BN>" is a kernel of the scope "ns::".
[[nodiscard]] std::string kernel_scope(std::string_view entry);

/// The entry with the names between its angle brackets replaced by their values.
[[nodiscard]] Result<std::string> entry_text(const std::string& entry, const SpaceFile&,
                                             const Bindings& bound);

/// The same for this text, in which several kernels may have its name. `in_double`: a reference.
[[nodiscard]] Result<std::string> entry_in(std::string_view text, const std::string& entry,
                                           const SpaceFile&, const Bindings& bound,
                                           bool in_double = false);

}  // namespace evotune
