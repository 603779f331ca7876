#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace evotune {

/// A line as the preprocessor sees it: continuations joined, a comment that spans lines taken in.
struct LogicalLine {
  std::string_view raw;  ///< of the given text, byte for byte, its line end included
  std::string code;      ///< joined, each comment replaced by one space
  int number = 1;        ///< of its first physical line
};

/// The raws, one after the other, are the text. Raw strings and quotes hide what looks like a
/// comment or a directive.
[[nodiscard]] std::vector<LogicalLine> logical_lines(std::string_view text);

/// "#define BM 64" taken apart: {"define", "BM 64"}. An empty name: not a directive.
struct LineDirective {
  std::string_view name, rest;  ///< of the line's code
};
[[nodiscard]] LineDirective directive_of(const LogicalLine&);

}  // namespace evotune
