#include "store/migrations.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/errors.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

constexpr std::int32_t application_id = 0x45564f54;  // "EVOT"

void back_up(Sqlite& db, int version) {
  const std::string copy = db.path + ".v" + std::to_string(version) + ".bak";
  const std::string beside = copy + ".tmp";
  std::error_code problem;
  std::filesystem::remove(beside, problem);  // left by one that was killed
  db.execute("VACUUM INTO ?", beside);
  std::filesystem::rename(beside, copy, problem);
  if (problem) throw IoError("cannot write the backup " + copy + ": " + problem.message());
}

void take_step(Sqlite& db, int version, std::string_view sql) {
  Transaction step(db);
  db.script(std::string(sql));
  db.script("PRAGMA application_id = " + std::to_string(application_id));
  db.script("PRAGMA user_version = " + std::to_string(version));
  step.commit();
}

Origin origin_of(Sqlite& db, int newest) {
  const auto owner = db.value<std::int32_t>("PRAGMA application_id");
  const auto version = db.value<int>("PRAGMA user_version");
  const auto objects = db.value<std::int64_t>("SELECT count(*) FROM sqlite_schema");
  if (owner == 0 && version == 0 && objects == 0) return {true, 0};
  if (owner != application_id)
    throw IoError(db.path + " is an SQLite database, but not one of evotune's; name another file");
  if (version > newest)
    throw IoError(db.path + " was written by a newer evotune (schema " + std::to_string(version) +
                  "; this one knows up to " + std::to_string(newest) + "); update evotune");
  return {false, version};
}

}  // namespace

int newest_schema() { return static_cast<int>(schema_migrations().size()); }

Origin origin_of(Sqlite& db) { return origin_of(db, newest_schema()); }

void migrate(Sqlite& db, std::span<const std::string_view> migrations) {
  const int newest = static_cast<int>(migrations.size());
  const Origin origin = origin_of(db, newest);
  if (origin.version < newest && !origin.blank && !db.in_memory()) back_up(db, origin.version);
  for (int version = origin.version; version < newest; ++version)
    take_step(db, version + 1, migrations[static_cast<std::size_t>(version)]);
}

}  // namespace evotune
