#pragma once

#include <set>
#include <string>
#include <vector>

#include "kernel/lexer.h"

namespace evotune {

/// The variables, types and members that code declares or reaches for, as far as words tell: what a
/// macro of that name would break. In doubt a name is one of them. Tokens without directives,
/// spaces and comments.
[[nodiscard]] std::set<std::string, std::less<>> declared_names(const std::vector<CodeToken>& code);

}  // namespace evotune
