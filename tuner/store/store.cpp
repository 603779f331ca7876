#include "store/store.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/clock.h"
#include "store/open_database.h"
#include "store/outcome_rows.h"
#include "store/run_rows.h"
#include "store/seals.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

std::int64_t keep_candidate(Sqlite& db, const std::string& space_hash, const Evaluation& one) {
  const std::string choice = to_json(one.individual.config());
  db.execute(
      "INSERT INTO candidate (space_hash, choice, configuration, config) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (space_hash, choice, configuration) DO NOTHING",
      space_hash, choice, one.config, one.config_json);
  return db.value<std::int64_t>(
      "SELECT id FROM candidate WHERE space_hash = ? AND choice = ? AND configuration = ?",
      space_hash, choice, one.config);
}

// The same hash means the same text, but for its provenance: the first one stays.
void keep_source(Sqlite& db, const std::string& hash, const std::string& text) {
  if (hash.empty()) return;
  db.execute(
      "INSERT INTO source (hash, text) VALUES (?, ?) "
      "ON CONFLICT (hash) DO UPDATE SET text = excluded.text WHERE text = ''",
      hash, text);
  if (db.changes() != 0) seal_source(db, hash);
}

void add_parents(Sqlite& db, std::int64_t run, const std::string& space_hash,
                 const Evaluation& one) {
  std::uint32_t position = 0;
  for (const Config& parent : one.individual.proposal.parents)
    db.execute(
        "INSERT INTO parent (run, ordinal, position, choice, parent_ordinal) "
        "VALUES (?1, ?2, ?3, ?4, (SELECT max(i.ordinal) FROM candidate c "
        "JOIN individual i ON i.candidate = c.id AND i.run = ?1 "
        "WHERE c.space_hash = ?5 AND c.choice = ?4 AND i.ordinal < ?2))",
        run, one.ordinal, position++, to_json(parent), space_hash);
}

std::vector<Config> parents_of(Sqlite& db, std::int64_t run, std::uint32_t ordinal) {
  std::vector<Config> parents;
  Rows rows = db.run("SELECT choice FROM parent WHERE run = ? AND ordinal = ? ORDER BY position",
                     run, ordinal);
  while (rows.next()) parents.push_back(config_from_json(rows.take<std::string>()));
  return parents;
}

Evaluation take_evaluation(Sqlite& db, std::int64_t run, Rows& rows) {
  Evaluation one;
  one.ordinal = rows.take<std::uint32_t>();
  Proposal& proposal = one.individual.proposal;
  proposal.config = config_from_json(rows.take<std::string>());
  proposal.generation = rows.take<std::uint32_t>();
  proposal.origin = rows.take<std::string>();
  one.individual.score.passed = rows.take<bool>();
  one.individual.score.fitness = rows.take<double>();
  one.key = rows.take<std::string>();
  one.config = rows.take<std::string>();
  one.config_json = rows.take<std::string>();
  one.source_hash = rows.take<std::string>();
  one.metrics_json = rows.take<std::string>();
  one.seconds_spent = rows.take<double>();
  one.individual.outcome = take_outcome(db, rows);
  proposal.parents = parents_of(db, run, one.ordinal);
  return one;
}

// A final is filed under the key and the source of the individual that it measures again.
void add_final(Sqlite& db, std::int64_t run, std::size_t position, const FinalRecord& final) {
  std::int64_t candidate = 0;
  std::string key, source_hash;
  {
    Rows rows = db.run(
        "SELECT i.candidate, o.key, o.source_hash FROM individual i JOIN outcome o "
        "ON o.id = i.outcome WHERE i.run = ? AND i.ordinal = ?",
        run, final.ordinal);
    if (!rows.next())
      throw std::logic_error(fmt::format("run {} has no individual {}", run, final.ordinal));
    candidate = rows.take<std::int64_t>();
    key = rows.take<std::string>();
    source_hash = rows.take<std::string>();
  }
  const std::int64_t outcome =
      add_outcome(db, {candidate, key, "final", source_hash}, final.outcome);
  db.execute(
      "INSERT INTO final (run, ordinal, position, outcome, champion, fitness) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      run, final.ordinal, position, outcome, final.champion, final.fitness);
}

}  // namespace

Store::Store(const std::string& path, Mode mode, bool durable)
    : db_(open_database(path, mode, durable)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;

Sqlite& Store::connection() const { return *db_; }

std::int64_t Store::begin_run(const RunRecord& record) {
  Transaction whole(*db_);
  const std::int64_t run = add_run(*db_, record, utc_now());
  seal_run(*db_, run);
  whole.commit();
  return run;
}

std::optional<std::int64_t> Store::newest_unfinished(const RunRecord& record) const {
  return find_unfinished(*db_, record);
}

void Store::save(std::int64_t run, const Evaluation& one) {
  Sqlite& db = *db_;
  Transaction whole(db);
  const auto space_hash = db.value<std::string>("SELECT space_hash FROM run WHERE id = ?", run);
  const std::int64_t candidate = keep_candidate(db, space_hash, one);
  keep_source(db, one.source_hash, one.source_text);
  const std::int64_t outcome =
      add_outcome(db, {candidate, one.key, "search", one.source_hash}, one.individual.outcome);
  const Proposal& proposal = one.individual.proposal;
  const Score& score = one.individual.score;
  db.execute(
      "INSERT INTO individual (run, ordinal, candidate, outcome, generation, origin, passed, "
      "fitness, metrics, seconds_spent, saved) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run, one.ordinal, candidate, outcome, proposal.generation, proposal.origin, score.passed,
      score.fitness, one.metrics_json, one.seconds_spent, utc_now());
  add_parents(db, run, space_hash, one);
  seal_evaluation(db, run, one.ordinal);
  whole.commit();
}

void Store::save_finals(std::int64_t run, const std::vector<FinalRecord>& finals) {
  Transaction whole(*db_);
  // Finals that were cut short are held again; the measurements of the first ones stay.
  db_->execute("DELETE FROM final WHERE run = ?", run);
  for (std::size_t position = 0; position < finals.size(); ++position)
    add_final(*db_, run, position, finals[position]);
  seal_finals(*db_, run);
  whole.commit();
}

void Store::finish(std::int64_t run, const std::string& reason) {
  Transaction whole(*db_);
  db_->execute("UPDATE run SET status = 'finished', reason = ?, ended = ? WHERE id = ?", reason,
               utc_now(), run);
  if (db_->changes() != 1) throw std::logic_error(fmt::format("there is no run {}", run));
  seal_run(*db_, run);
  whole.commit();
}

std::vector<Evaluation> Store::evaluations(std::int64_t run) const {
  static const std::string sql = fmt::format(
      "SELECT i.ordinal, c.choice, i.generation, i.origin, i.passed, i.fitness, o.key, "
      "c.configuration, c.config, o.source_hash, i.metrics, i.seconds_spent, {} "
      "FROM individual i JOIN candidate c ON c.id = i.candidate JOIN outcome o ON o.id = i.outcome "
      "WHERE i.run = ? ORDER BY i.ordinal",
      outcome_columns);
  const Transaction snapshot(*db_, Transaction::Kind::reading);
  std::vector<Evaluation> all;
  Rows rows = db_->run(sql, run);
  while (rows.next()) all.push_back(take_evaluation(*db_, run, rows));
  return all;
}

std::vector<FinalRecord> Store::finals(std::int64_t run) const {
  static const std::string sql = fmt::format(
      "SELECT f.ordinal, f.champion, f.fitness, {} FROM final f JOIN outcome o ON o.id = f.outcome "
      "WHERE f.run = ? ORDER BY f.position",
      outcome_columns);
  const Transaction snapshot(*db_, Transaction::Kind::reading);
  std::vector<FinalRecord> all;
  Rows rows = db_->run(sql, run);
  while (rows.next()) {
    FinalRecord final;
    final.ordinal = rows.take<std::uint32_t>();
    final.champion = rows.take<bool>();
    final.fitness = rows.take<std::optional<double>>();
    final.outcome = take_outcome(*db_, rows);
    all.push_back(std::move(final));
  }
  return all;
}

std::optional<RunStatus> Store::run(std::int64_t id) const { return find_run(*db_, id); }

std::string Store::source(const std::string& hash) const {
  Rows rows = db_->run("SELECT text FROM source WHERE hash = ?", hash);
  return rows.next() ? rows.take<std::string>() : std::string();
}

}  // namespace evotune
