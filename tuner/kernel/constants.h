#pragma once

#include <string>
#include <vector>

#include "kernel/lexer.h"

namespace evotune {

/// `constexpr int BM = 64, BN = 32;`: a name with a value that the text gives it once and for all.
struct ConstantDefinition {
  std::string_view name;
  std::vector<CodeToken> value;
  std::string_view text;       ///< of the value
  bool at_file_scope = false;  ///< or that of a namespace; else in a function or class
};

/// Of a text's tokens without directives, spaces and comments.
[[nodiscard]] std::vector<ConstantDefinition> constants_of(const std::vector<CodeToken>& code);

}  // namespace evotune
