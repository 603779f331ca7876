#include "device/isolated/service.h"

#include <algorithm>
#include <exception>
#include <new>
#include <numeric>
#include <span>
#include <utility>

#include "base/errors.h"
#include "device/isolated/memory_file.h"

namespace evotune {
namespace {

constexpr std::size_t longest_log = std::size_t{64} << 10;

std::uint64_t bytes_of(const Workload& workload) {
  std::uint64_t bytes = 0;
  for (const Buffers& set : workload.input_sets)
    for (const Buffer& one : set) bytes += one.size();
  return bytes;
}

void cap(std::string& log) {
  if (log.size() > longest_log) log.resize(longest_log);
}

template <typename T>
Message answer_with(const Result<T>& result) {
  return result ? message_of(MessageKind::done, *result)
                : message_of(MessageKind::failed, result.error());
}

}  // namespace

std::shared_ptr<const Workload> WorkloadCache::find(const std::string& id) const {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& workload) { return workload->id == id; });
  return found == kept_.end() ? nullptr : *found;
}

void WorkloadCache::keep(std::shared_ptr<const Workload> workload) {
  kept_.push_back(std::move(workload));
  std::uint64_t total =
      std::accumulate(kept_.begin(), kept_.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& one) { return sum + bytes_of(*one); });
  while (kept_.size() > most_kept || (total > byte_limit_ && kept_.size() > 1)) {
    total -= bytes_of(*kept_.front());
    kept_.pop_front();
  }
}

Message Service::answer(const Message& request) {
  try {
    return dispatch(request);
  } catch (const Malformed&) {
    throw;
  } catch (const DeviceSpent& spent) {
    return message_of(MessageKind::spent, spent.failure());
  } catch (const DeviceLost& why) {
    return message_of(MessageKind::lost, std::string(why.what()));
  } catch (const std::bad_alloc&) {
    return message_of(MessageKind::failed, Failure{Stage::out_of_memory, "no memory left"});
  } catch (const std::exception& why) {
    return message_of(MessageKind::failed, Failure{Stage::infrastructure, why.what()});
  }
}

Message Service::dispatch(const Message& request) {
  switch (request.kind) {
    case MessageKind::compile:
      return compile(request);
    case MessageKind::load:
      return load(request);
    case MessageKind::run:
      return run(request);
    case MessageKind::observe:
      return observe(request);
    case MessageKind::read:
      return read(request);
    case MessageKind::unload:
      return unload(request);
    default:
      throw Malformed("not a request");
  }
}

Message Service::compile(const Message& request) {
  Result<Compiled> compiled = device_.compile(content_of<Source>(request));
  if (compiled) {
    cap(compiled->log);
    return answer_with(compiled);
  }
  Failure failure = compiled.error();
  cap(failure.message);
  return message_of(MessageKind::failed, failure);
}

std::shared_ptr<const Workload> Service::workload_for(LoadRequest& request,
                                                      const Handle& attachment) {
  if (!request.attached)
    return request.workload.id.empty() ? nullptr : workloads_.find(request.workload.id);
  auto workload = std::make_shared<Workload>();
  workload->id = request.workload.id;
  workload->arguments = std::move(request.workload.arguments);
  workload->input_sets = unpack(attachment, request.workload.sizes);
  if (!workload->id.empty()) workloads_.keep(workload);
  return workload;
}

Message Service::load(const Message& message) {
  auto request = content_of<LoadRequest>(message);
  Entry entry;
  entry.workload = workload_for(request, message.attachment);
  if (entry.workload == nullptr) return message_of(MessageKind::need_workload);
  Result<std::unique_ptr<Loaded>> loaded =
      device_.load(request.compiled, request.launch, *entry.workload);
  if (!loaded) return message_of(MessageKind::failed, loaded.error());
  entry.loaded = *std::move(loaded);
  loaded_.emplace(next_id_, std::move(entry));
  return message_of(MessageKind::done, next_id_++);
}

Loaded& Service::find(std::uint64_t id) {
  const auto found = loaded_.find(id);
  if (found == loaded_.end()) throw Malformed("nothing of that number is loaded");
  return *found->second.loaded;
}

Message Service::run(const Message& message) {
  const auto request = content_of<RunRequest>(message);
  return answer_with(find(request.loaded).run(request.run));
}

Message Service::observe(const Message& message) {
  const auto request = content_of<ObserveRequest>(message);
  return answer_with(
      find(request.loaded)
          .observe(static_cast<std::size_t>(request.input_set), request.watch, request.limit));
}

Message Service::read(const Message& message) {
  const Result<Buffers> buffers = find(content_of<std::uint64_t>(message)).read();
  if (!buffers) return message_of(MessageKind::failed, buffers.error());
  const std::span<const Buffers> one_set(&*buffers, 1);
  Message answer = message_of(MessageKind::done, sizes_of(one_set));
  answer.attachment = pack(one_set);
  return answer;
}

Message Service::unload(const Message& message) {
  loaded_.erase(content_of<std::uint64_t>(message));
  return message_of(MessageKind::done);
}

}  // namespace evotune
