// What is left behind: no process, no descriptor.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "../scoped_environment.h"
#include "base/clock.h"
#include "base/errors.h"
#include "base/file.h"
#include "test_device.h"

extern char** environ;

namespace evotune {
namespace {

/// Alive, and not a zombie that only waits for whoever adopted it.
bool lives(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(stat, line)) return false;
  return line.at(line.rfind(')') + 2) != 'Z';
}

/// Waits for what is bound to happen; the limit is for a test that fails.
bool comes_true(const std::function<bool()>& condition) {
  for (int n = 0; n < 2'000; ++n) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

std::size_t count_in(const std::string& folder) {
  const std::filesystem::directory_iterator first(folder), last;
  return static_cast<std::size_t>(std::distance(first, last));
}

bool has_children() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

pid_t number_in(const std::filesystem::path& file) {
  pid_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

TEST(Lifetime, WhatAKilledWorkerLeftInItsTemporaryFolderGoesWithIt) {
  const TemporaryDirectory folder;
  const ScopedEnvironment temporary("TMPDIR", folder.path().string());
  {
    const IsolatedDevice device(test_worker());
    EXPECT_EQ(device.compile(source_of("compile_litter compile_abort")).error().stage,
              Stage::crash);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Lifetime, AHungWorkerTakesItsOwnChildrenWithIt) {
  const TemporaryDirectory folder;
  const std::filesystem::path note = folder.path() / "grandchild";
  IsolatedDeviceOptions options;
  options.compile_limit = 1;
  const IsolatedDevice device(test_worker(), options);
  EXPECT_EQ(device.compile(source_of("compile_breed:" + note.string())).error().stage,
            Stage::timeout);
  const pid_t grandchild = number_in(note);
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(comes_true([&] { return !lives(grandchild); }));
}

/// The real limit where docs/reliability.md wants its figure.
WorkerCommand worker_that_dies_within() {
  WorkerCommand command = test_worker();
  if (std::getenv("EVOTUNE_LONG") == nullptr) command.dies_within = 0.3;
  return command;
}

TEST(Lifetime, AWorkerThatCannotBeKilledIsALostDeviceOnce) {
  const TemporaryDirectory folder;
  const std::filesystem::path note = folder.path() / "undying";
  const WorkerCommand command = worker_that_dies_within();
  IsolatedDeviceOptions options;
  options.run_slack = 0.01;
  const Workload workload = workload_of("abc");
  const Seconds begun = monotonic_seconds();
  try {
    IsolatedDevice device(command, options);
    const auto loaded =
        device.load(*device.compile(source_of("run_undying:" + note.string())), {}, workload);
    evotune::Run run;  // gtest has a Run of its own
    run.limit = 0.5;
    const Failure verdict = (*loaded)->run(run).error();
    if (verdict.stage == Stage::infrastructure) GTEST_SKIP() << verdict.message;
    FAIL() << verdict.message;
  } catch (const DeviceLost& lost) {
    EXPECT_NE(std::string(lost.what()).find("cannot be killed"), std::string::npos);
  }
  const Seconds took = monotonic_seconds() - begun;
  const pid_t undying = number_in(note);
  EXPECT_TRUE(lives(undying));  // it was not waited for
  EXPECT_LE(took, 35);
  std::printf("figure: a worker that survives SIGKILL given up after %.1f s, of %g s\n", took,
              command.dies_within);
  std::filesystem::remove(note);
  EXPECT_EQ(waitpid(undying, nullptr, 0), undying);
}

struct Supervisor {
  pid_t pid = -1;
  pid_t worker = -1;
};

/// Another supervisor, as a process, whose worker does as it is told.
Supervisor start_supervisor(const std::string& act) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Handle read_end(ends[0]);
  Handle write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, write_end.fd(), 1);
  std::array<std::string, 4> words = {DEVICE_TEST_WORKER, "supervisor", DEVICE_TEST_WORKER, act};
  std::array<char*, 5> argv = {words[0].data(), words[1].data(), words[2].data(), words[3].data()};
  Supervisor started;
  posix_spawn(&started.pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  write_end.reset();
  std::string text;
  for (char one = 0; read(read_end.fd(), &one, 1) == 1 && one != '\n';) text += one;
  started.worker = std::atoi(text.c_str());
  return started;
}

TEST(Lifetime, WorkersDieWithTheirSupervisorHoweverItEnds) {
  const TemporaryDirectory folder;
  const std::filesystem::path note = folder.path() / "grandchild";
  const ScopedEnvironment temporary("TMPDIR", folder.path().string());  // nobody else cleans up
  const Supervisor supervisor = start_supervisor("compile_breed:" + note.string());
  ASSERT_GT(supervisor.pid, 0);
  ASSERT_GT(supervisor.worker, 0);
  ASSERT_TRUE(comes_true([&] { return number_in(note) > 0; }));
  const pid_t grandchild = number_in(note);
  EXPECT_TRUE(lives(supervisor.worker));

  kill(supervisor.pid, SIGKILL);
  waitpid(supervisor.pid, nullptr, 0);
  EXPECT_TRUE(comes_true([&] { return !lives(supervisor.worker); }));
  EXPECT_TRUE(comes_true([&] { return !lives(grandchild); }));
}

TEST(Lifetime, FiftyCrashesAndHangsLeaveNothingBehind) {
  const std::size_t files = count_in("/proc/self/fd"), threads = count_in("/proc/self/task");
  {
    IsolatedDeviceOptions options;
    options.run_slack = 0.01;
    IsolatedDevice device(test_worker(), options);
    const Workload workload = workload_of("abc");
    for (int round = 0; round < 50; ++round) {
      const bool hang = round % 5 == 0;
      const Result<Compiled> compiled = device.compile(source_of(hang ? "run_hang" : "run_abort"));
      ASSERT_TRUE(compiled) << compiled.error().message;
      const Result<std::unique_ptr<Loaded>> loaded = device.load(*compiled, {}, workload);
      ASSERT_TRUE(loaded) << loaded.error().message;
      evotune::Run run;  // gtest has a Run of its own
      run.limit = hang ? 0.01 : 20;
      EXPECT_EQ((*loaded)->run(run).error().stage, hang ? Stage::timeout : Stage::crash);
    }
  }
  EXPECT_FALSE(has_children());
  EXPECT_EQ(count_in("/proc/self/fd"), files);
  // A thread that was joined may still be on its way out of the list.
  EXPECT_TRUE(comes_true([&] { return count_in("/proc/self/task") == threads; }));
}

}  // namespace
}  // namespace evotune
