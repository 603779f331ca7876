#pragma once

#include <string>
#include <vector>

#include "cli/table.h"
#include "store/queries.h"

namespace evotune {

/// A candidate with the family of its first trial.
struct CandidateView {
  CandidateDetail detail;
  std::vector<Ancestor> family;
};

[[nodiscard]] std::string to_text(const CandidateView&);
[[nodiscard]] OrderedJson to_json(const CandidateView&);

}  // namespace evotune
