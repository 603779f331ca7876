#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace evotune::cpu {

/// One token of a C++ source. Comments and white space are between tokens.
struct Token {
  enum class Kind : std::uint8_t { identifier, number, text, punctuation };
  Kind kind = Kind::punctuation;
  std::string_view text;   ///< as written, a part of the source; punctuation is one character
  std::size_t offset = 0;  ///< in the source
  bool directive = false;  ///< part of a line that begins with '#'
  [[nodiscard]] bool is(std::string_view what) const { return text == what; }
};

/// Cuts up a source without judging it: what never ends (a comment, a string) ends with the source.
/// The tokens point into `source`.
[[nodiscard]] std::vector<Token> tokenize(std::string_view source);

}  // namespace evotune::cpu
