#include "cli/format_option.h"

#include <CLI/CLI.hpp>

namespace evotune {
namespace {

CLI::Option* add_flag(CLI::App& command, const char* flag, Format& format, Format chosen,
                      const char* description) {
  return command.add_flag_callback(
      flag, [&format, chosen] { format = chosen; }, description);
}

}  // namespace

void add_json_option(CLI::App& command, Format& format) {
  add_flag(command, "--json", format, Format::json, "Print JSON, for scripts");
}

void add_format_options(CLI::App& command, Format& format) {
  CLI::Option* json = add_flag(command, "--json", format, Format::json, "Print JSON, for scripts");
  add_flag(command, "--csv", format, Format::csv, "Print CSV, for spreadsheets")->excludes(json);
}

}  // namespace evotune
