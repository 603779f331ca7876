#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "expr/value.h"

namespace evotune {

enum class WordKind : std::uint8_t { integer, real, string, name, symbol, end };

/// A word of an expression. A string's text has its quotes, so it never equals a symbol or keyword.
struct Word {
  WordKind kind = WordKind::end;
  std::string_view text;
  std::size_t column = 0;
};

/// The words of the text, then an `end`. Throws ExpressionError.
[[nodiscard]] std::vector<Word> words_of(std::string_view text);

/// What a number or a string stands for. Throws ExpressionError for a number beyond 64 bits.
[[nodiscard]] Value literal(const Word&);

/// What to say to somebody whose brackets do not match.
inline constexpr std::string_view quoting_hint =
    "in YAML an expression with commas or brackets must stand in quotes: \"ceil_div(N, BN)\"";

}  // namespace evotune
