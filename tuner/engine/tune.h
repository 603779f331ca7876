#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/evaluator.h"
#include "engine/journal.h"
#include "engine/problem.h"
#include "engine/reporter.h"
#include "engine/stop.h"
#include "strategy/strategy.h"

namespace evotune {

struct TuneOptions {
  std::size_t batch = 8;  ///< questions asked at once; part of the run's identity
  int jobs = 1;           ///< compiled at once; decides nothing
  bool aside = false;     ///< compiled while the device measures, as with several lanes always
};

/// How a search ended, and all that it evaluated.
struct TuneResult {
  std::string reason;  ///< of the stop rule, or "exhausted"
  std::vector<Evaluation> evaluations;
  Progress progress;
  std::size_t sound_lane = 0;  ///< the first of the evaluator's that was not lost
};

/// Ask, render, compile, load, verify, measure, score, store, tell; until a stop rule speaks or the
/// strategy has nothing left. The baseline and the presets come first. Throws UserError when the
/// baseline is not right, DeviceLost when the last lane fails three times in a row.
[[nodiscard]] TuneResult tune(const Problem&, Strategy&, Evaluator&, Journal&, const StopRule&,
                              Reporter&, const TuneOptions&);

}  // namespace evotune
