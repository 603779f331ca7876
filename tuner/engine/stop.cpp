#include "engine/stop.h"

#include <utility>

namespace evotune {

StopRule stop_rule_of(const StopSettings& stop, const SearchSettings& search) {
  std::optional<std::uint64_t> evaluations = stop.evaluations;
  const bool bounded = evaluations || stop.minutes;
  if (!bounded)
    evaluations = static_cast<std::uint64_t>(search.population) *
                  static_cast<std::uint64_t>(search.generations);
  return [stop, evaluations](const Progress& now) -> std::optional<std::string> {
    if (evaluations && now.evaluations >= *evaluations) return "evaluations";
    if (stop.minutes && now.seconds >= 60 * *stop.minutes) return "minutes";
    if (stop.target_us && now.best_latency && *now.best_latency * 1e6 <= *stop.target_us)
      return "target";
    if (stop.stagnation &&
        now.generation >= now.best_generation + static_cast<std::uint32_t>(*stop.stagnation) + 1)
      return "stagnation";
    return std::nullopt;
  };
}

StopRule either(StopRule first, StopRule second) {
  return [first = std::move(first), second = std::move(second)](const Progress& now) {
    const auto reason = first(now);
    return reason ? reason : second(now);
  };
}

}  // namespace evotune
