#pragma once

#include <string>
#include <vector>

#include "kernel/lexer.h"

namespace evotune {

/// `constexpr int BM = 64, BN{32};`, `enum { BK = 8 };`: a name with a number that the text gives
/// it once and for all, not in a function of the host.
struct ConstantDefinition {
  std::string_view name;
  std::vector<CodeToken> value;
  std::string_view text;  ///< of the value
  bool at_file_scope =
      false;  ///< or that of a namespace; else in a function of the device or a class
};

/// Of a text's tokens without directives, spaces and comments.
[[nodiscard]] std::vector<ConstantDefinition> constants_of(const std::vector<CodeToken>& code);

}  // namespace evotune
