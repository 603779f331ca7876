#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>

#include "base/errors.h"
#include "base/handle.h"

extern char** environ;

namespace evotune {
namespace {

struct Spawned {
  pid_t pid = -1;
  Handle output;
};

Spawned spawn(const std::vector<std::string>& argv) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw IoError("cannot create a pipe: " + std::generic_category().message(errno));
  Handle read_end(ends[0]), write_end(ends[1]);

  std::vector<char*> arguments;
  for (const std::string& one : argv) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end.fd(), 1);
  posix_spawn_file_actions_adddup2(&actions, write_end.fd(), 2);
  pid_t pid = -1;
  const int why = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (why != 0)
    throw IoError("cannot start " + argv.front() + ": " + std::generic_category().message(why));
  return {pid, std::move(read_end)};
}

/// What it starts inherits them, and may outlive it where it is killed at its limit.
void limit(pid_t pid, const ProcessLimits& limits) {
  const auto seconds = static_cast<rlim_t>(std::ceil(std::clamp(limits.seconds, 1.0, 1e6)));
  const rlimit processor{seconds, seconds + 1};
  prlimit(pid, RLIMIT_CPU, &processor, nullptr);
  const rlimit memory{limits.memory_bytes, limits.memory_bytes};
  if (limits.memory_bytes != 0) prlimit(pid, RLIMIT_DATA, &memory, nullptr);
}

/// How the child ended. It may have closed its output and live on, so this has a limit too.
void wait_for(pid_t pid, Seconds deadline, ProcessResult& result) {
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(pid, &status, result.timed_out ? 0 : WNOHANG);
    if (ended == pid || (ended < 0 && errno != EINTR)) break;
    if (ended == 0 && monotonic_seconds() >= deadline) {
      result.timed_out = true;
      kill(pid, SIGKILL);
    }
    if (!result.timed_out) poll(nullptr, 0, 1);  // mostly it ends right after its output did
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& argv, const ProcessLimits& limits) {
  const Seconds deadline = monotonic_seconds() + limits.seconds;
  const Spawned child = spawn(argv);
  limit(child.pid, limits);
  ProcessResult result;
  char buffer[1 << 14];
  for (;;) {
    const Seconds left = deadline - monotonic_seconds();
    pollfd waiting{child.output.fd(), POLLIN, 0};
    const int ready =
        left <= 0 ? 0 : poll(&waiting, 1, static_cast<int>(std::min(left, 1e6) * 1e3) + 1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && !result.timed_out) {
      result.timed_out = true;
      kill(child.pid, SIGKILL);
      break;  // a grandchild may hold the pipe open for ever
    }
    const ssize_t got = read(child.output.fd(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    const std::size_t room =
        limits.output_bytes - std::min(limits.output_bytes, result.output.size());
    result.output.append(buffer, std::min(room, static_cast<std::size_t>(got)));
  }
  wait_for(child.pid, deadline, result);
  return result;
}

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos)
    return access(name.c_str(), X_OK) == 0 ? std::optional(name) : std::nullopt;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const std::string file = folder + "/" + name; access(file.c_str(), X_OK) == 0) return file;
  return std::nullopt;
}

}  // namespace evotune
