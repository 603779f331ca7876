#include "base/hash.h"
#include "kernel/elements.h"
#include "kernel/structure.h"

namespace evotune {
namespace {

Buffer in_double(const Buffer& buffer, ElementType type) {
  const std::vector<double> numbers = as_doubles(buffer, type);
  Buffer wide(numbers.size() * sizeof(double));
  if (!wide.empty()) std::memcpy(wide.data(), numbers.data(), wide.size());
  return wide;
}

Argument in_double(const Argument& one) {
  if (!one.members.empty()) {
    std::vector<Argument> members;
    for (const Argument& member : one.members)
      members.push_back(member.role == Role::scalar ? in_double(member) : member);
    return structure_of(one.name, std::move(members));
  }
  Argument wide = one;
  if (is_floating(one.type)) wide.type = ElementType::f64;
  return wide;
}

Buffer in_double(const Buffer& buffer, const Argument& from, const Argument& to) {
  if (from.members.empty()) return from.type == to.type ? buffer : in_double(buffer, from.type);
  Buffer wide(to.bytes());
  const std::vector<std::uint64_t> there = offsets_of(from.members), here = offsets_of(to.members);
  for (std::size_t i = 0; i < from.members.size(); ++i) {
    const auto begin = buffer.begin() + static_cast<std::ptrdiff_t>(there[i]);
    if (from.members[i].role != Role::scalar) continue;  // an address, which only a device knows
    const auto end = begin + static_cast<std::ptrdiff_t>(from.members[i].bytes());
    const Buffer member = in_double(Buffer(begin, end), from.members[i], to.members[i]);
    std::copy(member.begin(), member.end(), wide.begin() + static_cast<std::ptrdiff_t>(here[i]));
  }
  return wide;
}

}  // namespace

Workload widened(const Workload& workload) {
  Workload wide = workload;
  wide.id = content_hash("widened:" + workload.id);
  for (std::size_t i = 0; i < wide.arguments.size(); ++i) {
    const Argument& narrow = workload.arguments[i];
    const bool same = !is_floating(narrow.type) || narrow.type == ElementType::f64;
    if (same && narrow.members.empty()) continue;
    wide.arguments[i] = in_double(narrow);
    for (Buffers& set : wide.input_sets) set[i] = in_double(set[i], narrow, wide.arguments[i]);
  }
  place_arrays(wide.arguments);
  return wide;
}

}  // namespace evotune
