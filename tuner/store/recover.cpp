// 1. The damaged file is copied, with its journal, and read from there: opening it could change it.
// 2. What it held is listed from its seals and its tables, each read from both ends, because
//    reading stops where the damage is.
// 3. Each thing is copied in a transaction of its own, which is committed only if its seal holds on
//    the copy.
// 4. What points to something lost is pointed to nothing, and sealed anew.
#include "store/recover.h"

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/file.h"
#include "store/seals.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "store/writer_lock.h"

namespace evotune {
namespace {

namespace fs = std::filesystem;

/// How what belongs to a thing (id ?1, ordinal ?2) gets out of the damaged database, `old`. In this
/// order: evaluations need their run, finals their individuals.
struct Kind {
  std::string_view name;
  std::vector<std::string_view> copies;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"source", {"INSERT INTO source SELECT * FROM old.source WHERE hash = ?1 AND ?2 = 0"}},
      {"run", {"INSERT INTO run SELECT * FROM old.run WHERE id = ?1 AND ?2 = 0"}},
      {"evaluation",
       {"INSERT INTO individual SELECT i.* FROM old.individual i JOIN run r ON r.id = i.run "
        "WHERE i.run = ?1 AND i.ordinal = ?2",
        "INSERT INTO outcome SELECT o.* FROM individual i JOIN old.outcome o ON o.id = i.outcome "
        "AND o.candidate = i.candidate WHERE i.run = ?1 AND i.ordinal = ?2",
        "INSERT OR IGNORE INTO candidate SELECT c.* FROM individual i JOIN old.candidate c "
        "ON c.id = i.candidate WHERE i.run = ?1 AND i.ordinal = ?2",
        "INSERT INTO timing SELECT t.* FROM individual i JOIN old.timing t "
        "ON t.outcome = i.outcome WHERE i.run = ?1 AND i.ordinal = ?2",
        "INSERT INTO parent SELECT * FROM old.parent WHERE run = ?1 AND ordinal = ?2"}},
      {"finals",
       {"INSERT INTO final SELECT f.* FROM old.final f JOIN individual i "
        "ON i.run = f.run AND i.ordinal = f.ordinal WHERE f.run = ?1 AND ?2 = 0",
        "INSERT INTO outcome SELECT o.* FROM final f JOIN individual i "
        "ON i.run = f.run AND i.ordinal = f.ordinal JOIN old.outcome o ON o.id = f.outcome "
        "AND o.candidate = i.candidate WHERE f.run = ?1 AND ?2 = 0",
        "INSERT INTO timing SELECT t.* FROM final f JOIN old.timing t ON t.outcome = f.outcome "
        "WHERE f.run = ?1 AND ?2 = 0"}}};
  return all;
}

// Each is read from both ends.
constexpr std::array<std::string_view, 5> lists = {
    "SELECT kind, typeof(id) = 'integer', id, ordinal FROM old.seal ORDER BY seal.kind ",
    "SELECT 'run', 1, id, 0 FROM old.run ORDER BY id ",
    "SELECT 'evaluation', 1, run, ordinal FROM old.individual ORDER BY run ",
    "SELECT 'finals', 1, run, 0 FROM old.final ORDER BY run ",
    "SELECT 'source', 0, hash, 0 FROM old.source ORDER BY rowid "};

void add_things(Sqlite& db, const std::string& list, std::set<SealedThing>& things) {
  try {
    Rows rows = db.run(list);
    while (rows.next()) things.insert(take_sealed_thing(rows));
  } catch (const DamagedDatabase&) {
    // What is behind it is met from the other end, or in another list.
  } catch (const std::logic_error&) {
    // The table is not there any more.
  }
}

std::set<SealedThing> things_of(Sqlite& db) {
  std::set<SealedThing> things;
  for (const std::string_view list : lists)
    for (const char* direction : {"ASC", "DESC"})
      add_things(db, std::string(list) + direction, things);
  return things;
}

/// Whether all of it could be read and is what was stored.
bool copy(Sqlite& db, const Kind& kind, const SealedThing& one) {
  try {
    Transaction whole(db);
    for (const std::string_view part : kind.copies) db.execute(part, one.id, one.ordinal);
    db.execute("INSERT INTO seal SELECT * FROM old.seal WHERE kind = ? AND id = ? AND ordinal = ?",
               one.kind, one.id, one.ordinal);
    if (!is_whole(db, one)) return false;
    whole.commit();
    return true;
  } catch (const DamagedDatabase&) {
    return false;
  } catch (const std::logic_error&) {  // it breaks a rule of the schema
    return false;
  }
}

void fill_lost_sources(Sqlite& db) {
  std::vector<std::string> hashes;
  {
    Rows rows = db.run(
        "SELECT DISTINCT source_hash FROM outcome WHERE source_hash NOT IN (SELECT hash FROM "
        "source)");
    while (rows.next()) hashes.push_back(rows.take<std::string>());
  }
  for (const std::string& hash : hashes) {
    db.execute("INSERT INTO source (hash, text) VALUES (?, '')", hash);
    seal_source(db, hash);
  }
}

void cut_lost_parents(Sqlite& db) {
  std::vector<std::pair<std::int64_t, std::uint32_t>> children;
  {
    Rows rows = db.run(
        "SELECT DISTINCT p.run, p.ordinal FROM parent p LEFT JOIN individual i ON i.run = p.run "
        "AND i.ordinal = p.parent_ordinal WHERE p.parent_ordinal IS NOT NULL AND i.run IS NULL");
    while (rows.next()) {
      const auto run = rows.take<std::int64_t>();
      children.emplace_back(run, rows.take<std::uint32_t>());
    }
  }
  db.execute(
      "UPDATE parent SET parent_ordinal = NULL WHERE NOT EXISTS (SELECT 1 FROM individual i "
      "WHERE i.run = parent.run AND i.ordinal = parent.parent_ordinal)");
  for (const auto& [run, ordinal] : children) seal_evaluation(db, run, ordinal);
}

void mend_references(Sqlite& db) {
  Transaction whole(db);
  fill_lost_sources(db);
  cut_lost_parents(db);
  if (db.run("PRAGMA foreign_key_check").next())
    throw std::logic_error("what was recovered points to something that is not there");
  whole.commit();
}

fs::path found(const std::string& damaged) {
  std::error_code ignored;
  if (!fs::is_regular_file(damaged, ignored))
    throw UserError("there is no results database at " + damaged);
  return fs::canonical(damaged);
}

/// Nothing where no run ever wrote it: its folder may not be writable.
std::optional<WriterLock> lock_out_writers(const fs::path& database) {
  std::optional<WriterLock> lock;
  std::error_code ignored;
  if (fs::exists(database.string() + ".lock", ignored)) lock.emplace(database.string());
  return lock;
}

void attach_copy(Sqlite& db, const fs::path& database, const fs::path& folder) {
  const fs::path copied = folder / "old.db";
  fs::copy_file(database, copied);
  if (const fs::path journal = database.string() + "-wal"; fs::exists(journal))
    fs::copy_file(journal, copied.string() + "-wal");
  const std::string unreadable = "nothing of " + database.string() + " can be read";
  try {
    db.execute("ATTACH ? AS old", copied.string());
    if (db.value<std::int64_t>("SELECT count(*) FROM old.sqlite_schema WHERE name = 'seal'") == 0)
      throw UserError("nothing in " + database.string() + " has a checksum",
                      "it is not evotune's, or was last written by one that put none");
  } catch (const DamagedDatabase&) {
    throw IoError(unreadable);
  } catch (const std::logic_error&) {  // its header asks for another SQLite
    throw IoError(unreadable);
  }
}

}  // namespace

std::map<std::string, Recovered> recover(const std::string& damaged, const std::string& fresh) {
  const fs::path database = found(damaged);
  if (fs::exists(fresh))
    throw UserError(fresh + " exists already", "another file can be named with --out");
  const std::optional<WriterLock> lock = lock_out_writers(database);
  const TemporaryDirectory scratch;
  const Store store((scratch.path() / "new.db").string());
  Sqlite& db = store.connection();
  attach_copy(db, database, scratch.path());

  db.script("PRAGMA foreign_keys = OFF");  // until everything is there that is to be had
  const std::set<SealedThing> things = things_of(db);
  std::map<std::string, Recovered> all;
  for (const Kind& kind : kinds()) {
    Recovered& came = all[std::string(kind.name)];
    for (const SealedThing& one : things) {
      if (one.kind != kind.name) continue;
      if (copy(db, kind, one))
        ++came.kept;
      else
        came.lost.push_back(to_text(one));
    }
  }
  mend_references(db);
  if (all["run"].kept > 0) write_copy(db, fresh);
  return all;
}

}  // namespace evotune
