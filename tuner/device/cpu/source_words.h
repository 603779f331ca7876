#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "kernel/lexer.h"

namespace evotune::cpu {

/// A token that means something to the compiler.
struct SourceWord : CodeToken {
  std::size_t offset = 0;  ///< in the source
  bool directive = false;  ///< part of a line that begins with '#'
};
using SourceWords = std::vector<SourceWord>;

[[nodiscard]] SourceWords source_words(std::string_view source);

[[nodiscard]] inline std::size_t end_of(const SourceWord& word) {
  return word.offset + word.text.size();
}
/// The index after the bracket that closes the one at `open`, or the end of the words.
[[nodiscard]] std::size_t after_brackets(const SourceWords&, std::size_t open);

/// The header of `#include <mma.h>`, where word `i` is "include"; empty for any other word.
[[nodiscard]] std::string_view included_header(std::string_view source, const SourceWords&,
                                               std::size_t i);

/// For each word: whether it stands in a function. A brace that follows `namespace x` or
/// `extern "C"` opens no function; any other one is taken to.
[[nodiscard]] std::vector<bool> in_function(const SourceWords&);

}  // namespace evotune::cpu
