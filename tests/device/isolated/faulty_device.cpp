#include "faulty_device.h"

#include <spawn.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/errors.h"

namespace evotune {
namespace {

constexpr int socket_number = 3;
constexpr int report_number = 4;

[[noreturn]] void hang() {
  for (;;) pause();
}

/// Starts a process as a compiler driver would, and says which.
void start_grandchild(const std::string& note) {
  char program[] = "/bin/sleep", argument[] = "1000";
  char* const argv[] = {program, argument, nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  if (posix_spawn(&pid, program, nullptr, nullptr, argv, environment) != 0) std::abort();
  std::ofstream(note) << pid << '\n';
}

/// As a machine on which nothing works any more: the supervisor's test says since when.
bool is_sick() {
  const char* sick = std::getenv("EVOTUNE_TEST_SICK");
  return sick != nullptr && std::filesystem::exists(sick);
}

/// Whether a file of this name was there; it is now.
bool seen_before(const std::string& note) {
  const bool seen = std::filesystem::exists(note);
  std::ofstream(note) << "seen";
  return seen;
}

/// Stops a process that is killed on its way out, for as long as this file is there.
[[noreturn]] void hold_dying(pid_t held, const std::string& note, int told) {
  setsid();  // or it would be killed with the group
  close(socket_number);
  const long seized = ptrace(PTRACE_SEIZE, held, nullptr, PTRACE_O_TRACEEXIT);
  std::ofstream(note) << held;
  if (write(told, seized == 0 ? "+" : "-", 1) < 0) _exit(1);
  constexpr int seconds_at_most = 100;  // should nobody take the file away
  for (int tenth = 0; tenth < 10 * seconds_at_most && std::filesystem::exists(note); ++tenth)
    usleep(100'000);
  _exit(0);
}

/// From here on SIGKILL does not end this process, as one that hangs in a driver. False where the
/// system does not allow it.
bool become_undying(const std::string& note) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) std::abort();
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);  // where Yama asks for it
  if (fork() == 0) hold_dying(getppid(), note, ends[1]);
  char word = '-';
  return read(ends[0], &word, 1) == 1 && word == '+';
}

/// Takes all the memory there is, for as long as this process lives.
[[noreturn]] void devour() {
  for (;;) std::memset(new char[64 << 20], 1, 64 << 20);
}

void write_report(const std::string& line) {
  if (write(report_number, line.data(), line.size()) < 0) std::abort();
}

class FaultyLoaded : public Loaded {
 public:
  FaultyLoaded(std::string text, const Workload& workload)
      : text_(std::move(text)), workload_(workload) {}

  Result<Sample> run(const Run& run) override {
    if (const Result<bool> fault = misbehave(text_, "run"); !fault) return fault.error();
    if (std::exchange(has_run_, true) && text_.find("run_again_hang") != std::string::npos) hang();
    const Buffers& inputs = workload_.input_sets.at(run.input_set);
    answer_.assign(inputs.size(), {});
    if (text_.find("load_pid") != std::string::npos) {
      const std::string pid = std::to_string(getpid());
      for (const char digit : pid) answer_[0].push_back(static_cast<std::byte>(digit));
    }
    if (is_sick()) return Sample{1e-3, 1e-3};
    for (std::size_t i = 1; i < inputs.size(); ++i)
      if (workload_.arguments[i].role == Role::out)
        answer_[i].assign(inputs[i - 1].rbegin(), inputs[i - 1].rend());
    return Sample{1e-3 * run.launches, 2e-3 * run.launches};
  }
  Result<Buffers> read() override {
    if (const Result<bool> fault = misbehave(text_, "read"); !fault) return fault.error();
    return answer_;
  }
  Result<Observation> observe(std::size_t input_set, Watch watch, Seconds) override {
    if (const Result<bool> fault = misbehave(text_, "observe"); !fault) return fault.error();
    Race race{RaceScope::warp,
              {},
              {AccessKind::atomic, true, {"a.cu", 7}, {1, 2, 3}, {4, 5, 6}},
              "shared tile",
              input_set};
    AccessSite site{{"b.cuh", 9}, AccessKind::write, true, 16, 2.5, 1e12, 0.5};
    const AccessFault fault{AccessFaultKind::unwritten, race.later, "shared tile", 256, -8, 16};
    Observation seen{{}, {}, {site}, 7, 5};
    if (watch == Watch::memory) return seen;
    seen.races.push_back(race);
    seen.faults.push_back(fault);
    return seen;
  }

 private:
  std::string text_;
  const Workload& workload_;
  Buffers answer_;
  bool has_run_ = false;
};

}  // namespace

Result<bool> misbehave(const std::string& text, const std::string& step) {
  const auto asked = [&](const char* act) {
    return text.find(step + "_" + act) != std::string::npos;
  };
  if (asked("fail")) return Failure{Stage::launch, "as asked"};
  if (asked("throw")) throw std::runtime_error("thrown as asked");
  if (asked("lose")) throw DeviceLost("lost as asked");
  if (asked("exhaust")) throw std::bad_alloc();
  if (asked("litter")) {
    const std::filesystem::path file = std::filesystem::temp_directory_path() / "litter";
    std::ofstream(file) << "a temporary file";
    if (!std::filesystem::exists(file)) return Failure{Stage::infrastructure, "no litter"};
  }
  if (asked("say")) std::cout << "here I am" << std::endl;
  if (asked("chat")) std::cout << std::string(60'000, '.') << std::endl;
  if (asked("devour")) devour();
  if (asked("long_fail")) return Failure{Stage::compile, std::string(1'000'000, '!')};
  if (asked("first_hang") && !seen_before(text.substr(text.find('/')))) hang();
  if (asked("report")) write_report("12 bytes past the end of 'C', gemm.cu:59\n");
  if (asked("shout"))
    for (int line = 0; line < 100'000; ++line) std::cerr << "the end is near, " << line << '\n';
  if (asked("abort") || asked("report") || asked("shout")) std::abort();
  if (asked("fault")) raise(SIGSEGV);
  if (asked("leave")) _exit(0);
  if (asked("oomkill")) raise(SIGKILL);
  if (asked("garbage")) {
    const std::string noise(100, '\x7e');
    if (send(socket_number, noise.data(), noise.size(), 0) < 0) std::abort();
  }
  if (asked("breed")) start_grandchild(text.substr(text.find('/')));
  if (asked("undying") && !become_undying(text.substr(text.find('/'))))
    return Failure{Stage::infrastructure, "processes may not be traced here"};
  if (asked("hang") || asked("breed") || asked("undying")) hang();
  if (asked("deaf")) {  // closes its end and lives on
    shutdown(socket_number, SHUT_RDWR);
    hang();
  }
  return true;
}

FaultyDevice::FaultyDevice() {
  info_ = {"faulty", "a device that fails as asked", "none", "none", {}};
  info_.facts["device.pid"] = std::int64_t{getpid()};
  info_.facts["device.fraction"] = 0.25;
}

Result<Compiled> FaultyDevice::compile(const Source& source) const {
  if (const Result<bool> fault = misbehave(source.text, "compile"); !fault) return fault.error();
  Compiled compiled;
  for (const char one : source.text) compiled.image.push_back(static_cast<std::byte>(one));
  compiled.symbol = source.entry;
  compiled.build_id = source.hash;
  compiled.facts.registers = 42;
  compiled.log =
      source.text.find("compile_pid") != std::string::npos ? std::to_string(getpid()) : "";
  if (source.text.find("compile_long_log") != std::string::npos)
    compiled.log.assign(1'000'000, '!');
  if (source.text.find("compile_slowly") != std::string::npos) usleep(100'000);
  return compiled;
}

Result<std::unique_ptr<Loaded>> FaultyDevice::load(const Compiled& compiled, const Launch&,
                                                   const Workload& workload) {
  std::string text;
  for (const std::byte one : compiled.image) text += static_cast<char>(one);
  if (const Result<bool> fault = misbehave(text, "load"); !fault) return fault.error();
  return std::unique_ptr<Loaded>(std::make_unique<FaultyLoaded>(text, workload));
}

}  // namespace evotune
