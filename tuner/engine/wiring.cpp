#include "engine/wiring.h"

#include <fmt/format.h>

#include "base/errors.h"

namespace evotune {

void Wiring::add(const Individual& one) {
  constexpr int suspicious = 30;
  if (varies_ || !one.score.passed) return;
  varies_ = fitness_ && *fitness_ != one.score.fitness;
  fitness_ = one.score.fitness;
  if (varies_ || ++alike_ < suspicious) return;
  throw UserError(fmt::format("{} right configurations have the same fitness, {}: the search has "
                              "nothing to go by",
                              alike_, *fitness_),
                  "something is not wired: does `fitness` ask for what the parameters change?");
}

}  // namespace evotune
