#include "surrogate/candidates.h"

#include <algorithm>
#include <array>

#include "surrogate/sweep.h"

namespace evotune {
namespace {

constexpr std::size_t slab_rows = 64;
static_assert(slab_rows % sweep_group == 0);

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
      choice_(tiles_),
      expected_(std::move(expected)) {
  const std::vector<std::size_t>& varying = kernel.varying();
  for (std::size_t t = 0; t < tiles_; ++t) {
    choice_[t].assign(varying.size() * sweep_width, 0);
    const std::size_t count = std::min(sweep_width, size_ - t * sweep_width);
    for (std::size_t j = 0; j < varying.size(); ++j)
      for (std::size_t c = 0; c < count; ++c)
        choice_[t][j * sweep_width + c] = configs[t * sweep_width + c].choice[varying[j]];
  }
  mean_.assign(tiles_ * sweep_width, 0);
  explained_ = mean_;
  expected_.resize(mean_.size(), 0);
}

float* Candidates::row(std::size_t tile, std::size_t i) {
  return slabs_[i / slab_rows].data() + (tile * slab_rows + i % slab_rows) * sweep_width;
}

void Candidates::make_room(std::size_t rows) {
  while (slabs_.size() * slab_rows < rows) slabs_.emplace_back(tiles_ * slab_rows * sweep_width);
}

void Candidates::begin(const Surrogate& surrogate) {
  make_room(surrogate.points());
  if (fits_ == surrogate.fits() && points_ <= surrogate.points()) return;
  fits_ = surrogate.fits();
  points_ = 0;
  std::fill(explained_.begin(), explained_.end(), 0.0F);
}

// New rows of V and after them, if wanted, the mean are all sums over the rows before; two at a
// time, so that what is in memory is read half as often.
void Candidates::sweep(const Surrogate& surrogate, std::size_t t, bool with_mean) {
  const std::size_t points = surrogate.points();
  const std::size_t end = points + (with_mean ? 1 : 0);
  const auto factors = [&](std::size_t i) {
    return i < points ? surrogate.row(i) : surrogate.weights();
  };
  for (std::size_t i = points_; i < end; i += 2) {
    const bool pair = i + 1 < end;
    Sum first = begun(surrogate, t, i);
    Sum second = begun(surrogate, t, i + 1);
    const std::size_t shared = pair ? i - i % sweep_group : 0;
    for (std::size_t j = 0; j < shared; j += slab_rows)
      add_rows(first.data(), second.data(), row(t, j), factors(i).data() + j,
               factors(i + 1).data() + j, std::min(slab_rows, shared - j));
    add_from(first, t, shared, factors(i));
    finish(surrogate, t, i, first);
    if (!pair) return;
    add_from(second, t, shared, factors(i + 1));
    finish(surrogate, t, i + 1, second);
  }
}

/// The rest of a sum of which the rows before `begin`, a whole number of groups, are in.
void Candidates::add_from(Sum& sum, std::size_t t, std::size_t begin,
                          std::span<const float> factors) {
  for (std::size_t j = begin; j < factors.size(); j = (j / slab_rows + 1) * slab_rows)
    add_rows(sum.data(), row(t, j),
             factors.subspan(j, std::min(factors.size(), (j / slab_rows + 1) * slab_rows) - j));
}

/// What the sum for row i starts from; the one after the last row is the mean.
Candidates::Sum Candidates::begun(const Surrogate& surrogate, std::size_t t, std::size_t i) const {
  Sum sum{};
  if (i == surrogate.points())
    for (std::size_t c = 0; c < sweep_width; ++c)
      sum[c] = static_cast<float>(
          surrogate.trend().at(static_cast<double>(expected_[t * sweep_width + c])));
  return sum;
}

void Candidates::finish(const Surrogate& surrogate, std::size_t t, std::size_t i, const Sum& sum) {
  if (i == surrogate.points()) {
    std::copy(sum.begin(), sum.end(), mean_.data() + t * sweep_width);
    return;
  }
  float* values = row(t, i);
  float* explained = explained_.data() + t * sweep_width;
  start(values, surrogate.factors(i), choice_[t].data());
  const float scale = surrogate.inverse_pivot(i);
  for (std::size_t c = 0; c < sweep_width; ++c) {
    values[c] = values[c] * scale - sum[c];
    explained[c] += values[c] * values[c];
  }
}

void Candidates::extend(const Surrogate& surrogate) {
  begin(surrogate);
  for (std::size_t t = 0; t < tiles_; ++t) sweep(surrogate, t, false);
  points_ = surrogate.points();
}

void Candidates::predict(const Surrogate& surrogate) {
  begin(surrogate);
  for (std::size_t t = 0; t < tiles_; ++t) sweep(surrogate, t, true);
  points_ = surrogate.points();
}

Beliefs Candidates::beliefs(const Surrogate& surrogate) const {
  return {std::span(mean_).first(size_), std::span(explained_).first(size_), surrogate.variance()};
}

}  // namespace evotune
