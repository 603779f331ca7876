#include "store/read_only_query.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/database_option.h"
#include "cli/format_option.h"

namespace evotune {
namespace {

struct QueryOptions {
  std::string sql, database;
  QueryLimits limits;
  Format format = Format::text;
};

OrderedJson as_json(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return number_or_null(*real);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

Table as_table(const QueryResult& result) {
  Table table{result.columns, {}};
  for (const auto& row : result.rows) {
    std::vector<OrderedJson> cells;
    for (const Cell& cell : row) cells.push_back(as_json(cell));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

void write_query(const QueryOptions& options) {
  const Store store(options.database, Store::Mode::read_only);
  const QueryResult result = query(store, options.sql, options.limits);
  print(write(as_table(result), options.format));
  if (result.truncated)
    std::fputs(fmt::format("only the first {} rows are shown\n", options.limits.rows).c_str(),
               stderr);
}

}  // namespace

void add_query(Command app, int&) {
  Command command = app.add_subcommand("query", "Ask the database in SQL; reading only");
  auto options = std::make_shared<QueryOptions>();
  command.add_option("sql", options->sql, "One SELECT").required().type_name("SQL");
  command.add_option("--rows", options->limits.rows, "At most so many rows; 0: all")
      .capture_default_str();
  command.add_option("--seconds", options->limits.seconds, "Stop after so long")
      .capture_default_str();
  add_database_option(command, options->database);
  add_format_options(command, options->format);
  command.footer(
      "Views: best, history, failures, lineage; docs/database.md explains them and the tables.\n\n"
      "Examples:\n"
      "  evotune query \"SELECT configuration, speedup FROM best WHERE rank <= 3\"\n"
      "  evotune query --json \"SELECT stage, count(*) AS n FROM failures GROUP BY stage\"\n"
      "  evotune query --csv \"SELECT ordinal, best_so_far FROM history WHERE run = 1\"\n");
  command.callback([options] { write_query(*options); });
}

}  // namespace evotune
