#include "device/cpu/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "kernel/structure.h"

namespace evotune::cpu {
namespace {

bool is_passed(const Argument& argument) {
  return argument.role != Role::constant && argument.within.empty();
}

std::string describe(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::pointer:
      return "a pointer";
    case ParameterKind::integer:
      return fmt::format("an integer of {} bytes", parameter.size);
    case ParameterKind::floating:
      return fmt::format("a floating-point number of {} bytes", parameter.size);
    case ParameterKind::other:
      break;
  }
  return fmt::format("an object of {} bytes", parameter.size);
}

std::string describe(const Argument& argument) {
  if (argument.is_buffer()) return "a buffer";
  if (argument.count != 1) return fmt::format("an object of {} bytes", argument.bytes());
  const ElementType type = argument.type;
  const bool floating = type == ElementType::f16 || type == ElementType::bf16 ||
                        type == ElementType::f32 || type == ElementType::f64;
  return fmt::format("{} of {} bytes", floating ? "a floating-point scalar" : "an integer scalar",
                     argument.bytes());
}

bool fits(const Argument& argument, const Parameter& parameter) {
  if (argument.is_buffer()) return parameter.kind == ParameterKind::pointer;
  if (parameter.size != argument.bytes()) return false;
  switch (parameter.kind) {
    case ParameterKind::pointer:
      return false;
    case ParameterKind::floating:
      return argument.count == 1 &&
             (argument.type == ElementType::f32 || argument.type == ElementType::f64);
    case ParameterKind::integer:
      return argument.count == 1 && argument.type < ElementType::f16;
    case ParameterKind::other:
      return true;  // half, an enumeration, a vector, a structure
  }
  return false;
}

std::optional<Failure> constant_mismatch(const KernelImage& image, const Argument& constant) {
  const auto variable = image.find_variable(constant.symbol);
  const auto refuse = [&](const std::string& why) {
    return Failure{Stage::load, fmt::format("constant '{}': {}", constant.name, why)};
  };
  if (!variable)
    return refuse(
        fmt::format("the kernel has no __constant__ or __device__ variable '{}' that it "
                    "uses",
                    constant.symbol));
  if (!variable->writable)
    return refuse(fmt::format("the variable '{}' is const", constant.symbol));
  if (constant.bytes() > variable->bytes.size())
    return refuse(fmt::format("the argument has {} bytes, the variable '{}' only {}",
                              constant.bytes(), constant.symbol, variable->bytes.size()));
  return std::nullopt;
}

}  // namespace

std::optional<Failure> mismatch(const KernelImage& image, const Workload& workload) {
  const std::vector<Parameter>& parameters = image.parameters();
  const auto passed = static_cast<std::size_t>(
      std::count_if(workload.arguments.begin(), workload.arguments.end(), is_passed));
  if (passed != parameters.size())
    return Failure{Stage::load, fmt::format("the kernel has {} parameters, {} arguments are passed",
                                            parameters.size(), passed)};
  std::size_t next = 0;
  for (const Argument& argument : workload.arguments) {
    if (argument.role == Role::constant)
      if (auto failure = constant_mismatch(image, argument)) return failure;
    if (!is_passed(argument)) continue;
    const Parameter& parameter = parameters[next++];
    if (!fits(argument, parameter))
      return Failure{Stage::load,
                     fmt::format("argument '{}' is {}, but parameter {} of the kernel is {}",
                                 argument.name, describe(argument), next, describe(parameter))};
  }
  return std::nullopt;
}

Arguments::Arguments(const KernelImage& image, const Workload& workload) : workload_(workload) {
  slots_.resize(workload.arguments.size());  // never again: pointers_ points into it
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Argument& argument = workload.arguments[i];
    Slot& slot = slots_[i];
    if (argument.is_buffer()) slot.buffer.emplace(argument.bytes());
    slot.value.resize(argument.is_buffer() ? sizeof(std::byte*) : argument.bytes());
    slot.holder = holder_of(workload, i);
    if (is_passed(argument)) pointers_.push_back(slot.value.data());
    if (argument.role == Role::constant)
      slot.variable = image.find_variable(argument.symbol)->bytes;
  }
}

void Arguments::fill(std::size_t index, const Run& run, Placement placement) {
  const Argument& argument = workload_.arguments[index];
  const Buffer& input = workload_.input_sets[run.input_set][index];
  Slot& slot = slots_[index];
  if (argument.role == Role::scalar) {
    std::copy(input.begin(), input.end(), slot.value.begin());
    return;
  }
  if (argument.role == Role::constant) {
    std::copy(input.begin(), input.end(), slot.variable.begin());
    return;
  }
  GuardedBuffer& buffer = *slot.buffer;
  const bool pure_input = argument.role == Role::in;
  if (pure_input && input_set_ == run.input_set && placement_ == placement) return;  // as it was
  buffer.place(placement);
  const std::span<std::byte> bytes = buffer.bytes();
  if (pure_input || is_restored(argument.role))
    std::copy(input.begin(), input.end(), bytes.begin());
  if (pure_input) buffer.forbid_writes();
  std::byte* address = bytes.data();
  std::memcpy(slot.value.data(), &address, sizeof address);
}

void Arguments::prepare(const Run& run, Placement placement) {
  for (std::size_t i = 0; i < slots_.size(); ++i) fill(i, run, placement);
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (const auto holder = slots_[i].holder)
      std::memcpy(&slots_[*holder].value[workload_.arguments[i].offset], slots_[i].value.data(),
                  slots_[i].value.size());
  poison(run);
  input_set_ = run.input_set;
  placement_ = placement;
}

void Arguments::poison(const Run& run) {
  for (const Role role : {Role::out, Role::scratch})
    poison(role, run.finite_poison ? finite_poison : nan_poison);
}

void Arguments::poison(Role role, std::byte with) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (workload_.arguments[i].role != role) continue;
    const std::span<std::byte> bytes = slots_[i].buffer->bytes();
    std::fill(bytes.begin(), bytes.end(), with);
  }
}

std::optional<std::string> Arguments::overrun() const {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].buffer && !slots_[i].buffer->surroundings_intact())
      return workload_.arguments[i].name;
  return std::nullopt;
}

Buffers Arguments::read() const {
  Buffers all(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].buffer || workload_.arguments[i].role == Role::in) continue;
    const std::span<std::byte> bytes = slots_[i].buffer->bytes();
    all[i].assign(bytes.begin(), bytes.end());
  }
  return all;
}

void Arguments::copy_constants(const KernelImage& to) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::span<const std::byte> from = slots_[i].variable;
    if (from.empty()) continue;
    const auto variable = to.find_variable(workload_.arguments[i].symbol);
    std::copy(from.begin(), from.end(), variable->bytes.begin());
  }
}

std::vector<Region> Arguments::regions_beside(const GuardedBuffer& dynamic_shared) const {
  std::vector<Region> all = regions();
  all.push_back(dynamic_shared.region("dynamic shared memory", false));
  return all;
}

std::vector<Region> Arguments::regions() const {
  std::vector<Region> regions;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].buffer) continue;
    const Argument& argument = workload_.arguments[i];
    regions.push_back(
        slots_[i].buffer->region("buffer " + argument.name, argument.role == Role::in));
    regions.back().garbage = argument.role == Role::out || argument.role == Role::scratch;
  }
  return regions;
}

}  // namespace evotune::cpu
