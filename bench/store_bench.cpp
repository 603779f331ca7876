// Saving one evaluation, with all that belongs to it, beside the least that SQLite can do: one row
// with the same rendered source, in a transaction of its own, with the same settings. An item is
// one evaluation; both go to files.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "base/file.h"
#include "store/examples.h"

namespace evotune {
namespace {

const std::string source(6000, 'x');  // what a rendered template has, more or less

void save(benchmark::State& state) {
  const TemporaryDirectory folder;
  Store store((folder.path() / "evotune.db").string());
  const std::int64_t run = store.begin_run(example_run());
  std::uint32_t ordinal = 0;
  for (auto _ : state) {
    Evaluation one = varied(ordinal);
    one.source_text = source;
    store.save(run, one);
    ++ordinal;
  }
  state.SetItemsProcessed(state.iterations());
}

void execute(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(db));
}

void insert(benchmark::State& state) {
  const TemporaryDirectory folder;
  sqlite3* opened = nullptr;
  sqlite3_open((folder.path() / "bare.db").c_str(), &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(opened, sqlite3_close);
  execute(db.get(),
          "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
          "CREATE TABLE evaluation (ordinal INTEGER PRIMARY KEY, source TEXT) STRICT");
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(db.get(), "INSERT INTO evaluation (source) VALUES (?)", -1, &prepared,
                     nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  for (auto _ : state) {
    sqlite3_bind_text(prepared, 1, source.data(), static_cast<int>(source.size()), SQLITE_STATIC);
    if (sqlite3_step(prepared) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db.get()));
    sqlite3_reset(prepared);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(save)->Name("save an evaluation/evotune");
BENCHMARK(insert)->Name("save an evaluation/one bare INSERT");

}  // namespace
}  // namespace evotune
