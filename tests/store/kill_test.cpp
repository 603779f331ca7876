#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

#include "base/file.h"
#include "base/rng.h"
#include "child.h"
#include "examples.h"
#include "store/queries.h"
#include "store/store.h"

namespace evotune {
namespace {

// Goes on with the unfinished run, telling the number of each evaluation once it is saved.
void write_for_ever(const std::string& path, int told) {
  Store store(path);
  const auto unfinished = store.newest_unfinished(example_run());
  const std::int64_t run = unfinished ? *unfinished : store.begin_run(example_run());
  auto next = static_cast<std::uint32_t>(store.run(run)->evaluations);
  for (;; ++next) {
    store.save(run, varied(next));
    tell(told, next);
  }
}

TEST(Kill, AtAnyMomentLosesNothingThatWasAcknowledged) {
  constexpr int kills = 50;
  const TemporaryDirectory folder;
  const std::string path = (folder.path() / "killed.db").string();
  Rng rng(7);
  std::set<std::uint32_t> acknowledged;
  for (int i = 0; i < kills; ++i) {
    Child writer([&](int told) { write_for_ever(path, told); });
    // Some die while they open the database, the others after a few evaluations, in mid-air.
    const std::uint64_t patience = i % 5 == 0 ? 0 : 1 + rng.below(20);
    std::uint32_t ordinal = 0;
    for (std::uint64_t heard = 0; heard < patience && writer.hear(ordinal); ++heard)
      acknowledged.insert(ordinal);
    std::this_thread::sleep_for(
        std::chrono::microseconds(rng.below(patience == 0 ? 20'000 : 1'000)));
    writer.end();
    while (writer.hear(ordinal)) acknowledged.insert(ordinal);
  }
  Store store(path);  // checks the file
  const auto run = store.newest_unfinished(example_run());
  ASSERT_TRUE(run);
  const std::vector<Evaluation> found = store.evaluations(*run);
  ASSERT_GE(acknowledged.size(), 40U);
  ASSERT_GT(found.size(), *acknowledged.rbegin());
  for (std::uint32_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].ordinal, i);
    EXPECT_EQ(found[i].individual.outcome, varied(i).individual.outcome);
  }
  EXPECT_EQ(runs(store).size(), 1U);
}

}  // namespace
}  // namespace evotune
