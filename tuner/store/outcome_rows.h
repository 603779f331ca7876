#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "outcome/outcome.h"
#include "space/config.h"

namespace evotune {

struct Sqlite;
class Rows;

/// "[0,3,1]": a configuration as the database keeps it.
[[nodiscard]] std::string to_json(const Config&);
[[nodiscard]] Config config_from_json(const std::string&);

/// What an outcome is filed under.
struct OutcomePlace {
  std::int64_t candidate = 0;
  std::string_view key;
  std::string_view kind;         ///< "search" or "final"
  std::string_view source_hash;  ///< may be empty
};

/// Adds an outcome with all its samples and the numbers derived from them; returns its id.
std::int64_t add_outcome(Sqlite&, const OutcomePlace&, const Outcome&);

/// The columns that take_outcome() takes, of an outcome `o`.
inline constexpr std::string_view outcome_columns =
    "o.id, o.stage, o.message, o.compile_seconds, o.registers, o.spill_bytes, o.stack_bytes, "
    "o.static_shared_bytes, o.has_nan, o.max_error, o.worst_of_allowed";

/// Takes those columns and fetches the samples.
[[nodiscard]] Outcome take_outcome(Sqlite&, Rows&);

}  // namespace evotune
