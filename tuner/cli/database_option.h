#pragma once

#include <string>

#include "cli/command.h"

namespace evotune {

/// results/evotune.db under the current folder; EVOTUNE_DB overrides, --db overrides both.
inline constexpr const char* default_database = "results/evotune.db";
void add_database_option(Command, std::string& path);

/// Whether the command line of this command named one, EVOTUNE_DB aside.
[[nodiscard]] bool database_was_given(Command command);

}  // namespace evotune
