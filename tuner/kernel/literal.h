#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/value.h"
#include "kernel/lexer.h"
#include "outcome/failure.h"
#include "space/parameter.h"

namespace evotune {

/// What a `#define`'s tokens say, where they are a literal: 64, -1, 0.5f, true, row, "warp.cuh",
/// unsigned int.
[[nodiscard]] std::optional<Value> literal_of(const std::vector<CodeToken>&);

/// How a value is written as a macro: 64, (-1), 0.5, 1 for true, row, "warp.cuh". Fails
/// (Stage::render) for what C++ cannot read: infinity, a name that is none.
[[nodiscard]] Result<std::string> macro_text(const Value&, ParameterKind);

/// How a value is written as a template argument: as a macro, but true for true.
[[nodiscard]] Result<std::string> argument_text(const Value&, ParameterKind);

}  // namespace evotune
