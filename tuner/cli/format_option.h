#pragma once

#include "cli/table.h"

namespace CLI {
class App;
}

namespace evotune {

/// --json and --csv, of which one may be given.
void add_format_options(CLI::App&, Format&);
void add_json_option(CLI::App&, Format&);

}  // namespace evotune
