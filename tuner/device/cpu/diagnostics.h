#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// What a person needs of a host compiler's output: the first errors with the lines of the user's
/// file; constructs that the CPU device does not have are named as such. Paths lose `folder`, where
/// the source was compiled, and messages from the shim (below `shim`) are moved to the user's line
/// that led there.
[[nodiscard]] std::string explain_compile_errors(std::string_view output, std::string_view folder,
                                                 std::string_view shim, std::string_view entry);

/// Whether a compiler says that a constant must not be so, as where a static_assert fails: the
/// source itself refuses the variant.
[[nodiscard]] bool names_assertion(std::string_view output);

/// Whether such an explanation names something that the CPU device does not have.
[[nodiscard]] bool names_refusal(std::string_view explanation);

/// The file name under which the entry's own code is compiled: an error there is about the entry.
constexpr std::string_view entry_file = "<entry>";
/// That of the macros of parameters, which a user's line uses.
constexpr std::string_view parameters_file = "<space file>";

}  // namespace evotune::cpu
