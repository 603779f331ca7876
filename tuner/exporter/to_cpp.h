#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "expr/expression.h"

namespace evotune {

/// How a name that an expression uses is written in C++.
using Spelling = std::function<std::string(const std::string&)>;

/// The expression in C++, over std::int64_t, double, bool and std::string_view, with the functions
/// of `cpp_arithmetic`. Nothing where it says something that C++ cannot be made to say as briefly.
[[nodiscard]] std::optional<std::string> to_cpp(const Expression&, const Spelling&);

/// Python's division, powers and the language's own functions, as C++ definitions.
extern const std::string_view cpp_arithmetic;

}  // namespace evotune
