#pragma once

#include <set>
#include <string>
#include <string_view>

namespace evotune {

/// The same program with the branches removed that its own `#define`s never take. Conditionals that
/// ask about anything else (`__CUDA_ARCH__`, a header's macros) stay; so does every other byte, but
/// for `#line` directives, which removed lines would make lie. `undefined` are names known to be
/// defined nowhere. Throws UserError where conditionals do not balance.
[[nodiscard]] std::string prune(std::string_view text, const std::set<std::string>& undefined = {});

}  // namespace evotune
