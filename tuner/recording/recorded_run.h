#pragma once

#include <cstdint>
#include <vector>

#include "store/store.h"

namespace evotune {

/// A run's evaluations as they were measured last: in the finals where they got there. Without
/// those that failed through no fault of the candidate's.
[[nodiscard]] std::vector<Evaluation> last_word(const Store&, std::int64_t run);

}  // namespace evotune
