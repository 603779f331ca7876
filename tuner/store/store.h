#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "outcome/individual.h"
#include "outcome/statistics.h"

namespace evotune {

/// What a run is: two runs with equal hashes, seed, strategy and batch ask the same questions.
struct RunRecord {
  std::string space_name, space_path, space_hash, space_text;
  std::string template_hash;
  std::string problem;  ///< "K=512,M=512,N=512", several joined by ";"
  std::string device_id, device_name, device_arch, compiler;
  std::string strategy;  ///< name and version: "evolve/1"
  std::string settings;  ///< JSON of what else decides the questions (population, elite, …)
  std::uint64_t seed = 0;
  std::uint32_t batch = 8;
  std::string environment;  ///< JSON: host, kernel, cpu, driver, evotune version
  bool default_fitness =
      true;  ///< moves with the speedup, so its lower end ranks; else taken as is
};

/// One evaluation as it is stored: everything, in one transaction.
struct Evaluation {
  std::uint32_t ordinal = 0;  ///< within the run, from 0, in the order of asking
  Individual individual;
  std::string key;                       ///< names what makes two measurements interchangeable
  std::string config;                    ///< "BM=64,BN=128"
  std::string config_json;               ///< {"BM": 64, "BN": 128}
  std::string source_hash, source_text;  ///< rendered, with provenance; empty if it did not render
  std::string metrics_json = "{}";
  Seconds seconds_spent = 0;  ///< of wall time
};

/// A finalist, measured again with fresh pairs, in a fresh process, held-out shapes included.
struct FinalRecord {
  std::uint32_t ordinal = 0;
  Outcome outcome;
  bool champion = false;
  std::optional<double> fitness;  ///< of this outcome; none: the search's, moved by the speedup
};

struct RunStatus {
  std::int64_t id = 0;
  RunRecord record;
  std::string started, updated;
  std::string status;  ///< "unfinished", "finished"
  std::string
      reason;  ///< why it ended: "evaluations", "minutes", "target", "stagnation", "exhausted"
  std::uint64_t evaluations = 0;
  Seconds seconds_spent = 0;
};

struct Sqlite;  // the connection; store/sqlite.h

/// The results database. Store(":memory:") is the one that tests use. Throws IoError where the file
/// cannot be had, is not ours, is damaged, is newer than this evotune, or has another writer.
class Store {
 public:
  enum class Mode : std::uint8_t { read_write, read_only };
  explicit Store(const std::string& path, Mode = Mode::read_write, bool durable = false);
  ~Store();
  Store(Store&&) noexcept;

  std::int64_t begin_run(const RunRecord&);
  /// The newest unfinished run that would ask the same questions.
  [[nodiscard]] std::optional<std::int64_t> newest_unfinished(const RunRecord&) const;
  void save(std::int64_t run, const Evaluation&);  ///< committed when this returns
  void save_finals(std::int64_t run, const std::vector<FinalRecord>&);
  void finish(std::int64_t run, const std::string& reason);

  /// Complete as saved (sources excepted, which are fetched by hash), ordered by ordinal.
  [[nodiscard]] std::vector<Evaluation> evaluations(std::int64_t run) const;
  [[nodiscard]] std::vector<FinalRecord> finals(std::int64_t run) const;
  [[nodiscard]] std::optional<RunStatus> run(std::int64_t id) const;
  [[nodiscard]] std::string source(const std::string& hash) const;  ///< empty if unknown

  [[nodiscard]] Sqlite& connection() const;  ///< for store/queries.h

 private:
  std::unique_ptr<Sqlite> db_;
};

}  // namespace evotune
