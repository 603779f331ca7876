#pragma once

#include <string>

#include "cli/table.h"
#include "store/queries.h"

namespace evotune {

/// A run with what became of its candidates.
struct RunView {
  RunStatus status;
  std::map<std::string, std::uint64_t> verdicts;
  std::vector<RankedCandidate> best;
};

[[nodiscard]] std::string to_text(const RunView&);
[[nodiscard]] OrderedJson to_json(const RunView&);

}  // namespace evotune
