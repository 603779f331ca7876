#pragma once

#include <vector>

#include "outcome/individual.h"
#include "strategy/forecast.h"
#include "surrogate/candidates.h"

namespace evotune {

/// Candidates that the surrogate judges together, with where they came from.
class Litter {
 public:
  /// By a forecast, if there is one, something is expected of each.
  Litter(const ProductKernel&, std::vector<Proposal>, const std::optional<Forecast>&);

  [[nodiscard]] const Proposal& operator[](std::size_t i) const { return proposals_[i]; }
  [[nodiscard]] std::size_t size() const { return proposals_.size(); }
  void close(std::size_t i) { open_[i] = 0; }  ///< it was asked or told: no candidate any more
  void extend(const Surrogate& surrogate) { candidates_.extend(surrogate); }
  void predict(const Surrogate& surrogate) { candidates_.predict(surrogate); }
  [[nodiscard]] double mean(const Surrogate& surrogate, std::size_t i) const {
    return static_cast<double>(candidates_.beliefs(surrogate).mean[i]);
  }
  [[nodiscard]] std::optional<Choice> most_promising(const Surrogate&, double best,
                                                     double floor) const;
  /// The most promising `count`, in any order.
  [[nodiscard]] std::vector<Proposal> most_promising_of(const Surrogate&, double best,
                                                        std::size_t count) const;

 private:
  std::vector<Proposal> proposals_;
  std::vector<char> open_;
  Candidates candidates_;
};

}  // namespace evotune
