#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "surrogate/expected_improvement.h"
#include "surrogate/slab.h"
#include "surrogate/surrogate.h"
#include "surrogate/sweep.h"

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
  void begin(const Surrogate&);
  using Sum = std::array<float, sweep_width>;
  [[nodiscard]] float* row(std::size_t tile, std::size_t i);
  void make_room(std::size_t rows);
  void add_from(Sum&, std::size_t tile, std::size_t begin, std::span<const float> factors);
  void sweep(const Surrogate&, std::size_t tile, bool with_mean);
  [[nodiscard]] Sum begun(const Surrogate&, std::size_t tile, std::size_t i) const;
  void finish(const Surrogate&, std::size_t tile, std::size_t i, const Sum&);

  std::size_t size_ = 0;
  std::size_t points_ = 0;  ///< that V has rows for
  std::size_t fits_ = 0;    ///< of the surrogate when V was begun
  std::size_t tiles_ = 0;
  std::vector<std::vector<std::uint32_t>> choice_;  ///< per tile: per varying parameter, one each
  std::vector<Slab> slabs_;                         ///< of V: slab_rows rows of every tile
  std::vector<float> expected_, mean_, explained_;
};

}  // namespace evotune
