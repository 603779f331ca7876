#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/lexer.h"

namespace evotune {

/// The text without the blanks between a backslash and the end of a directive's line: g++ and
/// clang++, and so nvcc, let the line go on all the same, NVRTC does not.
[[nodiscard]] std::string with_joined_directives(std::string_view text);

/// One preprocessor line, with the lines it goes on over.
struct Directive {
  std::string_view name;         ///< "define", "include", …
  std::vector<CodeToken> words;  ///< what follows, without spaces and comments
  std::string_view text;         ///< from '#' up to, not with, its line end
  int line = 1;
};

[[nodiscard]] std::vector<Directive> directives_of(const std::vector<CodeToken>&);

/// The header that an #include names, without its brackets or quotes; empty of other directives.
[[nodiscard]] std::string_view included_header(const Directive&);

/// A `#define` or `#undef` of a name.
struct MacroDefinition {
  std::string_view name;
  std::vector<CodeToken> value;  ///< empty for `#undef`
  std::string_view text;         ///< the whole directive
  bool guarded = false;          ///< stands where `#ifndef name` holds: a definition before it wins
  bool undefines = false;
  bool takes_arguments = false;  ///< `#define MAX(a, b) …`
};

[[nodiscard]] std::vector<MacroDefinition> definitions_of(const std::vector<Directive>&);

}  // namespace evotune
