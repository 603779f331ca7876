#include "store/migrations.h"

#include <cstdint>
#include <string>

#include "base/errors.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

constexpr std::int32_t application_id = 0x45564f54;  // "EVOT"

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
  if (origin.version < newest && !origin.blank && !db.in_memory())
    write_copy(db, db.path + ".v" + std::to_string(origin.version) + ".bak");
  for (int version = origin.version; version < newest; ++version)
    take_step(db, version + 1, migrations[static_cast<std::size_t>(version)]);
}

}  // namespace evotune
