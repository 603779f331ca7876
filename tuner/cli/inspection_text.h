#pragma once

#include <string>

#include "cli/inspection.h"
#include "cli/table.h"

namespace evotune {

/// One page for people.
[[nodiscard]] std::string to_text(const Inspection&);
[[nodiscard]] OrderedJson to_json(const Inspection&);

/// What stands in a line of a rendered source, found by its #line directives; empty if nothing
/// does.
[[nodiscard]] std::string text_of_line(const std::string& source, const SourceLine&);

}  // namespace evotune
