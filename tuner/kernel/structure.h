#pragma once

#include <optional>

#include "kernel/workload.h"

namespace evotune {

/// Of a member, as C and CUDA align it.
[[nodiscard]] std::uint64_t alignment_of(const Argument& member);

/// Where each member of a structure begins, as C lays it out; at the end its size, padding
/// included.
[[nodiscard]] std::vector<std::uint64_t> offsets_of(const std::vector<Argument>& members);

/// Sets where each array of a structure has its address there.
void place_arrays(std::vector<Argument>& arguments);

/// The index of the structure that holds the address of this argument.
[[nodiscard]] std::optional<std::size_t> holder_of(const Workload&, std::size_t argument);

/// The structure of these members, its bytes counted.
[[nodiscard]] Argument structure_of(std::string name, std::vector<Argument> members);

}  // namespace evotune
