#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// A module of LLVM's, written by clang++ before anything is optimised, in which each copy of a
/// structure announces an address that is not as aligned as its type. What clang++ announces of
/// itself comes too late: where only members are used it has made several small copies of one.
[[nodiscard]] std::string with_checked_copies(std::string_view module);

}  // namespace evotune::cpu
