#pragma once

#include <span>
#include <string_view>

namespace evotune {

struct Sqlite;

/// Migration i (from 0) takes a database from version i to i + 1. Append; never edit one that was
/// released.
[[nodiscard]] std::span<const std::string_view> schema_migrations();
[[nodiscard]] int newest_schema();

/// What an opened file is.
struct Origin {
  bool blank = false;  ///< nothing in it yet
  int version = 0;
};

/// Throws IoError for a database that is not evotune's or is newer than this evotune.
[[nodiscard]] Origin origin_of(Sqlite&);

/// Brings the database to the last of these, each step in one transaction, so that a kill leaves a
/// whole version. What has content is first copied to `<database>.v<version>.bak`.
void migrate(Sqlite&, std::span<const std::string_view> migrations);

}  // namespace evotune
