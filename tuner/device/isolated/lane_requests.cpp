#include "device/isolated/lane_requests.h"

#include <utility>

#include "device/isolated/memory_file.h"

namespace evotune {

Result<std::uint64_t> load_into(Worker& worker, LoadRequest& load, const Workload& workload,
                                Seconds limit) {
  load.attached = false;
  Message request = message_of(MessageKind::load, load);
  Result<Message> answer = worker.call(request, limit, "loading");
  if (answer && answer->kind == MessageKind::need_workload) {
    load.attached = true;
    request = message_of(MessageKind::load, load);
    request.attachment = pack(workload.input_sets);
    answer = worker.call(request, limit, "loading");
  }
  if (!answer) return answer.error();
  try {
    return content_of<std::uint64_t>(*answer);
  } catch (const Malformed& why) {
    return worker.distrust("loading", why.what());
  }
}

Result<Buffers> fetch(Worker& worker, std::uint64_t loaded, const Workload& workload,
                      Seconds limit) {
  constexpr const char* act = "reading its answer";
  const Result<Message> answer = worker.call(message_of(MessageKind::read, loaded), limit, act);
  if (!answer) return answer.error();
  try {
    std::vector<Buffers> sets = unpack(answer->attachment, content_of<BufferSizes>(*answer));
    if (sets.size() != 1 || sets.front().size() != workload.arguments.size())
      throw Malformed("not one buffer for each argument");
    return std::move(sets.front());
  } catch (const Malformed& why) {
    return worker.distrust(act, why.what());
  }
}

Seconds time_to_fill(const Workload& workload, const Run& run) {
  constexpr double slowest_bytes_per_second = 250e6;
  if (run.input_set >= workload.input_sets.size()) return 0;
  std::size_t bytes = 0;
  for (const auto& buffer : workload.input_sets[run.input_set]) bytes += buffer.size();
  return static_cast<double>(bytes) * (1 + run.launches) / slowest_bytes_per_second;
}

}  // namespace evotune
