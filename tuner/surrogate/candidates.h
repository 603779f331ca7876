#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "surrogate/expected_improvement.h"
#include "surrogate/surrogate.h"

namespace evotune {

/// Configurations of which a surrogate has an opinion. Keeps V = L⁻¹ K(points, candidates) and the
/// column sums of V² from call to call, so that another point costs one sweep over them.
class Candidates {
 public:
  /// With what is expected of each, for a surrogate that learns with a trend.
  Candidates(const ProductKernel&, std::span<const Config>, std::vector<float> expected = {});

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Takes in the surrogate's new points; all of them after a fit.
  void extend(const Surrogate&);
  /// The same, and what the surrogate learned from the values.
  void predict(const Surrogate&);
  /// As of the last extend() and predict().
  [[nodiscard]] Beliefs beliefs(const Surrogate&) const;

 private:
  struct Tile {
    std::vector<std::uint32_t> choice;  ///< per varying parameter, sweep_width each
    std::vector<float> rows;            ///< of V, sweep_width each
  };

  void begin(const Surrogate&);
  void extend(const Surrogate&, std::size_t tile);

  std::size_t size_ = 0;
  std::size_t points_ = 0;  ///< that V has rows for
  std::size_t fits_ = 0;    ///< of the surrogate when V was begun
  std::vector<Tile> tiles_;
  std::vector<float> expected_, mean_, explained_;
};

}  // namespace evotune
