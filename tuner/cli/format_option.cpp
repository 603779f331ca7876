#include "cli/format_option.h"

namespace evotune {
namespace {

Option add_flag(Command command, const char* flag, Format& format, Format chosen,
                const char* description) {
  return command.add_flag(
      flag, [&format, chosen] { format = chosen; }, description);
}

}  // namespace

void add_json_option(Command command, Format& format) {
  add_flag(command, "--json", format, Format::json, "Print JSON, for scripts");
}

void add_format_options(Command command, Format& format) {
  const Option json = add_flag(command, "--json", format, Format::json, "Print JSON, for scripts");
  add_flag(command, "--csv", format, Format::csv, "Print CSV, for spreadsheets").excludes(json);
}

}  // namespace evotune
