#pragma once

#include "engine/evaluator.h"
#include "engine/problem.h"
#include "store/store.h"

namespace evotune {

/// Outcome → what is stored: gates, metrics and fitness applied, everything spelt out.
[[nodiscard]] Evaluation score(const Problem&, const Candidate&, Proposal, Outcome);

}  // namespace evotune
