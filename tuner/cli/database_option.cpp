#include "cli/database_option.h"

#include <cstdlib>

namespace evotune {
namespace {

constexpr const char* database_variable = "EVOTUNE_DB";

}  // namespace

void add_database_option(Command command, std::string& path) {
  path = default_database;
  command.add_option("--db", path, "The results database")
      .envname(database_variable)
      .type_name("FILE")
      .capture_default_str();
}

bool database_was_given(Command command) {
  // CLI11 counts a value from the environment as given.
  const char* named = std::getenv(database_variable);
  const std::string path = command.value_of("--db");
  return path != default_database && (named == nullptr || path != named);
}

}  // namespace evotune
