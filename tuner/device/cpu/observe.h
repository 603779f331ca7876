#pragma once

#include <cstddef>
#include <span>

#include "device/cpu/executor.h"
#include "device/cpu/memory_model.h"
#include "device/cpu/race_check.h"
#include "device/cpu/watched_memory.h"
#include "outcome/observation.h"

namespace evotune::cpu {

/// What the race check has found, in words of the source: one race for each pair of lines.
[[nodiscard]] std::vector<Race> describe_races(std::span<const std::byte> image,
                                               const std::vector<FoundRace>&, const WatchedMemory&,
                                               const GridLaunch&);

[[nodiscard]] std::vector<AccessFault> describe_faults(std::span<const std::byte> image,
                                                       const std::vector<FoundFault>&,
                                                       const WatchedMemory&, const GridLaunch&);

/// The costs of all instructions, added up by line and scaled from the observed blocks to all.
[[nodiscard]] std::vector<AccessSite> describe_sites(std::span<const std::byte> image,
                                                     const std::map<MemoryModel::Site, SiteCosts>&,
                                                     double scale);

}  // namespace evotune::cpu
