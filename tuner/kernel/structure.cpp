#include "kernel/structure.h"

#include <algorithm>

namespace evotune {
namespace {

std::uint64_t rounded_up(std::uint64_t value, std::uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

bool is_array(const Argument& member) { return member.role != Role::scalar; }

std::uint64_t bytes_as_member(const Argument& one) {
  return is_array(one) ? sizeof(void*) : one.bytes();
}

// Where "q.x" lies in a structure.
std::uint64_t offset_of(const Argument& structure, std::string_view path) {
  const std::vector<std::uint64_t> offsets = offsets_of(structure.members);
  const std::size_t dot = path.find('.');
  for (std::size_t i = 0; i < structure.members.size(); ++i) {
    const Argument& member = structure.members[i];
    if (member.name != path.substr(0, dot)) continue;
    return offsets[i] + (dot == path.npos ? 0 : offset_of(member, path.substr(dot + 1)));
  }
  return 0;
}

}  // namespace

std::uint64_t alignment_of(const Argument& one) {
  if (is_array(one)) return alignof(void*);
  constexpr std::uint64_t largest = 16;  // double4's too
  std::uint64_t alignment = size_of(one.type);
  if (one.vector && one.count != 3) alignment = std::min(largest, one.bytes());
  for (const Argument& member : one.members) alignment = std::max(alignment, alignment_of(member));
  return alignment;
}

std::vector<std::uint64_t> offsets_of(const std::vector<Argument>& members) {
  std::vector<std::uint64_t> offsets;
  std::uint64_t end = 0, alignment = 1;
  for (const Argument& member : members) {
    const std::uint64_t its = alignment_of(member);
    offsets.push_back(rounded_up(end, its));
    end = offsets.back() + bytes_as_member(member);
    alignment = std::max(alignment, its);
  }
  offsets.push_back(rounded_up(end, alignment));
  return offsets;
}

void place_arrays(std::vector<Argument>& arguments) {
  for (Argument& one : arguments)
    for (const Argument& structure : arguments)
      if (!one.within.empty() && structure.name == one.within)
        one.offset = offset_of(structure, std::string_view(one.name).substr(one.within.size() + 1));
}

std::optional<std::size_t> holder_of(const Workload& workload, std::size_t argument) {
  const std::string& within = workload.arguments[argument].within;
  for (std::size_t i = 0; i < workload.arguments.size(); ++i)
    if (!within.empty() && workload.arguments[i].name == within) return i;
  return std::nullopt;
}

Argument structure_of(std::string name, std::vector<Argument> members) {
  Argument structure;
  structure.name = std::move(name);
  structure.role = Role::scalar;
  structure.type = ElementType::u8;
  structure.count = offsets_of(members).back();
  structure.members = std::move(members);
  return structure;
}

}  // namespace evotune
