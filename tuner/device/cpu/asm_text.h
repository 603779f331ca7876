#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "device/cpu/source_words.h"

namespace evotune::cpu {

/// What stands in the place of words [begin, end).
struct RewrittenAsm {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// `asm volatile("…" : outputs : inputs : clobbers)`, words [begin, after) with its bracket at
/// `open`, in C++. Where an #if stands between its strings, each branch becomes a statement.
[[nodiscard]] std::vector<RewrittenAsm> asm_in_cpp(const SourceWords&, std::size_t begin,
                                                   std::size_t open, std::size_t after,
                                                   std::string_view source);

}  // namespace evotune::cpu
