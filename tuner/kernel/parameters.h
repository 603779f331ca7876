#pragma once

#include <string>

#include "kernel/includes.h"
#include "space/space_file.h"

namespace evotune {

/// Every file that each file parameter may name.
[[nodiscard]] Fragments all_fragments(const SpaceFile&);

/// A template's default as the parameter would offer it: 1 is true where only true and false are
/// offered, 2 is 2.0 where only reals are.
[[nodiscard]] Value as_offered(const Value&, const ParameterDeclaration&);

/// The parameter of this name, if there is one.
[[nodiscard]] const ParameterDeclaration* find_parameter(const SpaceFile&, std::string_view name);

}  // namespace evotune
