#pragma once

#include <cstddef>
#include <span>

#include "kernel/directives.h"
#include "kernel/lexer.h"

namespace evotune {

// What a few words of a declaration say about it.

[[nodiscard]] bool begins_class(const CodeToken&);  ///< struct, class, union, enum
[[nodiscard]] bool is_attribute(const CodeToken&);  ///< alignas and its like

/// Past `template <…>`, where that stands at `i`; else `i`.
[[nodiscard]] std::size_t after_template(std::span<const CodeToken> words, std::size_t i);

/// `struct option options[] = …`, `struct work* next(…)`, as C has to write it.
[[nodiscard]] bool is_of_a_named_type(std::span<const CodeToken> words, std::size_t i);

/// `#define UNARY(name) void cpu_##name(float* x) { … }`
[[nodiscard]] bool writes_a_function(const MacroDefinition&);

}  // namespace evotune
