#include "device/isolated/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "base/errors.h"
#include "base/text.h"

namespace evotune {
namespace {

/// A process that closed its socket is on its way out, its ending says why; one that was late may
/// say where it is.
constexpr Seconds grace = 1;

std::string describe(const Ending& ending) {
  if (ending.signal == 0) return fmt::format("exited with code {}", ending.exit_code);
  const char* meaning = sigdescr_np(ending.signal);
  return fmt::format("ended by signal {} ({})", ending.signal,
                     meaning != nullptr ? meaning : "unknown");
}

std::string last_words(const WorkerProcess& process) {
  const std::string output = process.output();
  return trim(output).empty() ? "" : "; it printed:\n" + std::string(trim(output));
}

/// What a worker that ended by itself died of, in its own words where it left any.
Failure verdict_on(const Ending& ending, const WorkerProcess& process, const char* act) {
  if (ending.signal == SIGKILL && ending.by_itself)  // nobody but the system kills it unasked
    return {
        Stage::out_of_memory,
        fmt::format("the worker was killed while {}, most likely for using too much memory", act)};
  if (const std::string report = process.crash_report(); !trim(report).empty())
    return {Stage::crash, std::string(trim(report))};
  return {Stage::crash,
          fmt::format("the worker {} while {}{}", describe(ending), act, last_words(process))};
}

}  // namespace

Worker::Worker(std::unique_ptr<WorkerProcess> process, WorkerLog log)
    : process_(std::move(process)), channel_(process_->take_socket()), log_(std::move(log)) {}

Result<std::unique_ptr<Worker>> Worker::start(Spawner& spawner, Seconds limit, WorkerLog log) {
  std::unique_ptr<Worker> worker;
  try {
    worker.reset(new Worker(spawner.spawn(), std::move(log)));
  } catch (const IoError& why) {
    return Failure{Stage::infrastructure, why.what()};
  }
  const Result<Message> answer = worker->shake_hands(limit);
  if (!answer) return Failure{Stage::infrastructure, answer.error().message};
  try {
    if (answer->kind == MessageKind::refused) throw UserError(content_of<std::string>(*answer));
    Welcome welcome = content_of<Welcome>(*answer);
    if (welcome.version != protocol_version)
      return Failure{Stage::infrastructure,
                     fmt::format("the worker speaks version {} of the protocol, not {}",
                                 welcome.version, protocol_version)};
    worker->info_ = std::move(welcome.info);
  } catch (const Malformed& why) {
    return Failure{Stage::infrastructure, std::string("the worker's greeting: ") + why.what()};
  }
  return worker;
}

Result<Message> Worker::shake_hands(Seconds limit) {
  Hello hello;
  hello.parent = getpid();
  return call(message_of(MessageKind::hello, hello), limit, "starting");
}

Result<Message> Worker::call(const Message& request, Seconds limit, const char* act) {
  process_->clear_logs();
  const Seconds deadline = monotonic_seconds() + limit;
  if (const std::optional<Trouble> trouble = channel_.send(request, deadline))
    return bury(*trouble, limit, act);
  Expected<Message, Trouble> answer = channel_.receive(deadline);
  if (!answer) return bury(answer.error(), limit, act);
  tell_log(*process_);
  try {
    if (answer->kind == MessageKind::failed) return content_of<Failure>(*answer);
    if (answer->kind == MessageKind::spent) {
      (void)std::exchange(process_, nullptr)->end(0);  // it may hang on its device
      return content_of<Failure>(*answer);
    }
    if (answer->kind == MessageKind::lost) throw DeviceLost(content_of<std::string>(*answer));
  } catch (const Malformed& why) {
    return distrust(act, why.what());
  }
  return std::move(*answer);
}

void Worker::tell_log(const WorkerProcess& process) const {
  if (!log_) return;
  if (const std::string output = process.output(); !output.empty()) log_(output);
}

Failure Worker::bury(Trouble trouble, Seconds limit, const char* act) {
  if (trouble == Trouble::garbage) return distrust(act, "not a message");
  // Whatever comes of the killing, nobody asks this worker again.
  const std::unique_ptr<WorkerProcess> process = std::move(process_);
  if (trouble == Trouble::timed_out) process->ask_to_end();
  const Ending ending = process->end(grace);
  tell_log(*process);
  if (trouble == Trouble::timed_out)
    return {Stage::timeout, fmt::format("killed: still {} after {:.3g} s{}{}", act, limit,
                                        trim(process->crash_report()), last_words(*process))};
  return verdict_on(ending, *process, act);
}

Failure Worker::distrust(const char* act, const std::string& why) {
  process_.reset();
  return {Stage::crash, fmt::format("the worker answered nonsense while {}: {}", act, why)};
}

}  // namespace evotune
