#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "expr/value.h"

namespace evotune {

/// A number as JSON writes it (12, -3, 0.5, 1e-3): an int64 where there is neither point nor
/// exponent, else a finite double. The error says what is wrong: "010 has a leading zero".
[[nodiscard]] Expected<Value, std::string> read_number(std::string_view text);

/// Whether somebody who wrote this meant a number, be it a wrong one: 010, .nan, 1_000, 0x10,
/// 1e999.
[[nodiscard]] bool looks_like_number(std::string_view text);

/// What a word on a command line or in a `#define` stands for: 64, 0.5, true, else text.
[[nodiscard]] Value value_from(std::string_view text);

/// Equal as a kernel sees them: 1 and 1.0 and true are the same, "1" is not.
[[nodiscard]] bool same_value(const Value&, const Value&);

}  // namespace evotune
