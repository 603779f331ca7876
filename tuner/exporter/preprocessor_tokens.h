#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace evotune {

/// A token of a preprocessor condition.
struct ConditionToken {
  enum class Kind : std::uint8_t {
    name,
    number,
    op,
    unknown,  ///< an operand whose value nobody here can know
  };
  Kind kind = Kind::op;
  std::string_view text;
};

/// Empty where there is something that no integer expression holds (a string, a '.', …).
/// "and", "or", "not" and their like come out as the operators they spell.
[[nodiscard]] std::optional<std::vector<ConditionToken>> condition_tokens(std::string_view text);

}  // namespace evotune
