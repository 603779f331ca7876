// The schema, as numbered migrations. docs/database.md explains it; change both together.
#include <array>

#include "store/migrations.h"

namespace evotune {
namespace {

// abs(x) < 9e999 keeps infinities out (9e999 is one); NaN is refused where values are bound.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE run (
  id            INTEGER PRIMARY KEY,
  started       TEXT NOT NULL,
  ended         TEXT,
  status        TEXT NOT NULL DEFAULT 'unfinished' CHECK (status IN ('unfinished', 'finished')),
  reason        TEXT NOT NULL DEFAULT '',
  space_name    TEXT NOT NULL,
  space_path    TEXT NOT NULL,
  space_hash    TEXT NOT NULL,
  space_text    TEXT NOT NULL,
  template_hash TEXT NOT NULL,
  problem       TEXT NOT NULL,
  device_id     TEXT NOT NULL,
  device_name   TEXT NOT NULL,
  device_arch   TEXT NOT NULL,
  compiler      TEXT NOT NULL,
  strategy      TEXT NOT NULL,
  settings      TEXT NOT NULL CHECK (settings = '' OR json_valid(settings)),
  seed          INTEGER NOT NULL,
  batch         INTEGER NOT NULL,
  default_fitness INTEGER NOT NULL CHECK (default_fitness IN (0, 1)),
  environment   TEXT NOT NULL CHECK (environment = '' OR json_valid(environment)),
  CHECK ((status = 'finished') = (ended IS NOT NULL))
) STRICT;

CREATE INDEX run_by_space ON run (space_name, space_hash);

CREATE TABLE source (
  hash TEXT PRIMARY KEY CHECK (hash <> ''),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE candidate (
  id            INTEGER PRIMARY KEY,
  space_hash    TEXT NOT NULL,
  choice        TEXT NOT NULL CHECK (json_valid(choice)),
  configuration TEXT NOT NULL,
  config        TEXT NOT NULL CHECK (config = '' OR json_valid(config)),
  UNIQUE (space_hash, choice, configuration)
) STRICT;

CREATE TABLE outcome (
  id                  INTEGER PRIMARY KEY,
  candidate           INTEGER NOT NULL REFERENCES candidate (id),
  key                 TEXT NOT NULL,
  kind                TEXT NOT NULL CHECK (kind IN ('search', 'final')),
  source_hash         TEXT REFERENCES source (hash),
  stage               TEXT CHECK (stage IN ('render', 'compile', 'gate', 'load', 'launch', 'verify', 'race',
                                            'timeout', 'crash', 'out_of_memory', 'infrastructure')),
  message             TEXT,
  compile_seconds     REAL CHECK (abs(compile_seconds) < 9e999),
  registers           INTEGER,
  spill_bytes         INTEGER,
  stack_bytes         INTEGER,
  static_shared_bytes INTEGER,
  has_nan             INTEGER CHECK (has_nan IN (0, 1)),
  max_error           REAL CHECK (abs(max_error) < 9e999),
  worst_of_allowed    REAL CHECK (abs(worst_of_allowed) < 9e999),
  latency_us          REAL CHECK (abs(latency_us) < 9e999),
  speedup             REAL CHECK (abs(speedup) < 9e999),
  speedup_low         REAL CHECK (abs(speedup_low) < 9e999),
  speedup_high        REAL CHECK (abs(speedup_high) < 9e999),
  CHECK ((stage IS NULL) = (message IS NULL)),
  CHECK (stage IS NULL OR (latency_us IS NULL AND speedup IS NULL))
) STRICT;

CREATE INDEX outcome_by_key ON outcome (key);
CREATE INDEX outcome_by_candidate ON outcome (candidate);

CREATE TABLE timing (
  outcome  INTEGER NOT NULL REFERENCES outcome (id),
  position INTEGER NOT NULL,
  shape    TEXT NOT NULL,
  pairs    TEXT NOT NULL CHECK (json_valid(pairs)),
  PRIMARY KEY (outcome, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER outcome_is_append_only BEFORE UPDATE ON outcome
BEGIN SELECT RAISE(ABORT, 'measurements are append-only'); END;
CREATE TRIGGER timing_is_append_only BEFORE UPDATE ON timing
BEGIN SELECT RAISE(ABORT, 'measurements are append-only'); END;

CREATE TABLE individual (
  run           INTEGER NOT NULL REFERENCES run (id),
  ordinal       INTEGER NOT NULL CHECK (ordinal >= 0),
  candidate     INTEGER NOT NULL REFERENCES candidate (id),
  outcome       INTEGER NOT NULL REFERENCES outcome (id),
  generation    INTEGER NOT NULL,
  origin        TEXT NOT NULL,
  passed        INTEGER NOT NULL CHECK (passed IN (0, 1)),
  fitness       REAL NOT NULL CHECK (abs(fitness) < 9e999),
  metrics       TEXT NOT NULL CHECK (metrics = '' OR json_valid(metrics)),
  seconds_spent REAL NOT NULL CHECK (abs(seconds_spent) < 9e999),
  saved         TEXT NOT NULL,
  PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX individual_by_candidate ON individual (candidate, run);
CREATE INDEX individual_by_outcome ON individual (outcome);

CREATE TABLE parent (
  run            INTEGER NOT NULL,
  ordinal        INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  choice         TEXT NOT NULL CHECK (json_valid(choice)),
  parent_ordinal INTEGER,
  PRIMARY KEY (run, ordinal, position),
  FOREIGN KEY (run, ordinal) REFERENCES individual (run, ordinal),
  FOREIGN KEY (run, parent_ordinal) REFERENCES individual (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE final (
  run      INTEGER NOT NULL,
  ordinal  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  outcome  INTEGER NOT NULL REFERENCES outcome (id),
  champion INTEGER NOT NULL CHECK (champion IN (0, 1)),
  fitness  REAL CHECK (abs(fitness) < 9e999),
  PRIMARY KEY (run, ordinal),
  FOREIGN KEY (run, ordinal) REFERENCES individual (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_champion_per_run ON final (run) WHERE champion = 1;
CREATE INDEX final_by_outcome ON final (outcome);

-- Every verdict on every candidate: the search's and the finals'. The default fitness moves with
-- the speedup: where finals bring no fitness of their own it follows theirs, and fitness_low is it
-- at the lower end of the interval. A fitness of the user's own is taken as it is.
CREATE VIEW trial AS
WITH scored AS (
  SELECT i.run, i.ordinal, i.candidate, i.outcome, 0 AS final, 0 AS champion,
         i.passed = 1 AND o.stage IS NULL AS passed, i.fitness, r.default_fitness
  FROM individual i JOIN run r ON r.id = i.run JOIN outcome o ON o.id = i.outcome
  UNION ALL
  SELECT f.run, f.ordinal, i.candidate, f.outcome, 1, f.champion,
         o.stage IS NULL AND coalesce(o.has_nan, 0) = 0,
         coalesce(f.fitness,
                  CASE WHEN r.default_fitness THEN i.fitness + o.speedup - s.speedup END,
                  i.fitness),
         r.default_fitness
  FROM final f JOIN run r ON r.id = f.run
  JOIN individual i ON i.run = f.run AND i.ordinal = f.ordinal
  JOIN outcome o ON o.id = f.outcome JOIN outcome s ON s.id = i.outcome
)
SELECT t.run, t.ordinal, t.candidate, t.outcome, t.final, t.champion, t.passed, t.fitness,
       coalesce(CASE WHEN t.default_fitness THEN t.fitness - o.speedup + o.speedup_low END,
                t.fitness) AS fitness_low,
       o.stage
FROM scored t JOIN outcome o ON o.id = t.outcome;

-- One row per right configuration of a space, problem and device, ranked. The newest final speaks
-- for a configuration, else its newest evaluation; one whose newest verdict is wrong is not listed.
-- Ranked by fitness_low; what did not reach the finals of its run never ranks above what did.
CREATE VIEW best AS
WITH judged AS (
  SELECT t.*, r.space_name, r.space_hash, r.problem, r.device_name, r.device_id,
         row_number() OVER (PARTITION BY r.space_hash, r.problem, r.device_name, t.candidate
                            ORDER BY t.final DESC, t.run DESC, t.ordinal DESC) AS turn,
         first_value(t.passed) OVER (PARTITION BY r.space_hash, r.problem, r.device_name, t.candidate
                                     ORDER BY t.run DESC, t.final DESC, t.ordinal DESC) AS still_right,
         min(CASE WHEN t.final AND t.passed THEN t.fitness_low END) OVER (PARTITION BY t.run) AS lowest_final
  FROM trial t JOIN run r ON r.id = t.run
  WHERE t.stage IS NULL OR t.stage <> 'infrastructure'
), spokesmen AS (
  SELECT *, CASE WHEN final OR lowest_final IS NULL OR fitness_low < lowest_final THEN fitness_low
                 ELSE lowest_final END AS merit
  FROM judged WHERE turn = 1 AND passed AND still_right
)
SELECT row_number() OVER (PARTITION BY s.space_hash, s.problem, s.device_name
                          ORDER BY s.merit DESC, s.final DESC, o.speedup_low DESC, s.candidate) AS rank,
       s.space_name AS space, s.space_hash, s.problem, s.device_name AS device, s.device_id,
       c.configuration, c.config, o.latency_us, o.speedup, o.speedup_low, o.speedup_high,
       o.max_error, s.fitness, s.fitness_low, s.final, s.champion, s.run, s.ordinal, s.candidate, s.outcome,
       o.source_hash, o.registers, o.spill_bytes
FROM spokesmen s JOIN candidate c ON c.id = s.candidate JOIN outcome o ON o.id = s.outcome
WHERE o.speedup IS NOT NULL AND o.speedup_low IS NOT NULL AND o.latency_us IS NOT NULL;

-- A run as it went.
CREATE VIEW history AS
SELECT i.run, i.ordinal, i.generation, i.origin, c.configuration, i.candidate, i.passed,
       coalesce(o.stage, 'right') AS verdict, i.fitness,
       max(CASE WHEN i.passed THEN i.fitness END)
         OVER (PARTITION BY i.run ORDER BY i.ordinal) AS best_so_far,
       o.latency_us, o.speedup, o.speedup_low, o.speedup_high, o.max_error, i.metrics,
       i.seconds_spent, i.saved
FROM individual i JOIN candidate c ON c.id = i.candidate JOIN outcome o ON o.id = i.outcome;

-- What went wrong, finals included.
CREATE VIEW failures AS
SELECT t.run, t.ordinal, r.space_name AS space, r.device_name AS device, c.configuration,
       t.candidate, t.final, o.stage, o.message, o.has_nan, o.max_error, o.source_hash
FROM trial t JOIN run r ON r.id = t.run JOIN candidate c ON c.id = t.candidate
JOIN outcome o ON o.id = t.outcome
WHERE o.stage IS NOT NULL;

-- Who was bred from whom; a newcomer has one row without a parent.
CREATE VIEW lineage AS
SELECT i.run, i.ordinal, i.generation, i.origin, c.configuration, i.passed, i.fitness,
       p.position AS parent, p.parent_ordinal, pc.configuration AS parent_configuration,
       pi.fitness AS parent_fitness
FROM individual i JOIN candidate c ON c.id = i.candidate
LEFT JOIN parent p ON p.run = i.run AND p.ordinal = i.ordinal
LEFT JOIN individual pi ON pi.run = p.run AND pi.ordinal = p.parent_ordinal
LEFT JOIN candidate pc ON pc.id = pi.candidate;
)sql";

// Checksums (store/seals.h): of a run, an evaluation (`ordinal`), a run's finals, a source (`id` is
// its hash) or the schema.
constexpr std::string_view version_2 = R"sql(
CREATE TABLE seal (
  kind     TEXT NOT NULL,
  id       ANY NOT NULL,
  ordinal  INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (kind, id, ordinal)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<std::string_view, 2> migrations = {version_1, version_2};

}  // namespace

std::span<const std::string_view> schema_migrations() { return migrations; }

}  // namespace evotune
