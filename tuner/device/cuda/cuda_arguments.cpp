#include "device/cuda/cuda_arguments.h"

#include <fmt/format.h>

#include <algorithm>

namespace evotune {
namespace {

// As the CPU device has them: a finite number in every floating type, and a NaN.
constexpr unsigned char finite_poison = 0x4b, nan_poison = 0xff;
constexpr unsigned char guard = 0xff;  // who reads it gets NaN

constexpr std::size_t alignment = 512;

bool is_buffer(const Argument& argument) {
  return argument.role != Role::constant && argument.role != Role::scalar;
}

/// Where the buffers lie: guard, buffer, guard, buffer, …, guard.
struct Layout {
  std::vector<std::size_t> offsets;
  std::size_t bytes = CudaArguments::guard_bytes;
};

Layout layout_of(const Workload& workload) {
  Layout layout;
  for (const Argument& argument : workload.arguments) {
    layout.offsets.push_back(layout.bytes);
    if (!is_buffer(argument)) continue;
    const std::size_t end = layout.bytes + argument.bytes() + CudaArguments::guard_bytes;
    layout.bytes = (end + alignment - 1) / alignment * alignment;
  }
  return layout;
}

bool is_untouched(const Buffer& zone) {
  return std::all_of(zone.begin(), zone.end(),
                     [](std::byte one) { return one == std::byte{guard}; });
}

}  // namespace

std::size_t CudaArguments::bytes_of(const Workload& workload, std::size_t copies) {
  return layout_of(workload).bytes * copies;
}

CudaArguments::CudaArguments(const CudaContext& context, const CudaModule& module,
                             const Workload& workload, std::size_t copies)
    : context_(context),
      workload_(workload),
      copies_(copies),
      stride_(layout_of(workload).bytes),
      offsets_(layout_of(workload).offsets),
      memory_(context, stride_ * copies),
      scalars_(workload.arguments.size()),
      addresses_(copies),
      pointers_(copies),
      variables_(workload.arguments.size()) {
  context.check(
      context.call().memset_d8_async(memory_.address(), guard, stride_ * copies, context.stream()),
      "writing the zones around buffers");
  for (std::size_t copy = 0; copy < copies; ++copy) {
    addresses_[copy].resize(offsets_.size());  // never again: pointers_ points into it
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
      const Role role = workload.arguments[i].role;
      addresses_[copy][i] = address(i, copy);
      if (role == Role::scalar) pointers_[copy].push_back(scalars_[i].data());
      if (is_buffer(workload.arguments[i])) pointers_[copy].push_back(&addresses_[copy][i]);
      if (role == Role::constant)
        variables_[i] = module.find_variable(workload.arguments[i].symbol).value();
    }
  }
}

void CudaArguments::upload(std::size_t index, const Buffer& input) {
  if (input.empty()) return;
  const CudaFunctions& call = context_.call();
  constexpr const char* act = "giving the kernel its inputs";
  for (std::size_t copy = 0; copy < copies_; ++copy)
    context_.check(copy == 0 ? call.memcpy_htod_async(address(index, 0), input.data(), input.size(),
                                                      context_.stream())
                             : call.memcpy_dtod_async(address(index, copy), address(index, 0),
                                                      input.size(), context_.stream()),
                   act);
}

void CudaArguments::prepare(const Run& run) {
  const Buffers& inputs = workload_.input_sets[run.input_set];
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Role role = workload_.arguments[i].role;
    if (role == Role::scalar) std::copy(inputs[i].begin(), inputs[i].end(), scalars_[i].begin());
    if (role == Role::inout || (role == Role::in && input_set_ != run.input_set))
      upload(i, inputs[i]);
    if (role == Role::constant)
      context_.check(context_.call().memcpy_htod_async(variables_[i].address, inputs[i].data(),
                                                       inputs[i].size(), context_.stream()),
                     "filling a constant");
  }
  input_set_ = run.input_set;
  poison(run);
}

void CudaArguments::poison(const Run& run) {
  const unsigned char pattern = run.finite_poison ? finite_poison : nan_poison;
  for (std::size_t copy = 0; copy < copies_; ++copy)
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
      const Argument& argument = workload_.arguments[i];
      if ((argument.role != Role::out && argument.role != Role::scratch) || argument.count == 0)
        continue;
      context_.check(context_.call().memset_d8_async(address(i, copy), pattern, argument.bytes(),
                                                     context_.stream()),
                     "poisoning outputs");
    }
}

Buffer CudaArguments::download(CudaAddress from, std::size_t bytes) const {
  Buffer buffer(bytes);
  if (bytes == 0) return buffer;
  constexpr const char* act = "reading what the kernel left";
  context_.check(context_.call().memcpy_dtoh_async(buffer.data(), from, bytes, context_.stream()),
                 act);
  context_.check(context_.call().stream_synchronize(context_.stream()), act);
  return buffer;
}

std::optional<Failure> CudaArguments::overrun(std::size_t copy) const {
  const CudaAddress begin = memory_.address() + copy * stride_;
  const auto found = [](const Argument& argument, const char* where) {
    return Failure{Stage::crash,
                   fmt::format("the kernel wrote outside buffer {}, {}", argument.name, where)};
  };
  std::size_t end = 0;
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (!is_buffer(argument)) continue;
    if (!is_untouched(download(begin + end, offsets_[i] - end)))
      return found(argument, "before it");
    end = offsets_[i] + argument.bytes();
    const std::size_t behind = std::min(guard_bytes / 2, stride_ - end);
    if (!is_untouched(download(begin + end, behind))) return found(argument, "past its end");
    end += behind;
  }
  return std::nullopt;
}

std::optional<Failure> CudaArguments::changed_input(std::size_t copy) const {
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (argument.role != Role::in) continue;
    if (download(address(i, copy), argument.bytes()) != workload_.input_sets[*input_set_][i])
      return Failure{Stage::crash, fmt::format("write to buffer {}, which is an input and may not "
                                               "be written",
                                               argument.name)};
  }
  return std::nullopt;
}

Buffers CudaArguments::read(std::size_t copy) const {
  Buffers all(offsets_.size());
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (is_buffer(argument) && argument.role != Role::in)
      all[i] = download(address(i, copy), argument.bytes());
  }
  return all;
}

}  // namespace evotune
