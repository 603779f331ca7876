// A run is killed at random moments, over and over, and continued each time. Each life is a fork of
// this process: a new one would spend most of its time under the sanitizers starting.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/errors.h"
#include "base/handle.h"
#include "engine/journal.h"
#include "engine/tune.h"
#include "engine/workbench.h"
#include "fakes/fake_device.h"

namespace evotune {
namespace {

constexpr const char* space_file = EVOTUNE_SOURCE_DIR "/tests/data/twice.yaml";
constexpr std::uint64_t seed = 7;
constexpr std::uint64_t evaluations_of_a_run = 40;
constexpr int kills = 200;

std::unique_ptr<Device> quiet_device() {
  auto device = std::make_unique<FakeDevice>();
  device->noise = 0;  // or times would depend on what else this process has timed
  return device;
}

/// Tells the parent of each evaluation, as `run --json` tells a script.
class Acknowledging final : public Reporter {
 public:
  explicit Acknowledging(int fd) : fd_(fd) {}
  void evaluated(const Evaluation& one, const Progress&, bool) override {
    if (write(fd_, &one.ordinal, sizeof one.ordinal) != sizeof one.ordinal) std::abort();
  }

 private:
  int fd_;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "evotune-kill-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw IoError("cannot make " + name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A session of its own process.
class Life {
 public:
  template <typename F>
  explicit Life(F&& live) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw IoError("cannot make a pipe");
    ours_ = Handle(ends[0]);
    const Handle theirs(ends[1]);
    child_ = fork();
    if (child_ != 0) return;
    try {
      live(theirs.fd());
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }

  /// Waits until it has told of so many evaluations, or has ended.
  void await(std::size_t acknowledgements) {
    while (acknowledged_ < acknowledgements && read_one()) {
    }
  }
  void kill() { ::kill(child_, SIGKILL); }

  /// How it ended: by SIGKILL, or by itself with 0. What it told before counts.
  int end() {
    while (read_one()) {
    }
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
  [[nodiscard]] std::optional<std::uint32_t> last() const { return last_; }

 private:
  bool read_one() {
    std::uint32_t ordinal = 0;
    ssize_t got = 0;
    do got = read(ours_.fd(), &ordinal, sizeof ordinal);
    while (got < 0 && errno == EINTR);
    if (got != sizeof ordinal) return false;
    last_ = ordinal;
    ++acknowledged_;
    return true;
  }

  pid_t child_ = -1;
  Handle ours_;
  std::size_t acknowledged_ = 0;
  std::optional<std::uint32_t> last_;
};

class Kill : public testing::Test {
 protected:
  Problem problem = load_problem(space_file, {}, FakeDevice().info());
  TemporaryFolder folder;
  std::string database;

  RunRecord record() const {
    RunRecord record;
    record.space_name = problem.file.name;
    record.space_hash = problem.file.hash;
    record.seed = seed;
    return record;
  }

  void search(Store& store, std::int64_t run, Reporter& reporter) const {
    Workbench bench(problem, quiet_device(), quiet_device(), seed);
    const auto strategy = make_strategy(problem.file.search, problem.space, seed);
    Journal journal(store, run);
    const auto stop = [](const Progress& now) -> std::optional<std::string> {
      if (now.evaluations >= evaluations_of_a_run) return "evaluations";
      return std::nullopt;
    };
    const TuneResult result =
        tune(problem, *strategy, bench.evaluator(), journal, stop, reporter, {12, 1});
    journal.finish(result.reason);
  }

  /// What a resumed session does, from opening the database on.
  void live(int acknowledgements) const {
    Store store(database);
    const std::optional<std::int64_t> unfinished = store.newest_unfinished(record());
    Acknowledging reporter(acknowledgements);
    search(store, unfinished ? *unfinished : store.begin_run(record()), reporter);
  }

  /// Kills one run's sessions at random moments, at most so often; returns how often it did.
  int run_to_its_end(Rng& rng, int most_kills) const {
    int killed = 0;
    for (std::size_t stored = 0;;) {
      Life life([this](int fd) { live(fd); });
      if (killed < most_kills) {
        // A session opens the database, plays back what is there, then evaluates: all of it is hit.
        life.await(rng.below(3) == 0 ? 0 : stored + rng.below(8));
        usleep(static_cast<useconds_t>(rng.below(4000)));
        life.kill();
      }
      const int status = life.end();
      if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        ++killed;
      else
        EXPECT_EQ(status, 0) << "a session failed after " << killed << " kills";

      const Store store(database);
      stored = store.evaluations(1).size();
      if (life.last()) {
        EXPECT_LT(*life.last(), stored) << "lost after " << killed << " kills";
      }
      const auto run = store.run(1);
      if (testing::Test::HasFailure() || (run && run->status == "finished")) return killed;
    }
  }

  std::vector<Evaluation> uninterrupted() const {
    Store store(":memory:");
    const std::int64_t run = store.begin_run(record());
    Reporter silent;
    search(store, run, silent);
    return store.evaluations(run);
  }
};

void expect_equal(const Evaluation& a, const Evaluation& b) {
  EXPECT_EQ(a.config, b.config) << a.ordinal;
  EXPECT_EQ(a.individual.proposal, b.individual.proposal) << a.ordinal << " " << a.config;
  EXPECT_EQ(a.individual.outcome, b.individual.outcome) << a.ordinal << " " << a.config;
  EXPECT_EQ(a.individual.score, b.individual.score) << a.ordinal << " " << a.config;
}

TEST_F(Kill, NothingAcknowledgedIsLostAndTheRunEndsAsIfItHadNeverHappened) {
  const std::vector<Evaluation> whole = uninterrupted();
  ASSERT_EQ(whole.size(), evaluations_of_a_run);
  Rng rng(20240607);
  for (int killed = 0, runs = 0; killed < kills; ++runs) {
    database = folder.file(std::to_string(runs) + ".db");
    killed += run_to_its_end(rng, kills - killed);
    ASSERT_FALSE(HasFatalFailure()) << "run " << runs;
    const std::vector<Evaluation> kept = Store(database, Store::Mode::read_only).evaluations(1);
    ASSERT_EQ(kept.size(), whole.size()) << "run " << runs;
    for (std::size_t i = 0; i < whole.size(); ++i) expect_equal(kept[i], whole[i]);
    ASSERT_FALSE(HasFailure()) << "run " << runs;
  }
}

}  // namespace
}  // namespace evotune
