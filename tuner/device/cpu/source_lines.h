#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>

#include "outcome/observation.h"

namespace evotune::cpu {

/// The lines of the user's files that instructions of an image come from, by the debug information
/// in it: the innermost place of an inlined call that is not the shim's. Asks addr2line; without
/// one, or for what it does not know, the line is 0.
[[nodiscard]] std::map<std::uint64_t, SourceLine> source_lines(std::span<const std::byte> image,
                                                               const std::set<std::uint64_t>&);

}  // namespace evotune::cpu
