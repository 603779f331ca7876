#include "store/seals.h"

#include <fmt/format.h>

#include <span>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

// What belongs to a thing of each kind, by its two numbers (or its hash and 0). Columns are named:
// one that a later version adds must not break what is sealed.
const std::string outcome_parts =
    "o.key, o.kind, o.source_hash, o.stage, o.message, o.compile_seconds, o.registers, "
    "o.spill_bytes, o.stack_bytes, o.static_shared_bytes, o.has_nan, o.max_error, "
    "o.worst_of_allowed, o.latency_us, o.speedup, o.speedup_low, o.speedup_high";

const std::vector<std::string>& parts_of(std::string_view kind) {
  static const std::vector<std::string> schema = {
      "SELECT name, sql FROM sqlite_schema WHERE ?1 = 0 AND ?2 = 0 ORDER BY name"};
  static const std::vector<std::string> run = {
      "SELECT started, ended, status, reason, space_name, space_path, space_hash, space_text, "
      "template_hash, problem, device_id, device_name, device_arch, compiler, strategy, settings, "
      "seed, batch, default_fitness, environment FROM run WHERE id = ?1 AND ?2 = 0"};
  static const std::vector<std::string> evaluation = {
      "SELECT i.generation, i.origin, i.passed, i.fitness, i.metrics, i.seconds_spent, i.saved, "
      "c.space_hash, c.choice, c.configuration, c.config, " +
          outcome_parts +
          " FROM individual i JOIN candidate c ON c.id = i.candidate JOIN outcome o ON o.id = "
          "i.outcome WHERE i.run = ?1 AND i.ordinal = ?2",
      "SELECT t.position, t.shape, t.pairs FROM individual i JOIN timing t ON t.outcome = "
      "i.outcome WHERE i.run = ?1 AND i.ordinal = ?2 ORDER BY t.position",
      "SELECT position, choice, parent_ordinal FROM parent WHERE run = ?1 AND ordinal = ?2 "
      "ORDER BY position"};
  static const std::vector<std::string> finals = {
      "SELECT f.ordinal, f.position, f.champion, f.fitness, " + outcome_parts +
          " FROM final f JOIN outcome o ON o.id = f.outcome WHERE f.run = ?1 AND ?2 = 0 ORDER BY "
          "f.position",
      "SELECT f.position, t.position, t.shape, t.pairs FROM final f JOIN timing t ON t.outcome = "
      "f.outcome WHERE f.run = ?1 AND ?2 = 0 ORDER BY f.position, t.position"};
  static const std::vector<std::string> source = {
      "SELECT text FROM source WHERE hash = ?1 AND ?2 = 0"};
  if (kind == "schema") return schema;
  if (kind == "run") return run;
  if (kind == "evaluation") return evaluation;
  return kind == "finals" ? finals : source;
}

std::string checksum(Sqlite& db, const SealedThing& one) {
  std::string values;
  for (const std::string& part : parts_of(one.kind)) {
    Rows rows = db.run(part, one.id, one.ordinal);
    while (rows.next()) rows.append_to(values);
  }
  return content_hash(values);
}

void seal(Sqlite& db, const SealedThing& one) {
  db.execute("INSERT OR REPLACE INTO seal (kind, id, ordinal, checksum) VALUES (?, ?, ?, ?)",
             one.kind, one.id, one.ordinal, checksum(db, one));
}

struct Seal {
  SealedThing on;
  std::string checksum;
};

std::vector<Seal> all_seals(Sqlite& db) {
  std::vector<Seal> seals;
  Rows rows = db.run("SELECT kind, typeof(id) = 'integer', id, ordinal, checksum FROM seal");
  while (rows.next()) {
    SealedThing on = take_sealed_thing(rows);
    seals.push_back({std::move(on), rows.take<std::string>()});
  }
  return seals;
}

}  // namespace

std::string to_text(const SealedThing& one) {
  const std::string id =
      std::visit([](const auto& name) { return fmt::format("{}", name); }, one.id);
  if (one.kind == "evaluation") return fmt::format("evaluation {} of run {}", one.ordinal, id);
  if (one.kind == "finals") return "the finals of run " + id;
  if (one.kind == "schema") return "the schema";
  return one.kind + " " + id;
}

SealedThing take_sealed_thing(Rows& rows) {
  SealedThing one;
  one.kind = rows.take<std::string>();
  if (rows.take<bool>())
    one.id = rows.take<std::int64_t>();
  else
    one.id = rows.take<std::string>();
  one.ordinal = rows.take<std::int64_t>();
  return one;
}

void seal_schema(Sqlite& db) { seal(db, {"schema", 0, 0}); }
void seal_run(Sqlite& db, std::int64_t run) { seal(db, {"run", run, 0}); }
void seal_evaluation(Sqlite& db, std::int64_t run, std::uint32_t ordinal) {
  seal(db, {"evaluation", run, ordinal});
}
void seal_finals(Sqlite& db, std::int64_t run) { seal(db, {"finals", run, 0}); }
void seal_source(Sqlite& db, const std::string& hash) { seal(db, {"source", hash, 0}); }

bool is_whole(Sqlite& db, const SealedThing& one) {
  std::string sealed;
  {
    Rows rows = db.run("SELECT checksum FROM seal WHERE kind = ? AND id = ? AND ordinal = ?",
                       one.kind, one.id, one.ordinal);
    if (!rows.next()) return false;
    sealed = rows.take<std::string>();
  }
  return sealed == checksum(db, one);
}

std::optional<std::string> broken_seal(Sqlite& db) {
  for (const Seal& one : all_seals(db))
    if (one.checksum != checksum(db, one.on)) return to_text(one.on);
  return std::nullopt;
}

}  // namespace evotune
