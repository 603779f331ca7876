#pragma once

#include "strategy/precedents.h"
#include "surrogate/surrogate.h"

namespace evotune {

/// What precedents let expect of any configuration: the mean of a surrogate of their own. It knows
/// nothing of parameters that they were made without.
class Forecast {
 public:
  Forecast(const Space&, const Precedents&, std::uint64_t seed);

  /// In the units of targets_of(): small is good, 0 is neither good nor bad.
  [[nodiscard]] double of(const Config& config) const { return surrogate_.mean(config); }

 private:
  Surrogate surrogate_;
};

}  // namespace evotune
