#pragma once

#include <string>

#include "engine/evaluator.h"
#include "engine/problem.h"
#include "store/store.h"

namespace evotune {

/// Outcome → what is stored: gates, metrics and fitness applied, everything spelt out.
/// `device`: which of several measured it, among the metrics as "device.id".
[[nodiscard]] Evaluation score(const Problem&, const Candidate&, Proposal, Outcome,
                               const std::string& device = {});

}  // namespace evotune
