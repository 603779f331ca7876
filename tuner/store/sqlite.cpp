#include "store/sqlite.h"

#include <sqlite3.h>

#include <cmath>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace evotune {
namespace {

std::string name_of(sqlite3* db) {
  const char* path = db == nullptr ? nullptr : sqlite3_db_filename(db, "main");
  return path == nullptr || *path == '\0' ? "the database in memory" : path;
}

const char* advice_for(int primary_code) {
  switch (primary_code) {
    case SQLITE_FULL:
      return " (the disk is full; what was acknowledged is safe)";
    case SQLITE_BUSY:
      return " (another process holds it)";
    case SQLITE_READONLY:
      return " (it, or its folder, may not be written)";
    default:
      return "";
  }
}

}  // namespace

void throw_sqlite_error(sqlite3* db, int code) {
  const int primary = code & 0xff;
  if (primary == SQLITE_NOMEM) throw std::bad_alloc();
  // errmsg is about the last call on this connection; a code of another origin has its own words.
  const std::string why = db != nullptr && (sqlite3_extended_errcode(db) & 0xff) == primary
                              ? sqlite3_errmsg(db)
                              : sqlite3_errstr(code);
  // A rule of the schema was broken: that is a defect of the caller, not of the world.
  if (primary == SQLITE_CONSTRAINT || primary == SQLITE_MISUSE || primary == SQLITE_ERROR)
    throw std::logic_error(name_of(db) + ": " + why);
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_TOOBIG)
    throw DamagedDatabase(name_of(db), why);
  throw IoError(name_of(db) + ": " + why + advice_for(primary));
}

DamagedDatabase::DamagedDatabase(const std::string& path, const std::string& why)
    : IoError(path + " is damaged, or is no database: " + why + "\n    `evotune recover " + path +
              "` copies what is good into a new one") {}

void write_copy(Sqlite& db, const std::string& path) {
  const std::string beside = path + ".tmp";
  std::error_code problem;
  std::filesystem::remove(beside, problem);  // left by one that was killed
  db.execute("VACUUM INTO ?", beside);
  std::filesystem::rename(beside, path, problem);
  if (problem) throw IoError("cannot write " + path + ": " + problem.message());
}

void CloseConnection::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void FinishStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Rows::~Rows() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) throw_sqlite_error(sqlite3_db_handle(statement_), code);
  return false;
}

bool Rows::null() const { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }
std::int64_t Rows::integer() { return sqlite3_column_int64(statement_, column_++); }
double Rows::real() { return sqlite3_column_double(statement_, column_++); }

std::string Rows::text() {
  const void* bytes = sqlite3_column_text(statement_, column_);
  const int size = sqlite3_column_bytes(statement_, column_);
  ++column_;
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Rows::append_to(std::string& text) const {
  const auto append = [&text](const void* bytes, std::size_t size) {
    text.append(static_cast<const char*>(bytes), size);
  };
  for (int column = 0; column < sqlite3_column_count(statement_); ++column) {
    const int type = sqlite3_column_type(statement_, column);
    append(&type, sizeof type);
    if (type == SQLITE_FLOAT) {
      const double value = sqlite3_column_double(statement_, column);
      append(&value, sizeof value);
    } else if (type != SQLITE_NULL) {
      const void* bytes = sqlite3_column_text(statement_, column);
      const int size = sqlite3_column_bytes(statement_, column);
      append(&size, sizeof size);
      append(bytes, static_cast<std::size_t>(size));
    }
  }
}

Sqlite::Sqlite(std::string where, Access access) : path(std::move(where)) {
  const int flags = access == Access::read_only ? SQLITE_OPEN_READONLY
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  handle.reset(opened);
  if (code != SQLITE_OK)
    throw IoError("cannot open the database " + path + ": " +
                  (opened == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(opened)));
  sqlite3_extended_result_codes(opened, 1);
}

sqlite3_stmt* Sqlite::prepared(std::string_view sql) {
  Statement& kept = statements_[std::string(sql)];
  if (kept == nullptr) {
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(handle.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) throw_sqlite_error(handle.get(), code);
    kept.reset(made);
  }
  if (sqlite3_stmt_busy(kept.get()) != 0)
    throw std::logic_error("a statement is run again before it has ended: " + std::string(sql));
  return kept.get();
}

void Sqlite::bind(sqlite3_stmt* statement, int index, const Bound& value) {
  int code = SQLITE_OK;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    code = sqlite3_bind_int64(statement, index, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    // SQLite would silently make it NULL, and NULL passes every CHECK.
    if (std::isnan(*real)) throw std::logic_error("NaN is no value for the database");
    code = sqlite3_bind_double(statement, index, *real);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    const char* bytes = text->data() == nullptr ? "" : text->data();
    code =
        sqlite3_bind_text64(statement, index, bytes, text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    code = sqlite3_bind_null(statement, index);
  }
  if (code != SQLITE_OK) throw_sqlite_error(sqlite3_db_handle(statement), code);
}

void Sqlite::fail_without_row(std::string_view sql) {
  throw std::logic_error("no row where one was promised: " + std::string(sql));
}

void Sqlite::script(const std::string& sql) {
  const int code = sqlite3_exec(handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite_error(handle.get(), code);
}

std::int64_t Sqlite::last_id() const { return sqlite3_last_insert_rowid(handle.get()); }
int Sqlite::changes() const { return sqlite3_changes(handle.get()); }

Transaction::Transaction(Sqlite& db, Kind kind) : db_(db) {
  db_.execute(kind == Kind::writing ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // A full disk may have rolled it back already. A rollback that fails leaves nothing to be done:
  // the journal undoes the rest at the next opening.
  if (sqlite3_get_autocommit(db_.handle.get()) == 0)
    sqlite3_exec(db_.handle.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() { db_.execute("COMMIT"); }

}  // namespace evotune
