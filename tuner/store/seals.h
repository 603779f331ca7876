#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace evotune {

struct Sqlite;

// A seal is a checksum of what was stored, over all rows that belong to one thing. SQLite notices a
// damaged structure; these notice a damaged value. Each is put within the transaction that stores
// the thing.

void seal_schema(Sqlite&);
void seal_run(Sqlite&, std::int64_t run);
void seal_evaluation(Sqlite&, std::int64_t run, std::uint32_t ordinal);
void seal_finals(Sqlite&, std::int64_t run);
void seal_source(Sqlite&, const std::string& hash);

/// The first thing that is not as it was stored: "evaluation 7 of run 3". What older versions of
/// the schema have stored has no seal.
[[nodiscard]] std::optional<std::string> broken_seal(Sqlite&);

}  // namespace evotune
