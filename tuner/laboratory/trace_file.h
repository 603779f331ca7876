#pragma once

#include <string>
#include <vector>

#include "laboratory/experiment.h"

namespace evotune {

/// One JSON object a line and run: {"space", "strategy", "seed", "evals": [rows, …]}; with noise,
/// where rows do not say what was believed, "best": [ms or null, …] instead; with planted failures,
/// which the recording does not know, "times": [ms or null, …].
enum class TraceContent : std::uint8_t { rows, best, times };
[[nodiscard]] std::string trace_lines(const std::vector<SpaceRecording>&,
                                      const std::vector<Contestant>&, const std::vector<Series>&,
                                      std::uint64_t first_seed, TraceContent);

}  // namespace evotune
