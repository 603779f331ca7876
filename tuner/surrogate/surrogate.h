#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "surrogate/product_kernel.h"

namespace evotune {

/// A Gaussian process over a space's configurations. It knows points; their values come later, with
/// learn(), so that a configuration that is still being measured can be a point as well: it takes
/// spread away and leaves the mean alone.
class Surrogate {
 public:
  /// A line through what was expected of the points and their values; the process is the rest.
  struct Trend {
    double offset = 0, slope = 0;
    [[nodiscard]] double at(double expected) const { return offset + slope * expected; }
  };

  explicit Surrogate(const std::vector<Parameter>&);

  /// Hyper-parameters anew for these points and values (mean 0, deviation 1), from the last ones
  /// on. Forgets the points that were added.
  void fit(std::span<const Config>, std::span<const double> values);
  void add(const Config&);
  /// One value for every point that was added, in their order; again whenever they change.
  /// Where something is expected of every point, the values' trend by it is learned as well.
  void learn(std::span<const double> values, std::span<const double> expected = {});

  [[nodiscard]] std::size_t points() const { return points_.size(); }
  [[nodiscard]] std::size_t fits() const { return fits_; }
  [[nodiscard]] const ProductKernel& kernel() const { return kernel_; }
  /// Of a configuration of which nothing is known; in the values' unit squared.
  [[nodiscard]] double variance() const { return variance_; }
  [[nodiscard]] const Trend& trend() const { return trend_; }
  /// The mean at a configuration; without the trend, of which it knows no expectation.
  [[nodiscard]] double mean(const Config&) const;
  /// The values less what is taken for noise.
  [[nodiscard]] std::span<const double> smoothed() const { return smoothed_; }

  // What candidates are swept with.
  [[nodiscard]] const ProductKernel::Factors& factors(std::size_t point) const {
    return factors_[point];
  }
  /// The point's row of the Cholesky factor, without its last element and divided by it.
  [[nodiscard]] std::span<const float> row(std::size_t point) const;
  [[nodiscard]] float inverse_pivot(std::size_t point) const { return inverse_pivots_[point]; }
  [[nodiscard]] std::span<const float> weights() const { return weights_; }  ///< L⁻¹ values

 private:
  [[nodiscard]] std::span<const double> exact_row(std::size_t point) const;
  [[nodiscard]] std::vector<double> whitened(std::span<const double> values) const;
  void follow_trend(std::span<double> whitened_values, std::span<const double> expected);

  ProductKernel kernel_;
  std::size_t fits_ = 0;
  std::vector<Config> points_;
  std::vector<ProductKernel::Factors> factors_;  ///< per point
  std::vector<double> lower_;                    ///< L of K + νI = LLᵀ, rows one after another
  std::vector<float> rows_;                      ///< the same, as row() gives it
  std::vector<float> inverse_pivots_, weights_;
  std::vector<double> solved_, smoothed_;  ///< (K + νI)⁻¹ (values less trend)
  double variance_ = 1;
  Trend trend_;
};

}  // namespace evotune
