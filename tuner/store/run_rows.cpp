#include "store/run_rows.h"

#include "store/sqlite.h"

namespace evotune {
namespace {

constexpr const char* select_run =
    "SELECT id, space_name, space_path, space_hash, space_text, template_hash, problem, device_id, "
    "device_name, device_arch, compiler, strategy, settings, seed, batch, environment, "
    "default_fitness, started, "
    "coalesce(ended, (SELECT max(saved) FROM individual WHERE run = run.id), started), status, "
    "reason, (SELECT count(*) FROM individual WHERE run = run.id), "
    "(SELECT total(seconds_spent) FROM individual WHERE run = run.id) FROM run ";

RunRecord take_record(Rows& rows) {
  RunRecord record;
  record.space_name = rows.take<std::string>();
  record.space_path = rows.take<std::string>();
  record.space_hash = rows.take<std::string>();
  record.space_text = rows.take<std::string>();
  record.template_hash = rows.take<std::string>();
  record.problem = rows.take<std::string>();
  record.device_id = rows.take<std::string>();
  record.device_name = rows.take<std::string>();
  record.device_arch = rows.take<std::string>();
  record.compiler = rows.take<std::string>();
  record.strategy = rows.take<std::string>();
  record.settings = rows.take<std::string>();
  record.seed = rows.take<std::uint64_t>();
  record.batch = rows.take<std::uint32_t>();
  record.environment = rows.take<std::string>();
  record.default_fitness = rows.take<bool>();
  return record;
}

RunStatus take_status(Rows& rows) {
  RunStatus status;
  status.id = rows.take<std::int64_t>();
  status.record = take_record(rows);
  status.started = rows.take<std::string>();
  status.updated = rows.take<std::string>();
  status.status = rows.take<std::string>();
  status.reason = rows.take<std::string>();
  status.evaluations = rows.take<std::uint64_t>();
  status.seconds_spent = rows.take<double>();
  return status;
}

}  // namespace

std::int64_t add_run(Sqlite& db, const RunRecord& record, const std::string& started) {
  db.execute(
      "INSERT INTO run (started, space_name, space_path, space_hash, space_text, template_hash, "
      "problem, device_id, device_name, device_arch, compiler, strategy, settings, seed, batch, "
      "environment, default_fitness) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      started, record.space_name, record.space_path, record.space_hash, record.space_text,
      record.template_hash, record.problem, record.device_id, record.device_name,
      record.device_arch, record.compiler, record.strategy, record.settings, record.seed,
      record.batch, record.environment, record.default_fitness);
  return db.last_id();
}

std::optional<std::int64_t> find_unfinished(Sqlite& db, const RunRecord& record) {
  return db.value<std::optional<std::int64_t>>(
      "SELECT max(id) FROM run WHERE status = 'unfinished' AND space_hash = ? AND "
      "template_hash = ? AND problem = ? AND device_name = ? AND compiler = ? AND strategy = ? AND "
      "settings = ? AND seed = ? AND batch = ?",
      record.space_hash, record.template_hash, record.problem, record.device_name, record.compiler,
      record.strategy, record.settings, record.seed, record.batch);
}

std::optional<RunStatus> find_run(Sqlite& db, std::int64_t id) {
  static const std::string sql = std::string(select_run) + "WHERE id = ?";
  Rows rows = db.run(sql, id);
  if (!rows.next()) return std::nullopt;
  return take_status(rows);
}

std::vector<RunStatus> all_runs(Sqlite& db) {
  static const std::string sql = std::string(select_run) + "ORDER BY id DESC";
  std::vector<RunStatus> all;
  Rows rows = db.run(sql);
  while (rows.next()) all.push_back(take_status(rows));
  return all;
}

}  // namespace evotune
