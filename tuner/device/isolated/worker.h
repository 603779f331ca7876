#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "device/device.h"
#include "device/isolated/channel.h"
#include "device/isolated/messages.h"
#include "device/isolated/spawner.h"

namespace evotune {

/// Is given what a worker has printed, of each request once.
using WorkerLog = std::function<void(const std::string& output)>;

/// One worker as its supervisor sees it: a question, a deadline, and an answer or a verdict.
class Worker {
 public:
  /// Spawns one and shakes hands. Throws UserError where the worker finds something that the user
  /// must mend; Stage::infrastructure for anything else that keeps it from serving.
  [[nodiscard]] static Result<std::unique_ptr<Worker>> start(Spawner&, Seconds limit,
                                                             WorkerLog = {});

  [[nodiscard]] const DeviceInfo& info() const { return info_; }

  /// Of it and of each process that it starts. Nothing where sanitizers need all there is.
  void limit_memory(std::uint64_t bytes) { process_->limit_memory(bytes); }

  /// Ready for another request. False for ever after the first verdict of the kinds below.
  [[nodiscard]] bool usable() const { return process_ != nullptr && channel_.quiet(); }

  /// The answer, which may be the device's own Failure. A worker that does not answer within
  /// `limit`, ends, or answers nonsense is killed: Stage::timeout, crash, out_of_memory. `act` says
  /// what it was doing ("running"). Throws DeviceLost.
  [[nodiscard]] Result<Message> call(const Message& request, Seconds limit, const char* act);

  /// The same where the answer is one value.
  template <typename T>
  [[nodiscard]] Result<T> ask(const Message& request, Seconds limit, const char* act) {
    Result<Message> answer = call(request, limit, act);
    if (!answer) return answer.error();
    try {
      return content_of<T>(*answer);
    } catch (const Malformed& why) {
      return distrust(act, why.what());
    }
  }

  /// Kills it for an answer that cannot be right.
  [[nodiscard]] Failure distrust(const char* act, const std::string& why);

 private:
  Worker(std::unique_ptr<WorkerProcess>, WorkerLog);
  [[nodiscard]] Result<Message> shake_hands(Seconds limit);
  void tell_log(const WorkerProcess&) const;
  [[nodiscard]] Failure bury(Trouble, Seconds limit, const char* act);

  std::unique_ptr<WorkerProcess> process_;  ///< none: dead
  Channel channel_;
  DeviceInfo info_;
  WorkerLog log_;  ///< may be none
};

}  // namespace evotune
