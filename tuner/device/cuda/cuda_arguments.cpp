#include "device/cuda/cuda_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "kernel/structure.h"

namespace evotune {
namespace {

// As the CPU device has them: a finite number in every floating type, and a NaN.
constexpr unsigned char finite_poison = 0x4b, nan_poison = 0xff;
constexpr unsigned char guard = 0xff;  // who reads it gets NaN

constexpr std::size_t alignment = 512;

/// Where the buffers lie: guard, buffer, guard, buffer, …, guard.
struct Layout {
  std::vector<std::size_t> offsets;
  std::size_t bytes = CudaArguments::guard_bytes;
};

Layout layout_of(const Workload& workload) {
  Layout layout;
  for (const Argument& argument : workload.arguments) {
    layout.offsets.push_back(layout.bytes);
    if (!argument.is_buffer()) continue;
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
                             const Workload& workload, std::shared_ptr<CudaInputs> inputs,
                             std::size_t copies)
    : context_(context),
      workload_(workload),
      inputs_(std::move(inputs)),
      copies_(copies),
      stride_(layout_of(workload).bytes),
      offsets_(layout_of(workload).offsets),
      memory_(context, stride_ * copies),
      scalars_(copies, Buffers(workload.arguments.size())),
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
      if (role == Role::scalar) {
        scalars_[copy][i].resize(workload.arguments[i].bytes());
        pointers_[copy].push_back(scalars_[copy][i].data());
      }
      if (workload.arguments[i].is_buffer() && workload.arguments[i].within.empty())
        pointers_[copy].push_back(&addresses_[copy][i]);
      if (role == Role::constant)
        variables_[i] = module.find_variable(workload.arguments[i].symbol).value();
    }
  }
}

void CudaArguments::restore(std::size_t index, std::size_t input_set) {
  const Buffer& input = workload_.input_sets[input_set][index];
  if (input.empty()) return;
  constexpr const char* act = "giving the kernel its inputs";
  const CudaFunctions& call = context_.call();
  std::optional<CudaAddress> from;
  if (inputs_ != nullptr) from = inputs_->find(workload_, input_set, index);
  for (std::size_t copy = 0; copy < copies_; ++copy) {
    const CudaAddress to = address(index, copy);
    context_.check(from ? call.memcpy_dtod_async(to, *from, input.size(), context_.stream())
                        : call.memcpy_htod_async(to, input.data(), input.size(), context_.stream()),
                   act);
    if (!from) from = to;  // the first copy serves the others
  }
}

void CudaArguments::prepare(const Run& run) {
  const Buffers& inputs = workload_.input_sets[run.input_set];
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Role role = workload_.arguments[i].role;
    if (role == Role::scalar)
      for (Buffers& scalars : scalars_)
        std::copy(inputs[i].begin(), inputs[i].end(), scalars[i].begin());
    if (is_restored(role) || (role == Role::in && input_set_ != run.input_set))
      restore(i, run.input_set);
    if (role == Role::constant)
      context_.check(context_.call().memcpy_htod_async(variables_[i].address, inputs[i].data(),
                                                       inputs[i].size(), context_.stream()),
                     "filling a constant");
  }
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (const auto holder = holder_of(workload_, i))
      for (std::size_t copy = 0; copy < copies_; ++copy)
        std::memcpy(&scalars_[copy][*holder][workload_.arguments[i].offset], &addresses_[copy][i],
                    sizeof(CudaAddress));
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

void CudaArguments::check_surroundings(std::size_t copy) const {
  const CudaAddress begin = memory_.address() + copy * stride_;
  std::size_t end = 0;  // of what was looked at
  const auto check_up_to = [&](std::size_t next, const Argument& argument, const char* where) {
    if (!is_untouched(download(begin + end, next - end)))
      throw DeviceSpent({Stage::crash, fmt::format("the kernel wrote outside buffer {}, {}",
                                                   argument.name, where)});
  };
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (!argument.is_buffer()) continue;
    check_up_to(offsets_[i], argument, "before it");
    end = offsets_[i] + argument.bytes();
    const std::size_t behind = std::min(end + guard_bytes / 2, stride_);
    check_up_to(behind, argument, "past its end");
    end = behind;
  }
}

std::optional<Failure> CudaArguments::changed_input(std::size_t copy) const {
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (argument.role != Role::in) continue;
    const Buffer& input = workload_.input_sets[*input_set_][i];
    if (download(address(i, copy), input.size()) == input) continue;
    const std::string name = "buffer " + argument.name;
    if (is_spoilt(i))
      throw DeviceSpent(
          {Stage::infrastructure,
           "what the GPU keeps of " + name + " was overwritten, by an earlier kernel perhaps"});
    return Failure{Stage::crash, "write to " + name + ", which is an input and may not be written"};
  }
  return std::nullopt;
}

/// Whether the fault is not of this copy, but of what it was made from.
bool CudaArguments::is_spoilt(std::size_t index) const {
  const Buffer& input = workload_.input_sets[*input_set_][index];
  if (inputs_ == nullptr) return false;
  const std::optional<CudaAddress> kept = inputs_->find(workload_, *input_set_, index);
  return kept && download(*kept, input.size()) != input;
}

Buffers CudaArguments::read(std::size_t copy) const {
  Buffers all(offsets_.size());
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Argument& argument = workload_.arguments[i];
    if (argument.is_buffer() && argument.role != Role::in)
      all[i] = download(address(i, copy), argument.bytes());
  }
  return all;
}

}  // namespace evotune
