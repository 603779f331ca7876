#include "kernel/structure.h"

#include <algorithm>

namespace evotune {
namespace {

std::uint64_t rounded_up(std::uint64_t value, std::uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

std::uint64_t alignment_of(const Argument& one) {
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
    end = offsets.back() + member.bytes();
    alignment = std::max(alignment, its);
  }
  offsets.push_back(rounded_up(end, alignment));
  return offsets;
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
