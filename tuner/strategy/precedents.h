#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "outcome/individual.h"
#include "space/space.h"

namespace evotune {

/// What became of a configuration of the same kernel elsewhere: on another device, with another
/// problem, perhaps of another version of its space.
struct ForeignOutcome {
  Bindings values;  ///< of all its parameters, by name
  Score score;
};

/// The same as this space has it.
struct Precedent {
  Config config;  ///< 0 for parameters that were not known there; perhaps not valid here
  Score score;
};

/// Outcomes from elsewhere, matched with a space by the names and values of its parameters.
struct Precedents {
  std::vector<Precedent> outcomes;  ///< the best first; of those that are the same here, the best
  std::vector<bool> known;          ///< per parameter of the space: whether they were made with it
  std::vector<std::string> only_there;  ///< their parameters that are not this space's
  std::size_t left_out = 0;             ///< outcomes with a value that this space does not offer
};

/// Throws UserError where no outcome or no parameter with more than one value can be matched.
[[nodiscard]] Precedents matched(const Space&, std::span<const ForeignOutcome>);

/// What could not be matched, in sentences; empty if everything was.
[[nodiscard]] std::string shortfall(const Space&, const Precedents&);

}  // namespace evotune
