#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string_view>

#include "kernel/brackets.h"
#include "kernel/directives.h"
#include "kernel/lexer.h"

namespace evotune {

// What a few words of a declaration say about it.

[[nodiscard]] bool begins_class(const CodeToken&);  ///< struct, class, union, enum
[[nodiscard]] bool is_attribute(const CodeToken&);  ///< alignas and its like

/// Past `template <…>`, where that stands at `i`; else `i`.
[[nodiscard]] std::size_t after_template(std::span<const CodeToken> words, std::size_t i);

/// What the heads `template <typename T, int N = 2>` at `i` name: T and N.
[[nodiscard]] std::set<std::string_view> template_parameters(std::span<const CodeToken> words,
                                                             std::size_t i);

/// What `using a =`, `typedef b a;`, `typedef b (*a)(c);` name, the last of `words`, whose brackets
/// these are, from `begin` on; else nothing.
[[nodiscard]] std::string_view alias_of(std::span<const CodeToken> words, const Brackets&,
                                        std::size_t begin);

/// A file of OpenCV's that says `uchar` and has none of its own.
[[nodiscard]] bool lacks_uchar(std::string_view source);

/// Of `T name[] = …;`, `T name{…};` the name; else nothing.
[[nodiscard]] std::string_view variable_of(std::span<const CodeToken> words, std::size_t begin);

/// `static_assert(sizeof(name) == 8);` of one of the names.
[[nodiscard]] bool asserts_of(std::span<const CodeToken> words,
                              const std::set<std::string_view>& names);

/// `struct option options[] = …`, `struct work* next(…)`, as C has to write it.
[[nodiscard]] bool is_of_a_named_type(std::span<const CodeToken> words, std::size_t i);

/// Whether the "=" at `i` is part of an operator's name: operator=, operator+=, operator==.
template <typename Words>
[[nodiscard]] bool names_operator(const Words& words, std::size_t i) {
  constexpr std::size_t most_signs_before = 2;
  std::size_t first = i;
  while (first > 0 && i - first < most_signs_before &&
         words[first - 1].kind == CodeTokenKind::punctuation)
    --first;
  return first > 0 && words[first - 1].is("operator");
}

/// `#define UNARY(name) void cpu_##name(float* x) { … }`
[[nodiscard]] bool writes_a_function(const MacroDefinition&);

}  // namespace evotune
