#include "device/isolated/worker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "base/errors.h"
#include "device/isolated/channel.h"

extern char** environ;

namespace evotune {
namespace {

constexpr int socket_number = 3;
constexpr int report_number = 4;
constexpr int above_the_numbers = 10;

/// A copy out of the way of the numbers that the child's descriptors get.
Handle moved_up(int fd) {
  Handle copy(fcntl(fd, F_DUPFD_CLOEXEC, above_the_numbers));
  if (!copy) throw IoError("cannot start a worker: " + std::generic_category().message(errno));
  return copy;
}

/// posix_spawn's two bags of settings, released together.
struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

/// The child's own group, default signals, and no descriptor that it was not given.
void arrange(SpawnSettings& settings, int socket, int output, int report) {
  posix_spawn_file_actions_addopen(&settings.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&settings.actions, output, 1);
  posix_spawn_file_actions_adddup2(&settings.actions, output, 2);
  posix_spawn_file_actions_adddup2(&settings.actions, socket, socket_number);
  posix_spawn_file_actions_adddup2(&settings.actions, report, report_number);
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, report_number + 1);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&settings.attributes, &none);
  posix_spawnattr_setsigdefault(&settings.attributes, &all);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/// As posix_spawn wants them; the strings must outlive it.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& one : words) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const std::string& scratch) {
  std::vector<std::string> variables = {"TMPDIR=" + scratch};
  for (char** one = environ; *one != nullptr; ++one)
    if (std::string_view(*one).rfind("TMPDIR=", 0) != 0) variables.emplace_back(*one);
  return variables;
}

}  // namespace

std::unique_ptr<WorkerProcess> WorkerProcess::start(const WorkerCommand& command) {
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess);
  ChannelEnds ends = make_channel();
  const Handle socket = moved_up(ends.theirs.fd());
  const Handle output = moved_up(worker->output_.fd());
  const Handle report = moved_up(worker->report_.fd());
  SpawnSettings settings;
  arrange(settings, socket.fd(), output.fd(), report.fd());

  std::vector<std::string> argv = command.argv;
  argv.insert(argv.end(), {"--fd", std::to_string(socket_number), "--report-fd",
                           std::to_string(report_number)});
  std::vector<std::string> environment = environment_with(worker->scratch_.path().string());
  if (const int why =
          posix_spawn(&worker->pid_, argv.front().c_str(), &settings.actions, &settings.attributes,
                      pointers_to(argv).data(), pointers_to(environment).data());
      why != 0) {
    worker->pid_ = -1;
    throw IoError("cannot start a worker, " + argv.front() + ": " +
                  std::generic_category().message(why));
  }
  worker->socket_ = std::move(ends.ours);
  worker->dies_within_ = command.dies_within;
  return worker;
}

WorkerProcess::~WorkerProcess() {
  try {
    if (pid_ > 0) end(0);
  } catch (const DeviceLost&) {
    // It will go when its driver lets it; nobody is left to tell.
  }
}

void WorkerProcess::limit_memory([[maybe_unused]] std::uint64_t bytes) const {
#if !defined(__SANITIZE_ADDRESS__)  // whose shadow alone takes terabytes
  // Of what it may write: drivers reserve addresses far beyond any memory.
  const rlimit limit{bytes, bytes};
  prlimit(pid_, RLIMIT_DATA, &limit, nullptr);
#endif
}

void WorkerProcess::clear_logs() {
  output_.clear();
  report_.clear();
}

bool WorkerProcess::has_ended() const {
  siginfo_t info{};
  // WNOWAIT: as long as it is not reaped, its number cannot name another group.
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

bool WorkerProcess::ends_within(Seconds grace) const {
  const Seconds deadline = monotonic_seconds() + grace;
  for (Seconds pause = 50e-6; !has_ended(); pause = std::min(2 * pause, 0.01)) {
    if (monotonic_seconds() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::duration<double>(pause));
  }
  return true;
}

void WorkerProcess::ask_to_end() const { kill(pid_, SIGQUIT); }

Ending WorkerProcess::end(Seconds grace) {
  const bool by_itself = ends_within(grace);
  kill(-pid_, SIGKILL);  // the worker, and compilers that it may have started
  if (!ends_within(dies_within_)) {
    const pid_t undying = std::exchange(pid_, -1);  // or the destructor would wait as long again
    throw DeviceLost("worker " + std::to_string(undying) + " cannot be killed");
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status), by_itself};
  return {WEXITSTATUS(status), 0, by_itself};
}

}  // namespace evotune
