#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/evaluator.h"
#include "engine/reporter.h"
#include "engine/self_test.h"
#include "engine/tune.h"

namespace evotune {

struct FinalsOptions {
  std::size_t finalists = 8;
  int trials = 20;  ///< outputs of one input must come out the same this often
  int min_pairs = 15;
  double improvement = 0.01;  ///< a champion's lower bound exceeds 1 by more, see SelfTest::margin
  int jobs = 1;               ///< as in TuneOptions
  bool aside = false;         ///< as in TuneOptions
};

struct Finals {
  std::vector<FinalRecord> records;  ///< the best first; failed ones last
  std::optional<std::uint32_t>
      champion;                     ///< its ordinal; none: nothing is faster than the baseline
  std::vector<std::uint32_t> tied;  ///< others whose intervals reach the champion's
  SelfTest self_test;               ///< what the times were worth
};

/// Measures the best of a search again. Picking the fastest of many noisy times flatters it, so
/// only these numbers are published: fresh process, fresh inputs, held-out shapes, fresh pairs.
/// The evaluator must be a new one with another seed than the search's. Throws DeviceLost where
/// times are so unsteady that nothing can be said.
[[nodiscard]] Finals run_finals(const Problem&, const TuneResult&, Evaluator&, const StopRule&,
                                Reporter&, const FinalsOptions& = {});

}  // namespace evotune
