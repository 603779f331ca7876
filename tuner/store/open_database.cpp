#include "store/open_database.h"

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "base/errors.h"
#include "store/migrations.h"
#include "store/seals.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

// Absolute, so that SQLite takes no name for a URI ("file:…"), and one lock per file whatever links
// lead to it.
std::string real_path(const std::string& path) {
  if (path == ":memory:") return path;
  if (path.empty()) throw UserError("the database needs a file name", "see --db");
  std::error_code problem;
  const fs::path real = fs::weakly_canonical(fs::absolute(path), problem);
  if (problem) throw IoError("cannot find " + path + ": " + problem.message());
  return real.string();
}

void demand_existing(const std::string& path) {
  std::error_code ignored;
  if (path == ":memory:" || fs::exists(path, ignored)) return;
  throw UserError("there is no results database at " + path,
                  "`evotune run SPACE.yaml` makes one; --db or EVOTUNE_DB names another");
}

void make_folder_of(const std::string& path) {
  std::error_code problem;
  fs::create_directories(fs::path(path).parent_path(), problem);
  if (problem) throw IoError("cannot create the folder of " + path + ": " + problem.message());
}

void configure(Sqlite& db) {
  constexpr int busy_milliseconds = 5000;  // for the short moments in which a checkpoint needs all
  sqlite3_busy_timeout(db.handle.get(), busy_milliseconds);
  sqlite3_db_config(db.handle.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  db.script("PRAGMA foreign_keys = ON");
}

void demand_structure(Sqlite& db) {
  if (const auto verdict = db.value<std::string>("PRAGMA integrity_check(1)"); verdict != "ok")
    throw DamagedDatabase(db.path, verdict);
}

/// A header may be damaged so that it asks for another SQLite.
Origin readable_origin(Sqlite& db) try {
  return origin_of(db);
} catch (const std::logic_error& why) {
  throw DamagedDatabase(db.path, why.what());
}

// Of one moment: another process may be writing.
void demand_undamaged(Sqlite& db) {
  std::string why;
  try {
    const Transaction snapshot(db, Transaction::Kind::reading);
    demand_structure(db);
    const auto broken = broken_seal(db);
    if (!broken) return;
    why = *broken + " is not what was stored";
  } catch (const std::logic_error& problem) {  // tables or columns are missing
    why = problem.what();
  }
  throw DamagedDatabase(db.path, why);
}

void demand_readable(Sqlite& db) {
  const Origin origin = readable_origin(db);
  if (origin.blank)
    throw UserError("there are no results in " + db.path, "`evotune run SPACE.yaml` makes some");
  if (origin.version < newest_schema())
    throw UserError(db.path + " was written by an older evotune (schema " +
                        std::to_string(origin.version) + ")",
                    "the next `evotune run` on it brings it up to date, after a backup");
  demand_undamaged(db);
}

void prepare_for_writing(Sqlite& db, bool durable) {
  const Origin origin = readable_origin(db);
  const bool newest = origin.version == newest_schema();
  if (newest)
    demand_undamaged(db);
  else if (!origin.blank)
    demand_structure(db);
  db.script("PRAGMA journal_mode = WAL");
  db.script(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (newest) return;
  migrate(db, schema_migrations());
  seal_schema(db);
}

}  // namespace

std::unique_ptr<Sqlite> open_database(const std::string& path, Store::Mode mode, bool durable) {
  const bool writing = mode == Store::Mode::read_write;
  const std::string real = real_path(path);
  std::optional<WriterLock> lock;
  if (!writing) demand_existing(real);
  if (writing && real != ":memory:") {
    make_folder_of(real);
    lock.emplace(real);
  }
  auto db = std::make_unique<Sqlite>(
      real, writing ? Sqlite::Access::read_write : Sqlite::Access::read_only);
  db->lock = std::move(lock);
  configure(*db);
  if (writing) {
    prepare_for_writing(*db, durable);
  } else {
    demand_readable(*db);
  }
  return db;
}

}  // namespace evotune
