#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "device/device.h"
#include "device/isolated/channel.h"
#include "device/isolated/memory_file.h"
#include "device/isolated/wire.h"

namespace evotune {

/// Raised with every change of what travels; both ends must agree.
inline constexpr std::uint32_t protocol_version = 5;

/// The first message of the supervisor. `parent` lets the worker notice that it is already
/// orphaned.
struct Hello {
  std::uint32_t version = protocol_version;
  std::int64_t parent = 0;
};

struct Welcome {
  std::uint32_t version = protocol_version;
  DeviceInfo info;
};

/// A workload without its bytes: those travel as the message's attachment, all buffers end to end.
struct WorkloadOutline {
  std::string id;
  std::vector<Argument> arguments;
  std::vector<std::vector<std::uint64_t>> sizes;  ///< per input set, per argument
};

struct LoadRequest {
  Compiled compiled;
  Launch launch;
  WorkloadOutline workload;
  bool attached = false;  ///< else the worker is asked whether it still has it
};

struct RunRequest {
  std::uint64_t loaded = 0;
  Run run;
};

struct ObserveRequest {
  std::uint64_t loaded = 0;
  std::uint64_t input_set = 0;
  Watch watch = Watch::races;
  Seconds limit = 0;
};

[[nodiscard]] inline WorkloadOutline outline_of(const Workload& workload) {
  return {workload.id, workload.arguments, sizes_of(workload.input_sets)};
}

template <>
struct LastOf<Watch> {
  static constexpr Watch value = Watch::memory;
};
template <>
struct LastOf<AccessKind> {
  static constexpr AccessKind value = AccessKind::atomic;
};
template <>
struct LastOf<AccessFaultKind> {
  static constexpr AccessFaultKind value = AccessFaultKind::absent;
};
template <>
struct LastOf<RaceScope> {
  static constexpr RaceScope value = RaceScope::grid;
};
template <>
struct LastOf<Stage> {
  static constexpr Stage value = Stage::infrastructure;
};
template <>
struct LastOf<Role> {
  static constexpr Role value = Role::filled_scratch;
};
template <>
struct LastOf<ElementType> {
  static constexpr ElementType value = ElementType::f64;
};

template <typename Archive, Is<Hello> T>
void fields(Archive& archive, T& v) {
  archive(v.version, v.parent);
}
template <typename Archive, Is<DeviceInfo> T>
void fields(Archive& archive, T& v) {
  archive(v.id, v.name, v.arch, v.compiler, v.facts, v.observes, v.aside, v.build);
}
template <typename Archive, Is<Welcome> T>
void fields(Archive& archive, T& v) {
  archive(v.version, v.info);
}
template <typename Archive, Is<Source> T>
void fields(Archive& archive, T& v) {
  archive(v.provenance, v.text, v.entry, v.options, v.hash, v.from, v.observed);
}
template <typename Archive, Is<CompilerFacts> T>
void fields(Archive& archive, T& v) {
  archive(v.registers, v.spill_bytes, v.stack_bytes, v.static_shared_bytes, v.compile_seconds);
}
template <typename Archive, Is<Compiled> T>
void fields(Archive& archive, T& v) {
  archive(v.image, v.symbol, v.build_id, v.facts, v.log);
}
template <typename Archive, Is<Launch> T>
void fields(Archive& archive, T& v) {
  archive(v.grid, v.block, v.shared_bytes);
}
template <typename Archive, Is<Argument> T>
void fields(Archive& archive, T& v) {
  archive(v.name, v.role, v.type, v.count, v.symbol, v.within, v.offset);
}
template <typename Archive, Is<WorkloadOutline> T>
void fields(Archive& archive, T& v) {
  archive(v.id, v.arguments, v.sizes);
}
template <typename Archive, Is<LoadRequest> T>
void fields(Archive& archive, T& v) {
  archive(v.compiled, v.launch, v.workload, v.attached);
}
template <typename Archive, Is<Run> T>
void fields(Archive& archive, T& v) {
  archive(v.input_set, v.launches, v.flush, v.finite_poison, v.limit);
}
template <typename Archive, Is<RunRequest> T>
void fields(Archive& archive, T& v) {
  archive(v.loaded, v.run);
}
template <typename Archive, Is<Sample> T>
void fields(Archive& archive, T& v) {
  archive(v.seconds, v.host_seconds, v.clock_hz);
}
template <typename Archive, Is<ObserveRequest> T>
void fields(Archive& archive, T& v) {
  archive(v.loaded, v.input_set, v.watch, v.limit);
}
template <typename Archive, Is<SourceLine> T>
void fields(Archive& archive, T& v) {
  archive(v.file, v.line);
}
template <typename Archive, Is<RacingAccess> T>
void fields(Archive& archive, T& v) {
  archive(v.kind, v.is_volatile, v.where, v.thread, v.block, v.of_block);
}
template <typename Archive, Is<Race> T>
void fields(Archive& archive, T& v) {
  archive(v.scope, v.earlier, v.later, v.memory, v.byte);
}
template <typename Archive, Is<AccessFault> T>
void fields(Archive& archive, T& v) {
  archive(v.kind, v.access, v.memory, v.size, v.byte, v.bytes);
}
template <typename Archive, Is<AccessSite> T>
void fields(Archive& archive, T& v) {
  archive(v.where, v.kind, v.shared, v.bytes, v.requests, v.transactions, v.ideal);
}
template <typename Archive, Is<Observation> T>
void fields(Archive& archive, T& v) {
  archive(v.races, v.faults, v.sites, v.blocks, v.observed_blocks);
}
template <typename Archive, Is<Failure> T>
void fields(Archive& archive, T& v) {
  archive(v.stage, v.message);
}

/// A message of this kind with these values in it.
template <typename... T>
[[nodiscard]] Message message_of(MessageKind kind, const T&... values) {
  Encoder encoder;
  encoder(values...);
  return {kind, encoder.take(), {}};
}

/// The one value that a message holds. Throws Malformed.
template <typename T>
[[nodiscard]] T content_of(const Message& message) {
  T value{};
  Decoder decoder(message.body);
  decoder(value);
  decoder.expect_end();
  return value;
}

}  // namespace evotune
