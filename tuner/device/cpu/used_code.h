#pragma once

#include <string>
#include <string_view>

namespace evotune::cpu {

/// The source without what the roots – the entry, and the macros defined for it – do not reach by
/// name: functions, variables and types of file and namespace scope. Blanked, so that lines keep
/// their numbers. What tokens cannot tell the name of stays (operators, macros' calls, `using`),
/// with all that it names; so does what has a name in common with what is reached. The headers of
/// small floats and those of CUDA's that are not here go: names tell whether they are needed.
[[nodiscard]] std::string used_code(std::string_view source, std::string_view roots);

}  // namespace evotune::cpu
