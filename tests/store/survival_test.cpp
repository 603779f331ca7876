// A disk that fills up, bits that flip, a kill in the middle of a migration.
// EVOTUNE_LONG=1 makes them as long as docs/reliability.md says.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/errors.h"
#include "base/file.h"
#include "base/rng.h"
#include "child.h"
#include "examples.h"
#include "failing_disk.h"
#include "store/migrations.h"
#include "store/queries.h"
#include "store/recover.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace evotune {
namespace {

class StoreSurvival : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name = "x.db") const {
    return (folder_.path() / name).string();
  }
  const bool thorough = std::getenv("EVOTUNE_LONG") != nullptr;

 private:
  TemporaryDirectory folder_;
};

constexpr std::uint32_t evaluations_of_a_run = 4;

/// Goes on with the unfinished run; the number of acknowledged evaluations when
/// it ends or fails.
std::uint32_t session(const std::string& path, bool& failed) {
  std::uint32_t acknowledged = 0;
  failed = false;
  try {
    Store store(path);
    const auto unfinished = store.newest_unfinished(example_run());
    const std::int64_t run = unfinished ? *unfinished : store.begin_run(example_run());
    acknowledged = static_cast<std::uint32_t>(store.run(run)->evaluations);
    for (; acknowledged < evaluations_of_a_run; ++acknowledged)
      store.save(run, varied(acknowledged));
  } catch (const IoError&) {
    failed = true;
  }
  return acknowledged;
}

TEST_F(StoreSurvival, ADiskThatFillsUpAtAnyWriteEndsTheSessionAndLosesNothing) {
  const FailingDisk disk;
  const int step = thorough ? 1 : 9;
  int sessions = 0;
  for (int nth = 1;; nth += step) {
    const std::string file = path(std::to_string(nth) + ".db");
    FailingDisk::fail_at(nth, nth % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE);
    bool failed = false;
    const std::uint32_t acknowledged = session(file, failed);
    const bool came_to_it = FailingDisk::has_failed();
    FailingDisk::fail_at(0, SQLITE_OK);  // there is room again
    if (!came_to_it) break;
    ++sessions;
    if (!failed) continue;  // at the tidying up when it closed: nothing hangs on it
    {
      bool failed_again = true;
      EXPECT_EQ(session(file, failed_again), evaluations_of_a_run) << "write " << nth;
      EXPECT_FALSE(failed_again) << "write " << nth;
    }
    const std::vector<Evaluation> all = Store(file).evaluations(1);
    ASSERT_GE(all.size(), acknowledged) << "write " << nth;
    ASSERT_EQ(all.size(), evaluations_of_a_run) << "write " << nth;
    for (const Evaluation& one : all)
      EXPECT_EQ(one.individual.outcome, varied(one.ordinal).individual.outcome) << "write " << nth;
  }
  EXPECT_GT(sessions, 10);
  std::printf(
      "figure: the disk failed at %d different writes; 0 acknowledged "
      "evaluations lost\n",
      sessions);
}

bool same(const Evaluation& a, const Evaluation& b) {
  return a.ordinal == b.ordinal && a.individual.proposal == b.individual.proposal &&
         a.individual.outcome == b.individual.outcome &&
         a.individual.score.passed == b.individual.score.passed &&
         a.individual.score.fitness == b.individual.score.fitness && a.key == b.key &&
         a.config == b.config && a.config_json == b.config_json && a.source_hash == b.source_hash &&
         a.metrics_json == b.metrics_json;
}

constexpr std::uint32_t whole_run = 20;

/// All that a person is told of the only run: how it went, what is best, the kernels.
struct Told {
  std::vector<Evaluation> evaluations;
  std::vector<std::string> sources, ranking;
};

/// Nothing where the database is refused.
std::optional<Told> told_of(const std::string& path, Store::Mode mode) {
  try {
    const Store store(path, mode);
    Told told{store.evaluations(1), {}, ranking(store)};
    for (const Evaluation& one : told.evaluations)
      told.sources.push_back(store.source(one.source_hash));
    return told;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

bool operator==(const Told& a, const Told& b) {
  return std::equal(a.evaluations.begin(), a.evaluations.end(), b.evaluations.begin(),
                    b.evaluations.end(), same) &&
         a.sources == b.sources && a.ranking == b.ranking;
}

class Damage : public StoreSurvival {
 protected:
  Damage() {
    make_run();
    good_ = read_file(path());
    whole_ = told_of(path(), Store::Mode::read_only).value();
  }

  void make_run() const {
    Store store(path());
    const std::int64_t run = store.begin_run(example_run());
    for (std::uint32_t i = 0; i < whole_run; ++i) {
      Evaluation one = varied(i);
      if (i > 0) one.individual.proposal.parents = {varied(i / 2).individual.config()};
      store.save(run, one);
    }
    store.save_finals(run, {{19, timed(1.2), true, std::nullopt}});
  }

  [[nodiscard]] std::string with(const std::string& bytes) const {
    std::ofstream(path("damaged.db"), std::ios::binary) << bytes;
    return path("damaged.db");
  }

  /// How many evaluations could be saved; each must be what it was.
  [[nodiscard]] std::size_t saved_of(const std::string& damaged) const {
    const std::string fresh = path("recovered.db");
    std::filesystem::remove(fresh);
    try {
      if (recover(damaged, fresh)["run"].kept == 0) return 0;
    } catch (const IoError&) {
      return 0;
    }
    const Told saved = told_of(fresh, Store::Mode::read_only).value();
    for (std::size_t i = 0; i < saved.evaluations.size(); ++i) {
      const std::uint32_t ordinal = saved.evaluations[i].ordinal;
      EXPECT_TRUE(same(saved.evaluations[i], whole_.evaluations.at(ordinal))) << ordinal;
      EXPECT_TRUE(saved.sources[i].empty() || saved.sources[i] == whole_.sources[ordinal]);
    }
    return saved.evaluations.size();
  }

  std::string good_;
  Told whole_;
};

TEST_F(Damage, OfABitIsNoticedByReadersAndWritersOrDoesNoHarmAndTheRestIsRecovered) {
  const int flips = thorough ? 400 : 25;
  int noticed = 0, silent = 0;
  std::size_t saved = 0, most_saved = 0, without_run = 0;
  Rng rng(5);
  for (int i = 0; i < flips; ++i) {
    std::string bad = good_;
    const std::size_t at = rng.below(bad.size());
    bad[at] = static_cast<char>(bad[at] ^ (1 << rng.below(8)));
    const std::string file = with(bad);
    const std::size_t kept = saved_of(file);
    EXPECT_EQ(read_file(file), bad);
    const auto read = told_of(file, Store::Mode::read_only);
    const auto written = told_of(file, Store::Mode::read_write);
    silent += (!read || *read == whole_) && (!written || *written == whole_) ? 0 : 1;
    if (read && written) continue;
    ++noticed;
    saved += kept;
    most_saved += kept >= whole_run - 1 ? 1U : 0U;
    without_run += kept == 0 ? 1U : 0U;
  }
  EXPECT_EQ(silent, 0);
  EXPECT_GT(saved, 0U);
  std::printf(
      "figure: %d flipped bits: %d noticed, %d changed nothing, %d silent; of the %d, recover "
      "saved "
      "all evaluations but one at most of %zu and none of %zu, %zu of %u in all, each as it was\n",
      flips, noticed, flips - noticed - silent, silent, noticed, most_saved, without_run, saved,
      static_cast<unsigned>(noticed) * whole_run);
}

TEST_F(Damage, OfWholePagesCostsWhatWasOnThem) {
  const int holes = thorough ? 100 : 5;
  constexpr std::size_t page = 4096;
  std::size_t saved = 0;
  Rng rng(6);
  for (int i = 0; i < holes; ++i) {
    std::string bad = good_;
    bad.replace(page * rng.below(bad.size() / page), page, page, '\x5a');
    saved += saved_of(with(bad));
  }
  EXPECT_GT(saved, 0U);
  std::printf("figure: %d pages overwritten, one at a time: %zu of %u evaluations recovered\n",
              holes, saved, static_cast<unsigned>(holes) * whole_run);
}

constexpr std::array<std::string_view, 2> two_steps = {
    "CREATE TABLE first (x INTEGER) STRICT",
    "ALTER TABLE first ADD COLUMN y INTEGER; UPDATE first SET y = 2 * x"};

TEST_F(StoreSurvival, AKillDuringAMigrationLeavesTheOldOrTheNew) {
  constexpr int rows = 3000;
  const int kills = thorough ? 100 : 8;
  Rng rng(3);
  int old = 0;
  Seconds whole = 0;  // that the first one took, which is not killed
  for (int i = 0; i <= kills; ++i) {
    const std::string file = path(std::to_string(i) + ".db");
    {
      Sqlite db(file, Sqlite::Access::read_write);
      migrate(db, std::span(two_steps).first(1));
      Transaction filling(db);
      for (int x = 0; x < rows; ++x) db.execute("INSERT INTO first (x) VALUES (?)", x);
      filling.commit();
    }
    Child migrating([&](int told) {
      Sqlite db(file, Sqlite::Access::read_write);
      tell(told, 1);
      migrate(db, two_steps);
      tell(told, 2);
    });
    std::uint32_t told = 0;
    ASSERT_TRUE(migrating.hear(told));
    const Seconds begun = monotonic_seconds();
    if (i == 0) {
      ASSERT_TRUE(migrating.hear(told));
      whole = monotonic_seconds() - begun;
      continue;
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(1.2 * whole * rng.uniform()));
    migrating.end();
    Sqlite db(file, Sqlite::Access::read_write);
    const int version = db.value<int>("PRAGMA user_version");
    EXPECT_EQ(db.value<std::string>("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(db.value<int>("SELECT count(*) FROM first"), rows);
    if (version == 1) {
      ++old;
      EXPECT_EQ(db.value<int>("SELECT count(*) FROM pragma_table_info('first')"), 1);
    } else {
      EXPECT_EQ(db.value<int>("SELECT count(*) FROM first WHERE y = 2 * x"), rows);
    }
    migrate(db, two_steps);  // whatever was left is no obstacle
    EXPECT_EQ(db.value<int>("SELECT count(*) FROM first WHERE y = 2 * x"), rows);
  }
  std::printf(
      "figure: %d kills during a migration: %d found the old schema, "
      "%d the new, 0 neither\n",
      kills, old, kills - old);
}

}  // namespace
}  // namespace evotune
