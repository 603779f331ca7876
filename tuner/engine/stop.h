#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "space/space_file.h"

namespace evotune {

/// How far a run has come. Minutes accumulate over resumed runs.
struct Progress {
  std::uint64_t evaluations = 0;
  std::uint64_t failures = 0;
  Seconds seconds = 0;
  std::optional<Seconds> best_latency;
  std::uint32_t generation = 0;
  std::uint32_t best_generation = 0;  ///< the generation that found the best
};

/// The reason to stop now, if there is one: "evaluations", "minutes", …
using StopRule = std::function<std::optional<std::string>(const Progress&)>;

/// Whichever of the space file's limits comes first. Without any: `generations` × `population`
/// evaluations.
[[nodiscard]] StopRule stop_rule_of(const StopSettings&, const SearchSettings&);

/// The first reason that either gives.
[[nodiscard]] StopRule either(StopRule, StopRule);

}  // namespace evotune
