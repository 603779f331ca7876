#pragma once

#include <string>

#include "kernel/source.h"

namespace evotune {

/// "ns::gemm<BM, BN>" is a kernel named "gemm".
[[nodiscard]] std::string kernel_name(std::string_view entry);

/// The entry with the names between its angle brackets replaced by their values.
[[nodiscard]] Result<std::string> entry_text(const std::string& entry, const SpaceFile&,
                                             const Bindings& bound);

}  // namespace evotune
