#include "store/queries.h"

#include <fmt/format.h>

#include "store/outcome_rows.h"
#include "store/run_rows.h"
#include "store/sqlite.h"

namespace evotune {
namespace {

constexpr std::string_view ranked_columns =
    "rank, space, space_hash, problem, device, device_id, configuration, config, latency_us, "
    "speedup, speedup_low, speedup_high, max_error, fitness, final, champion, run, ordinal, "
    "candidate, source_hash ";

RankedCandidate take_ranked(Rows& rows) {
  RankedCandidate one;
  one.rank = rows.take<std::int64_t>();
  one.space = rows.take<std::string>();
  one.space_hash = rows.take<std::string>();
  one.problem = rows.take<std::string>();
  one.device = rows.take<std::string>();
  one.device_id = rows.take<std::string>();
  one.configuration = rows.take<std::string>();
  one.config = rows.take<std::string>();
  one.latency_us = rows.take<double>();
  one.speedup.median = rows.take<double>();
  one.speedup.low = rows.take<double>();
  one.speedup.high = rows.take<double>();
  one.max_error = rows.take<std::optional<double>>();
  one.fitness = rows.take<double>();
  one.final = rows.take<bool>();
  one.champion = rows.take<bool>();
  one.run = rows.take<std::int64_t>();
  one.ordinal = rows.take<std::uint32_t>();
  one.candidate = rows.take<std::int64_t>();
  one.source_hash = rows.take<std::string>();
  return one;
}

std::vector<RankedCandidate> take_all_ranked(Rows&& rows) {
  std::vector<RankedCandidate> all;
  while (rows.next()) all.push_back(take_ranked(rows));
  return all;
}

Trial take_trial(Sqlite& db, Rows& rows) {
  Trial trial;
  trial.run = rows.take<std::int64_t>();
  trial.ordinal = rows.take<std::uint32_t>();
  trial.final = rows.take<bool>();
  trial.champion = rows.take<bool>();
  trial.score.passed = rows.take<bool>();
  trial.score.fitness = rows.take<double>();
  trial.generation = rows.take<std::uint32_t>();
  trial.origin = rows.take<std::string>();
  trial.metrics = rows.take<std::string>();
  trial.saved = rows.take<std::string>();
  trial.space = rows.take<std::string>();
  trial.problem = rows.take<std::string>();
  trial.device = rows.take<std::string>();
  trial.device_id = rows.take<std::string>();
  trial.key = rows.take<std::string>();
  trial.source_hash = rows.take<std::string>();
  trial.outcome = take_outcome(db, rows);
  return trial;
}

std::vector<Trial> trials_of(Sqlite& db, std::int64_t candidate) {
  static const std::string sql = fmt::format(
      "SELECT t.run, t.ordinal, t.final, t.champion, t.passed, t.fitness, i.generation, i.origin, "
      "i.metrics, i.saved, r.space_name, r.problem, r.device_name, r.device_id, o.key, "
      "o.source_hash, {} FROM trial t JOIN individual i USING (run, ordinal) "
      "JOIN run r ON r.id = t.run JOIN outcome o ON o.id = t.outcome WHERE t.candidate = ? "
      "ORDER BY t.run DESC, t.final DESC, t.ordinal DESC",
      outcome_columns);
  std::vector<Trial> trials;
  Rows rows = db.run(sql, candidate);
  while (rows.next()) trials.push_back(take_trial(db, rows));
  return trials;
}

std::vector<std::uint32_t> parent_ordinals(Sqlite& db, std::int64_t run, std::uint32_t ordinal) {
  std::vector<std::uint32_t> parents;
  Rows rows = db.run(
      "SELECT parent_ordinal FROM parent WHERE run = ? AND ordinal = ? "
      "AND parent_ordinal IS NOT NULL ORDER BY position",
      run, ordinal);
  while (rows.next()) parents.push_back(rows.take<std::uint32_t>());
  return parents;
}

}  // namespace

std::vector<RankedCandidate> best(const Store& store, const BestFilter& filter) {
  // `meant`: of several versions of the space file, the preferred one or the one that ran last.
  static const std::string sql = fmt::format(
      "SELECT {} FROM (SELECT *, max(run) OVER (PARTITION BY space_hash, problem, device) AS last, "
      "first_value(space_hash) OVER (ORDER BY space_hash = ?2 DESC, run DESC) AS meant "
      "FROM best WHERE ?1 IN (space, space_hash, '') AND ?3 IN (device, device_id, '') "
      "AND ?4 IN (problem, '')) WHERE (?6 OR space_hash = meant) AND (?5 = 0 OR rank <= ?5) "
      "ORDER BY last DESC, space_hash, problem, device, rank",
      ranked_columns);
  return take_all_ranked(store.connection().run(sql, filter.space, filter.preferred_hash,
                                                filter.device, filter.problem, filter.top,
                                                filter.every_version || filter.space.empty()));
}

std::vector<RankedCandidate> best_of_run(const Store& store, std::int64_t run, std::size_t top) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM (SELECT row_number() OVER (ORDER BY t.final DESC, t.fitness_low DESC, "
      "o.speedup_low DESC, t.ordinal) AS rank, r.space_name AS space, r.space_hash, r.problem, "
      "r.device_name AS device, r.device_id, c.configuration, c.config, o.latency_us, o.speedup, "
      "o.speedup_low, o.speedup_high, o.max_error, t.fitness, t.final, t.champion, t.run, "
      "t.ordinal, t.candidate, o.source_hash FROM trial t JOIN run r ON r.id = t.run "
      "JOIN candidate c ON c.id = t.candidate JOIN outcome o ON o.id = t.outcome "
      "WHERE t.run = ?1 AND t.passed AND o.speedup IS NOT NULL AND o.speedup_low IS NOT NULL "
      "AND o.latency_us IS NOT NULL AND (t.final OR NOT EXISTS (SELECT 1 FROM final f "
      "JOIN outcome fo ON fo.id = f.outcome WHERE f.run = t.run AND f.ordinal = t.ordinal "
      "AND fo.stage IS NOT 'infrastructure'))) ORDER BY rank LIMIT ?2",
      ranked_columns);
  return take_all_ranked(store.connection().run(sql, run, top));
}

std::vector<RunStatus> runs(const Store& store) { return all_runs(store.connection()); }

std::optional<std::int64_t> newest_precedent(const Store& store, const RunRecord& record) {
  return store.connection().value<std::optional<std::int64_t>>(
      "SELECT max(id) FROM run WHERE status = 'finished' AND (space_name = ?1 OR "
      "template_hash = ?2) AND NOT (space_hash = ?3 AND device_name = ?4 AND problem = ?5) AND "
      "EXISTS (SELECT 1 FROM individual WHERE run = run.id AND passed)",
      record.space_name, record.template_hash, record.space_hash, record.device_name,
      record.problem);
}

std::vector<std::string> space_names(const Store& store) {
  std::vector<std::string> names;
  Rows rows = store.connection().run("SELECT DISTINCT space_name FROM run ORDER BY space_name");
  while (rows.next()) names.push_back(rows.take<std::string>());
  return names;
}

std::map<std::string, std::uint64_t> verdicts(const Store& store, std::int64_t run) {
  std::map<std::string, std::uint64_t> counts;
  Rows rows = store.connection().run(
      "SELECT coalesce(o.stage, 'right'), count(*) FROM individual i "
      "JOIN outcome o ON o.id = i.outcome WHERE i.run = ? GROUP BY 1",
      run);
  while (rows.next()) {
    auto verdict = rows.take<std::string>();
    counts[std::move(verdict)] = rows.take<std::uint64_t>();
  }
  return counts;
}

std::optional<CandidateDetail> candidate(const Store& store, std::int64_t id) {
  Sqlite& db = store.connection();
  const Transaction snapshot(db, Transaction::Kind::reading);
  Rows rows = db.run("SELECT space_hash, configuration, config FROM candidate WHERE id = ?", id);
  if (!rows.next()) return std::nullopt;
  CandidateDetail detail;
  detail.id = id;
  detail.space_hash = rows.take<std::string>();
  detail.configuration = rows.take<std::string>();
  detail.config = rows.take<std::string>();
  detail.trials = trials_of(db, id);
  return detail;
}

std::vector<Ancestor> ancestry(const Store& store, std::int64_t run, std::uint32_t ordinal) {
  Sqlite& db = store.connection();
  const Transaction snapshot(db, Transaction::Kind::reading);
  std::vector<Ancestor> family;
  Rows rows = db.run(
      "WITH RECURSIVE family (ordinal) AS (SELECT ?2 UNION SELECT p.parent_ordinal FROM parent p "
      "JOIN family f ON p.ordinal = f.ordinal WHERE p.run = ?1 AND p.parent_ordinal IS NOT NULL) "
      "SELECT i.ordinal, i.generation, i.origin, c.configuration, i.passed, i.fitness "
      "FROM family f JOIN individual i ON i.run = ?1 AND i.ordinal = f.ordinal "
      "JOIN candidate c ON c.id = i.candidate ORDER BY i.ordinal DESC",
      run, ordinal);
  while (rows.next()) {
    Ancestor one;
    one.ordinal = rows.take<std::uint32_t>();
    one.generation = rows.take<std::uint32_t>();
    one.origin = rows.take<std::string>();
    one.configuration = rows.take<std::string>();
    one.score.passed = rows.take<bool>();
    one.score.fitness = rows.take<double>();
    one.parents = parent_ordinals(db, run, one.ordinal);
    family.push_back(std::move(one));
  }
  return family;
}

}  // namespace evotune
