#include "device/isolated/canary.h"

#include <string>

#include "base/hash.h"
#include "device/isolated/lane_requests.h"

namespace evotune {
namespace {

constexpr std::uint32_t size = 64;

Source make_canary() {
  Source source;
  source.entry = "evotune_canary";
  source.text =
      "extern \"C\" __global__ void evotune_canary(const unsigned char* in, unsigned char* out) {\n"
      "  out[threadIdx.x] = in[" +
      std::to_string(size - 1) + " - threadIdx.x];\n}\n";
  source.hash = content_hash(source.text);
  return source;
}

Workload make_workload() {
  Buffer input(size);
  for (std::size_t i = 0; i < size; ++i) input[i] = static_cast<std::byte>(i * i + 1);
  return {
      "canary",
      {{"in", Role::in, ElementType::u8, size, ""}, {"out", Role::out, ElementType::u8, size, ""}},
      {{input, {}}}};
}

Failure machine_at_fault(const std::string& why) {
  return {Stage::infrastructure, "a kernel that always works does not in a fresh worker: " + why};
}

}  // namespace

const Source& canary() {
  static const Source source = make_canary();
  return source;
}

std::optional<Failure> fails_canary(Worker& worker, const Compiled& canary,
                                    const IsolatedDeviceOptions& limits) {
  static const Workload workload = make_workload();
  const Buffer& input = workload.input_sets.front().front();
  LoadRequest load{canary, {{1, 1, 1}, {size, 1, 1}, 0}, outline_of(workload), false};
  const Result<std::uint64_t> id = load_into(worker, load, workload, limits.load_limit);
  if (!id) return machine_at_fault(id.error().message);
  const Run run{.flush = false};
  const Result<Sample> sample = worker.ask<Sample>(
      message_of(MessageKind::run, RunRequest{*id, run}), run.limit + limits.run_slack, "running");
  if (!sample) return machine_at_fault(sample.error().message);
  const Result<Buffers> answer = fetch(worker, *id, workload, limits.read_limit);
  if (!answer) return machine_at_fault(answer.error().message);
  if (answer->at(1) != Buffer(input.rbegin(), input.rend()))
    return machine_at_fault("it answers wrongly");
  (void)worker.call(message_of(MessageKind::unload, *id), limits.read_limit, "unloading");
  return std::nullopt;
}

}  // namespace evotune
