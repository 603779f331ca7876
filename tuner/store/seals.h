#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace evotune {

struct Sqlite;
class Rows;

// A seal is a checksum of what was stored, over all rows that belong to one thing. SQLite notices a
// damaged structure; these notice a damaged value. Each is put within the transaction that stores
// the thing.

void seal_schema(Sqlite&);
void seal_run(Sqlite&, std::int64_t run);
void seal_evaluation(Sqlite&, std::int64_t run, std::uint32_t ordinal);
void seal_finals(Sqlite&, std::int64_t run);
void seal_source(Sqlite&, const std::string& hash);

/// What a seal is on.
struct SealedThing {
  std::string kind;  ///< "run", "evaluation" (of a run), "finals" (of a run), "source", "schema"
  std::variant<std::int64_t, std::string> id;  ///< of the run, or the source's hash
  std::int64_t ordinal = 0;                    ///< of the evaluation
  auto operator<=>(const SealedThing&) const = default;
};
[[nodiscard]] std::string to_text(const SealedThing&);  ///< "evaluation 7 of run 3"

/// Takes the columns `kind, typeof(id) = 'integer', id, ordinal`.
[[nodiscard]] SealedThing take_sealed_thing(Rows&);

/// Whether it has a seal and is what was stored.
[[nodiscard]] bool is_whole(Sqlite&, const SealedThing&);

/// The first thing that is not as it was stored: "evaluation 7 of run 3". What older versions of
/// the schema have stored has no seal.
[[nodiscard]] std::optional<std::string> broken_seal(Sqlite&);

}  // namespace evotune
