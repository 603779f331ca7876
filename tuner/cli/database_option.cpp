#include "cli/database_option.h"

#include <CLI/CLI.hpp>

namespace evotune {

void add_database_option(CLI::App& command, std::string& path) {
  path = default_database;
  command.add_option("--db", path, "The results database")
      ->envname("EVOTUNE_DB")
      ->type_name("FILE")
      ->capture_default_str();
}

}  // namespace evotune
