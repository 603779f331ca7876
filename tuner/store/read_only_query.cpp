#include "store/read_only_query.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <string_view>

#include "base/errors.h"
#include "base/text.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

// What a SELECT needs and no more: no ATTACH, no PRAGMA, no writing, no loading of code.
int authorize(void*, int action, const char*, const char* name, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return name != nullptr && std::string_view(name) == "load_extension" ? SQLITE_DENY
                                                                           : SQLITE_OK;
    default:
      return SQLITE_DENY;
  }
}

// Setting up a table-valued function looks like CREATE TABLE to the authorizer; these two unpack
// what the tables hold as JSON, so they are set up before it watches.
void allow_json_tables(Sqlite& db) {
  db.execute("SELECT key FROM json_each('[]')");
  db.execute("SELECT key FROM json_tree('[]')");
}

// Guards the connection while a stranger's statement is on it.
class Guard {
 public:
  Guard(sqlite3* db, Seconds seconds)
      : db_(db),
        deadline_(monotonic_seconds() + seconds),
        length_(sqlite3_limit(db, SQLITE_LIMIT_LENGTH, longest_value)) {
    constexpr int steps_between_looks = 1000;
    sqlite3_set_authorizer(db_, authorize, nullptr);
    sqlite3_progress_handler(db_, steps_between_looks, too_late, this);
  }
  ~Guard() {
    sqlite3_set_authorizer(db_, nullptr, nullptr);
    sqlite3_progress_handler(db_, 0, nullptr, nullptr);
    sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, length_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  static constexpr int longest_value = 64 << 20;

  static int too_late(void* self) {
    return monotonic_seconds() > static_cast<Guard*>(self)->deadline_ ? 1 : 0;
  }

  sqlite3* db_;
  Seconds deadline_;
  int length_;
};

std::string place_of_error(sqlite3* db, const std::string& sql) {
#if SQLITE_VERSION_NUMBER >= 3038000
  const int offset = sqlite3_error_offset(db);
  if (offset >= 0 && sql.find('\n') == std::string::npos)
    return sql + "\n    " + std::string(static_cast<std::size_t>(offset), ' ') + "^";
#else
  static_cast<void>(db);
  static_cast<void>(sql);
#endif
  return "docs/database.md lists the tables and views: best, history, failures, lineage, run, …";
}

[[noreturn]] void fail(sqlite3* db, int code, const std::string& sql, const QueryLimits& limits) {
  switch (code & 0xff) {
    case SQLITE_AUTH:
      throw UserError("a query may only read", "it is one SELECT; see docs/database.md");
    case SQLITE_INTERRUPT:
      throw UserError(fmt::format("the query took more than {} s", limits.seconds),
                      "make it smaller, or allow more with --seconds");
    case SQLITE_ERROR:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      throw UserError(std::string("SQL: ") + sqlite3_errmsg(db), place_of_error(db, sql));
    default:
      throw_sqlite_error(db, code);
  }
}

Statement prepare(sqlite3* db, const std::string& sql, const QueryLimits& limits) {
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), 0, &made, &rest);
  Statement statement(made);
  if (code != SQLITE_OK) fail(db, code, sql, limits);
  if (made == nullptr) throw UserError("the query is empty", "SELECT * FROM best");
  const std::string_view unread(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (!trim(unread).empty() && trim(unread) != ";")
    throw UserError("a query is one statement", "after it stands: " + std::string(trim(unread)));
  if (sqlite3_stmt_readonly(made) == 0 || sqlite3_column_count(made) == 0)
    throw UserError("a query may only read", "it is one SELECT; see docs/database.md");
  return statement;
}

std::string as_literal(const void* blob, int size) {
  const auto* bytes = static_cast<const unsigned char*>(blob);
  std::string text = "x'";
  for (int i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text + "'";
}

Cell cell(sqlite3_stmt* row, int column) {
  const auto size = [&] { return sqlite3_column_bytes(row, column); };
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(row, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(row, column);
    case SQLITE_BLOB: {
      const void* blob = sqlite3_column_blob(row, column);
      return as_literal(blob, size());
    }
    case SQLITE_TEXT: {
      const void* text = sqlite3_column_text(row, column);
      return std::string(static_cast<const char*>(text), static_cast<std::size_t>(size()));
    }
    default:
      return std::monostate{};
  }
}

}  // namespace

QueryResult query(const Store& store, const std::string& sql, const QueryLimits& limits) {
  sqlite3* db = store.connection().handle.get();
  allow_json_tables(store.connection());
  const Guard guard(db, limits.seconds);
  const Statement statement = prepare(db, sql, limits);
  const int columns = sqlite3_column_count(statement.get());
  QueryResult result;
  for (int column = 0; column < columns; ++column)
    result.columns.emplace_back(sqlite3_column_name(statement.get(), column));
  for (;;) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return result;
    if (code != SQLITE_ROW) fail(db, code, sql, limits);
    if (limits.rows != 0 && result.rows.size() == limits.rows) {
      result.truncated = true;
      return result;
    }
    std::vector<Cell> row;
    for (int column = 0; column < columns; ++column) row.push_back(cell(statement.get(), column));
    result.rows.push_back(std::move(row));
  }
}

}  // namespace evotune
