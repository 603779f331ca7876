#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace evotune {

enum class CodeTokenKind : std::uint8_t {
  identifier,
  number,
  string,
  character,
  punctuation,  ///< one character
  comment,
  space,  ///< an escaped line end counts as space
  newline,
};

struct CodeToken {
  CodeTokenKind kind = CodeTokenKind::space;
  std::string_view text;
  int line = 1;  ///< where it begins

  [[nodiscard]] bool is(std::string_view what) const { return text == what; }
  [[nodiscard]] bool significant() const { return kind < CodeTokenKind::comment; }
};

/// Every character of a C++ text, in order, as tokens that refer to it. Never fails: a comment or
/// raw string that is not ended ends with the text, another literal with its line.
[[nodiscard]] std::vector<CodeToken> code_tokens(std::string_view text);

}  // namespace evotune
