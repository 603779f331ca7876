#include "surrogate/candidates.h"

#include <algorithm>
#include <array>

#include "surrogate/sweep.h"

namespace evotune {
namespace {

constexpr std::size_t rows_reserved_at_once = 64;

/// k(point, candidate) of a tile's candidates.
void start(float* row, const ProductKernel::Factors& factors, const std::uint32_t* choice) {
  std::fill_n(row, sweep_width, 1.0F);
  for (const std::vector<float>& one : factors) {
    for (std::size_t c = 0; c < sweep_width; ++c) row[c] *= one[choice[c]];
    choice += sweep_width;
  }
}

}  // namespace

Candidates::Candidates(const ProductKernel& kernel, std::span<const Config> configs,
                       std::vector<float> expected)
    : size_(configs.size()),
      tiles_((configs.size() + sweep_width - 1) / sweep_width),
      expected_(std::move(expected)) {
  const std::vector<std::size_t>& varying = kernel.varying();
  for (std::size_t t = 0; t < tiles_.size(); ++t) {
    tiles_[t].choice.assign(varying.size() * sweep_width, 0);
    const std::size_t count = std::min(sweep_width, size_ - t * sweep_width);
    for (std::size_t j = 0; j < varying.size(); ++j)
      for (std::size_t c = 0; c < count; ++c)
        tiles_[t].choice[j * sweep_width + c] = configs[t * sweep_width + c].choice[varying[j]];
  }
  mean_.assign(tiles_.size() * sweep_width, 0);
  explained_ = mean_;
  expected_.resize(mean_.size(), 0);
}

void Candidates::begin(const Surrogate& surrogate) {
  if (fits_ == surrogate.fits() && points_ <= surrogate.points()) return;
  fits_ = surrogate.fits();
  points_ = 0;
  for (Tile& tile : tiles_) tile.rows.clear();
  std::fill(explained_.begin(), explained_.end(), 0.0F);
}

void Candidates::extend(const Surrogate& surrogate, std::size_t t) {
  Tile& tile = tiles_[t];
  const std::size_t needed = surrogate.points() * sweep_width;
  if (tile.rows.capacity() < needed)
    tile.rows.reserve(needed + rows_reserved_at_once * sweep_width);
  tile.rows.resize(needed);
  float* explained = explained_.data() + t * sweep_width;
  std::array<float, sweep_width> sum{};
  for (std::size_t i = points_; i < surrogate.points(); ++i) {
    float* row = tile.rows.data() + i * sweep_width;
    start(row, surrogate.factors(i), tile.choice.data());
    sum.fill(0);
    add_rows(sum.data(), tile.rows.data(), surrogate.row(i));
    const float scale = surrogate.inverse_pivot(i);
    for (std::size_t c = 0; c < sweep_width; ++c) {
      row[c] = row[c] * scale - sum[c];
      explained[c] += row[c] * row[c];
    }
  }
}

void Candidates::extend(const Surrogate& surrogate) {
  begin(surrogate);
  if (points_ == surrogate.points()) return;
  for (std::size_t t = 0; t < tiles_.size(); ++t) extend(surrogate, t);
  points_ = surrogate.points();
}

void Candidates::predict(const Surrogate& surrogate) {
  begin(surrogate);
  for (std::size_t t = 0; t < tiles_.size(); ++t) {
    extend(surrogate, t);  // the rows are in the cache now
    float* mean = mean_.data() + t * sweep_width;
    for (std::size_t c = 0; c < sweep_width; ++c)
      mean[c] = static_cast<float>(
          surrogate.trend().at(static_cast<double>(expected_[t * sweep_width + c])));
    add_rows(mean, tiles_[t].rows.data(), surrogate.weights());
  }
  points_ = surrogate.points();
}

Beliefs Candidates::beliefs(const Surrogate& surrogate) const {
  return {std::span(mean_).first(size_), std::span(explained_).first(size_), surrogate.variance()};
}

}  // namespace evotune
