#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace evotune {

/// A macro, as far as reading the source tells.
struct Macro {
  enum class Kind : std::uint8_t { undefined, object, function, unknown };
  Kind kind = Kind::unknown;
  std::string body = {};  ///< of an object-like one
  bool operator==(const Macro&) const = default;
};

/// A name that is absent may be a compiler's or a header's: nothing is known of it.
using Macros = std::map<std::string, Macro, std::less<>>;

/// Whether `#if condition` holds, if that follows from the known macros alone. A condition that is
/// malformed, or that a compiler would refuse, has no answer.
[[nodiscard]] std::optional<bool> evaluate_condition(std::string_view condition, const Macros&);

}  // namespace evotune
