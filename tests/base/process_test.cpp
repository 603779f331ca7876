#include "base/process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "base/errors.h"

namespace evotune {
namespace {

ProcessResult shell(const std::string& script, const ProcessLimits& limits = {}) {
  return run_process({"/bin/sh", "-c", script}, limits);
}

TEST(Process, OutputOfBothStreamsAndTheExitCodeComeBack) {
  const ProcessResult result = shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(result.output, "out\nerr\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
}

TEST(Process, ArgumentsPassUnchanged) {
  EXPECT_EQ(run_process({"/bin/echo", "a b", "$HOME", "*;|"}).output, "a b $HOME *;|\n");
}

TEST(Process, InputIsEmptyRatherThanAwaited) { EXPECT_EQ(run_process({"/bin/cat"}).exit_code, 0); }

TEST(Process, ASignalIsReported) {
  const ProcessResult result = shell("kill -SEGV $$");
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_FALSE(result.timed_out);
}

TEST(Process, OneThatDoesNotEndIsKilledAtItsLimit) {
  const ProcessResult result = shell("echo started; exec sleep 1000", {0.2, 1024});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_EQ(result.output, "started\n");
}

TEST(Process, ItsMemoryAndProcessorTimeAreLimited) {
  // Limited while it is running already: it gives that a moment.
  const ProcessResult result = run_process({"/bin/sh", "-c", "sleep 0.1; ulimit -t; ulimit -d"},
                                           {.seconds = 20, .memory_bytes = std::size_t{1} << 30});
  EXPECT_EQ(result.output, "20\n1048576\n");
}

TEST(Process, ALoudOneIsCutShortButRunsToItsEnd) {
  const ProcessResult result = shell(
      "i=0; while [ $i -lt 2000 ]; do echo 0123456789012345678901234567890123456789; "
      "i=$((i+1)); done; exit 7",
      {60, 100});
  EXPECT_EQ(result.output.size(), 100u);
  EXPECT_EQ(result.exit_code, 7);
}

TEST(Process, AMissingProgramIsAnErrorThatNamesIt) {
  try {
    (void)run_process({"/nowhere/compiler"});
    FAIL() << "started something";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/compiler"), std::string::npos);
  }
}

// It was waited for without a limit once its output had ended.
TEST(Process, OneThatClosesItsOutputIsStillKilledAtItsLimit) {
  const ProcessResult result = shell("exec >&- 2>&-; exec sleep 1000", {0.2, 1024});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
}

TEST(Process, OneThatClosesItsOutputKeepsItsExitCode) {
  EXPECT_EQ(shell("exec >&- 2>&-; sleep 0.05; exit 5").exit_code, 5);
}

TEST(FindProgram, LooksAlongPath) {
  ASSERT_TRUE(find_program("sh"));
  EXPECT_TRUE(find_program("sh")->ends_with("/sh"));
  EXPECT_EQ(find_program("no-such-program-anywhere"), std::nullopt);
}

TEST(FindProgram, TakesAPathAsItIs) {
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_program("/bin/no-such-program"), std::nullopt);
}

}  // namespace
}  // namespace evotune
