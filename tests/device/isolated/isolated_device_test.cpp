#include "device/isolated/isolated_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>

#include "../scoped_environment.h"
#include "base/errors.h"
#include "base/file.h"
#include "test_device.h"

namespace evotune {
namespace {

class IsolatedDeviceTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Loaded>> load(const std::string& text) { return load(text, workload_); }
  Result<std::unique_ptr<Loaded>> load(const std::string& text, const Workload& workload) {
    const Result<Compiled> compiled = device_.compile(source_of(text));
    if (!compiled) return compiled.error();
    return device_.load(*compiled, {}, workload);
  }
  Failure failure_of_run(const std::string& text, Seconds limit = 20) {
    const Result<std::unique_ptr<Loaded>> loaded = load(text);
    if (!loaded) return {Stage::load, "did not load: " + loaded.error().message};
    evotune::Run run;  // gtest has a Run of its own
    run.limit = limit;
    const Result<Sample> sample = (*loaded)->run(run);
    return sample ? Failure{Stage::gate, "it ran"} : sample.error();
  }
  void expect_working() {
    const Result<std::unique_ptr<Loaded>> loaded = load("");
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Result<Sample> sample = (*loaded)->run({});
    ASSERT_TRUE(sample) << sample.error().message;
    const Result<Buffers> answer = (*loaded)->read();
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->at(1), bytes_of("edcba"));
  }

  Workload workload_ = workload_of("abcde");
  IsolatedDevice device_{test_worker()};
};

TEST_F(IsolatedDeviceTest, AnswersAsTheDeviceItselfWould) {
  EXPECT_EQ(device_.info().id, "faulty");
  EXPECT_EQ(std::get<double>(device_.info().facts.at("device.fraction")), 0.25);
  const Result<Compiled> compiled = device_.compile(source_of("some text"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->image, bytes_of("some text"));
  EXPECT_EQ(compiled->symbol, "entry");
  EXPECT_EQ(compiled->facts.registers, 42);
  expect_working();
  const Result<std::unique_ptr<Loaded>> loaded = load("");
  ASSERT_TRUE(loaded);
  evotune::Run run;  // gtest has a Run of its own
  run.launches = 3;
  const Result<Sample> sample = (*loaded)->run(run);
  ASSERT_TRUE(sample);
  EXPECT_DOUBLE_EQ(sample->seconds, 3e-3);
  EXPECT_DOUBLE_EQ(sample->host_seconds, 6e-3);
}

TEST_F(IsolatedDeviceTest, ADevicesOwnFailureLeavesTheWorkerAlive) {
  const std::string before = worker_of(device_);
  EXPECT_EQ(device_.compile(source_of("compile_fail")).error(),
            (Failure{Stage::launch, "as asked"}));
  EXPECT_EQ(device_.compile(source_of("compile_throw")).error(),
            (Failure{Stage::infrastructure, "thrown as asked"}));
  EXPECT_EQ(device_.compile(source_of("compile_exhaust")).error().stage, Stage::out_of_memory);
  EXPECT_EQ(worker_of(device_), before);
  EXPECT_EQ(failure_of_run("run_fail"), (Failure{Stage::launch, "as asked"}));
  expect_working();
}

TEST_F(IsolatedDeviceTest, ACrashCostsOneCandidateAndSaysHowItEnded) {
  const Failure failure = failure_of_run("run_abort");
  EXPECT_EQ(failure.stage, Stage::crash);
  EXPECT_EQ(failure.message, "the worker ended by signal 6 (Aborted) while running");
  expect_working();
}

TEST_F(IsolatedDeviceTest, ACrashThatLeftAReportIsToldInItsWords) {
  EXPECT_EQ(failure_of_run("run_report"),
            (Failure{Stage::crash, "12 bytes past the end of 'C', gemm.cu:59"}));
}

TEST_F(IsolatedDeviceTest, TheReportOfOneCrashIsNotToldOfTheNext) {
  EXPECT_EQ(device_.compile(source_of("compile_report")).error().message,
            "12 bytes past the end of 'C', gemm.cu:59");
  EXPECT_EQ(device_.compile(source_of("compile_leave")).error().message,
            "the worker exited with code 0 while compiling");
}

TEST_F(IsolatedDeviceTest, WhatACrashingWorkerPrintedIsKeptUpToALimit) {
  const Failure failure = failure_of_run("run_shout");
  EXPECT_EQ(failure.stage, Stage::crash);
  EXPECT_NE(failure.message.find("it printed:\nthe end is near, 0\n"), std::string::npos);
  EXPECT_LE(failure.message.size(), std::size_t{65} << 10);
}

TEST_F(IsolatedDeviceTest, EveryStepMayCrash) {
  EXPECT_EQ(device_.compile(source_of("compile_fault")).error().stage, Stage::crash);
  EXPECT_EQ(load("load_abort").error().stage, Stage::crash);
  EXPECT_EQ(failure_of_run("run_leave").stage, Stage::crash);
  const Result<std::unique_ptr<Loaded>> loaded = load("read_abort");
  ASSERT_TRUE(loaded);
  ASSERT_TRUE((*loaded)->run({}));
  EXPECT_EQ((*loaded)->read().error().stage, Stage::crash);
  expect_working();
}

TEST_F(IsolatedDeviceTest, AKernelThatLoopsForEverIsKilledAtItsLimitTwice) {
  const Seconds before = monotonic_seconds();
  const Failure failure = failure_of_run("run_hang", 0.1);
  EXPECT_EQ(failure, (Failure{Stage::timeout, "twice killed: still running after 0.6 s"}));
  EXPECT_GE(monotonic_seconds() - before, 0.2);
  expect_working();
}

TEST_F(IsolatedDeviceTest, AKernelThatWasLateOnceIsNotJudgedByIt) {
  const TemporaryDirectory folder;
  const Result<std::unique_ptr<Loaded>> loaded =
      load("run_first_hang:" + (folder.path() / "met").string());
  ASSERT_TRUE(loaded);
  evotune::Run run;  // gtest has a Run of its own
  run.limit = 0.1;
  const Result<Sample> sample = (*loaded)->run(run);
  ASSERT_TRUE(sample) << sample.error().message;
  EXPECT_EQ((*loaded)->read()->at(1), bytes_of("edcba"));
}

// As one does that counts in a variable which nobody resets.
TEST_F(IsolatedDeviceTest, AKernelThatIsLateWheneverItRunsAgainIsNotPutUpWithForEver) {
  const Result<std::unique_ptr<Loaded>> loaded = load("run_again_hang");
  ASSERT_TRUE(loaded);
  evotune::Run run;
  run.limit = 0.1;
  EXPECT_TRUE((*loaded)->run(run));
  EXPECT_TRUE((*loaded)->run(run));  // late, and on time in a new worker
  const Result<Sample> third = (*loaded)->run(run);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error(), (Failure{Stage::timeout, "twice killed: still running after 0.6 s"}));
}

TEST_F(IsolatedDeviceTest, WhatAKernelPrintedBeforeItHungIsTold) {
  const Failure failure = failure_of_run("run_say run_hang", 0.1);
  EXPECT_EQ(failure.message, "twice killed: still running after 0.6 s; it printed:\nhere I am");
}

TEST_F(IsolatedDeviceTest, WhereTheCanaryDiesTheMachineIsAtFault) {
  const TemporaryDirectory folder;
  const std::filesystem::path sick = folder.path() / "sick";
  const ScopedEnvironment told("EVOTUNE_TEST_SICK", sick.string());
  const Result<std::unique_ptr<Loaded>> innocent = load(""), guilty = load("run_abort");
  ASSERT_TRUE(innocent);
  ASSERT_TRUE(guilty);
  ASSERT_EQ((*guilty)->run({}).error().stage, Stage::crash);
  write_file(sick, "from now on nothing runs rightly");
  for (int again = 0; again < 2; ++again) {
    const Result<Sample> sample = (*innocent)->run({});
    ASSERT_FALSE(sample);
    EXPECT_EQ(sample.error(), (Failure{Stage::infrastructure,
                                       "a kernel that always works does not in a fresh worker: "
                                       "it answers wrongly"}));
  }
  std::filesystem::remove(sick);
  EXPECT_TRUE((*innocent)->run({}));
}

TEST_F(IsolatedDeviceTest, AfterSoManyKernelsAFreshWorkerTakesOver) {
  IsolatedDeviceOptions options;
  options.kernels_per_worker = 3;
  IsolatedDevice device(test_worker(), options);
  const Result<Compiled> compiled = device.compile(source_of("load_pid"));
  ASSERT_TRUE(compiled);
  auto load_another = [&, n = 0]() mutable {
    Compiled another = *compiled;
    another.build_id = std::to_string(n++);
    return std::move(*device.load(another, {}, workload_));
  };
  const auto worker = [](Loaded& loaded) {
    return loaded.run({}) ? (*loaded.read())[0] : Buffer();
  };
  const std::unique_ptr<Loaded> first = load_another();
  const Buffer of_first = worker(*first);
  EXPECT_EQ(worker(*load_another()), of_first);
  EXPECT_EQ(worker(*load_another()), of_first);
  EXPECT_NE(worker(*load_another()), of_first);
  EXPECT_NE(worker(*first), of_first);  // loaded again, unnoticed
}

TEST_F(IsolatedDeviceTest, WhatWorkersPrintIsHeardByWhoeverAsksForIt) {
  std::string heard;
  IsolatedDeviceOptions options;
  options.log = [&](const std::string& output) { heard += output; };
  IsolatedDevice device(test_worker(), options);
  EXPECT_TRUE(device.compile(source_of("compile_say")));
  EXPECT_EQ(heard, "here I am\n");
  heard.clear();
  for (int i = 0; i < 40; ++i) (void)device.compile(source_of("compile_chat"));
  EXPECT_LE(heard.size(), std::size_t{2} << 20);
  EXPECT_TRUE(heard.ends_with("workers print more than is shown\n"));
}

TEST_F(IsolatedDeviceTest, AWorkerIsTheFirstToGoWhereMemoryIsShortAndGainsNoPrivileges) {
  const std::string pid = worker_of(device_);
  EXPECT_EQ(read_file("/proc/" + pid + "/oom_score_adj"), "1000\n");
  EXPECT_NE(read_file("/proc/" + pid + "/status").find("NoNewPrivs:\t1"), std::string::npos);
}

TEST_F(IsolatedDeviceTest, WhoeverTheSystemKillsRanOutOfMemory) {
  EXPECT_EQ(failure_of_run("run_oomkill").stage, Stage::out_of_memory);
  expect_working();
}

TEST_F(IsolatedDeviceTest, AWorkerThatHangsUpButLivesIsNotTakenForOutOfMemory) {
  EXPECT_EQ(failure_of_run("run_deaf").stage, Stage::crash);
  expect_working();
}

TEST_F(IsolatedDeviceTest, NonsenseOnTheWireIsACrash) {
  const Failure failure = failure_of_run("run_garbage");
  EXPECT_EQ(failure.stage, Stage::crash);
  EXPECT_EQ(failure.message, "the worker answered nonsense while running: not a message");
  expect_working();
}

TEST_F(IsolatedDeviceTest, AKernelThatCrashedStaysDead) {
  const Result<std::unique_ptr<Loaded>> loaded = load("run_abort");
  ASSERT_TRUE(loaded);
  const Failure first = (*loaded)->run({}).error();
  EXPECT_EQ((*loaded)->run({}).error(), first);
  EXPECT_EQ((*loaded)->read().error(), first);
}

TEST_F(IsolatedDeviceTest, AKernelBesideOneThatCrashedIsLoadedAgainUnnoticed) {
  const Result<std::unique_ptr<Loaded>> innocent = load(""), guilty = load("run_abort");
  ASSERT_TRUE(innocent);
  ASSERT_TRUE(guilty);
  ASSERT_TRUE((*innocent)->run({}));
  ASSERT_FALSE((*guilty)->run({}));
  EXPECT_EQ((*innocent)->read().error().stage, Stage::infrastructure);  // it went with the worker
  ASSERT_TRUE((*innocent)->run({}));
  EXPECT_EQ((*innocent)->read()->at(1), bytes_of("edcba"));
}

TEST_F(IsolatedDeviceTest, ReadingBeforeRunningIsNoAnswer) {
  const Result<std::unique_ptr<Loaded>> loaded = load("");
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)->read().error().stage, Stage::infrastructure);
}

TEST_F(IsolatedDeviceTest, LargeBuffersArriveWhole) {
  std::string text(20'000'000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 2654435761U >> 24);
  const Workload large = workload_of(text);
  const Result<std::unique_ptr<Loaded>> loaded = load("", large);
  ASSERT_TRUE(loaded);
  ASSERT_TRUE((*loaded)->run({}));
  const Result<Buffers> answer = (*loaded)->read();
  ASSERT_TRUE(answer);
  std::reverse(text.begin(), text.end());
  EXPECT_TRUE(answer->at(1) == bytes_of(text));
  EXPECT_TRUE(answer->at(0).empty());
}

TEST_F(IsolatedDeviceTest, AWorkloadIsSentOnce) {
  ASSERT_TRUE(load(""));
  workload_.input_sets[0][0] = bytes_of("12345");  // a lie, to see which of the two is used
  const Result<std::unique_ptr<Loaded>> loaded = load("");
  ASSERT_TRUE(loaded);
  ASSERT_TRUE((*loaded)->run({}));
  EXPECT_EQ((*loaded)->read()->at(1), bytes_of("edcba"));
}

TEST_F(IsolatedDeviceTest, AKernelMayOutliveItsDevice) {
  auto device = std::make_unique<IsolatedDevice>(test_worker());
  const Result<Compiled> compiled = device->compile(source_of(""));
  ASSERT_TRUE(compiled);
  const Result<std::unique_ptr<Loaded>> loaded = device->load(*compiled, {}, workload_);
  ASSERT_TRUE(loaded);
  device.reset();
  EXPECT_TRUE((*loaded)->run({}));
}

TEST_F(IsolatedDeviceTest, SeveralThreadsCompileAtOnceEachInAWorkerOfItsOwn) {
  std::vector<std::string> pids(4);
  std::vector<std::thread> threads;
  for (std::string& pid : pids)
    threads.emplace_back([this, &pid] {
      for (int round = 0; round < 5; ++round) {
        const Result<Compiled> compiled = device_.compile(source_of("compile_pid compile_slowly"));
        pid = compiled ? compiled->log : compiled.error().message;
        (void)device_.compile(source_of("compile_fail"));
      }
    });
  for (std::thread& one : threads) one.join();
  EXPECT_FALSE(std::any_of(pids.begin(), pids.end(), [](const auto& pid) { return pid.empty(); }));
  // The threads that had them started are gone; their workers must not be.
  const std::set<std::string> workers(pids.begin(), pids.end());
  EXPECT_GE(workers.size(), 2U);
  EXPECT_TRUE(workers.count(worker_of(device_)) == 1);
}

TEST_F(IsolatedDeviceTest, ACompilerThatHangsIsKilledAtItsLimit) {
  IsolatedDeviceOptions options;
  options.compile_limit = 0.2;
  IsolatedDevice device(test_worker(), options);
  EXPECT_EQ(device.compile(source_of("compile_hang")).error(),
            (Failure{Stage::timeout, "killed: still compiling after 0.2 s"}));
}

TEST_F(IsolatedDeviceTest, TheLimitOfACompilerFollowsWhatOthersTook) {
  IsolatedDeviceOptions options;
  options.least_compile_limit = 0.15;
  IsolatedDevice device(test_worker(), options);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(device.compile(source_of("compile_slowly")));
  const Failure failure = device.compile(source_of("compile_hang")).error();
  EXPECT_EQ(failure.stage, Stage::timeout);
  // Three times a tenth of a second, which may have been longer here, and not yet the 300 s.
  EXPECT_EQ(failure.message.find("after 0.15 s"), std::string::npos) << failure.message;
}

TEST_F(IsolatedDeviceTest, ACompilersLogIsCappedWhetherItFailsOrNot) {
  const Result<Compiled> compiled = device_.compile(source_of("compile_long_log"));
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->log.size(), std::size_t{64} << 10);
  EXPECT_EQ(device_.compile(source_of("compile_long_fail")).error().message.size(),
            std::size_t{64} << 10);
}

TEST_F(IsolatedDeviceTest, ADeviceThatIsLostEndsItAll) {
  EXPECT_THROW((void)device_.compile(source_of("compile_lose")), DeviceLost);
}

TEST(IsolatedDeviceStart, AWorkerThatCannotBeStartedThreeTimesIsALostDevice) {
  EXPECT_THROW(IsolatedDevice({{"/nonexistent/evotune", "worker"}}), DeviceLost);
  EXPECT_THROW(IsolatedDevice(test_worker("absent")), DeviceLost);
  EXPECT_THROW(IsolatedDevice(test_worker("broken")), DeviceLost);
}

TEST(IsolatedDeviceStart, AWorkerThatDoesNotGreetIsALostDevice) {
  IsolatedDeviceOptions options;
  options.start_limit = 0.05;
  EXPECT_THROW(IsolatedDevice(test_worker("silent"), options), DeviceLost);
}

TEST(IsolatedDeviceStart, WhatTheUserMustMendIsTheUsersError) {
  try {
    IsolatedDevice device(test_worker("refuse"));
    FAIL() << "it started";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "no compiler was found\n    install g++");
  }
}

}  // namespace
}  // namespace evotune
