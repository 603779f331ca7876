#pragma once

#include "cli/command.h"
#include "cli/table.h"

namespace evotune {

/// --json and --csv, of which one may be given.
void add_format_options(Command, Format&);
void add_json_option(Command, Format&);

}  // namespace evotune
