#include "surrogate/surrogate.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "surrogate/fit.h"

namespace evotune {
namespace {

constexpr double least_pivot_squared = 1e-8;
constexpr double least_variance = 1e-6;
constexpr double offset_prior_variance = 4;
constexpr double slope_prior_variance = 1, slope_prior_mean = 0.5;

std::size_t row_begin(std::size_t row) { return row * (row + 1) / 2; }

/// In eight sums, in one order whatever the machine: a single one would wait for every addition.
double dot(std::span<const double> a, const double* b) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
  for (std::size_t k = 0; i + k < a.size(); ++k) sums[k] += a[i + k] * b[i + k];
  return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

}  // namespace

Surrogate::Surrogate(const std::vector<Parameter>& parameters) : kernel_(parameters) {}

void Surrogate::fit(std::span<const Config> points, std::span<const double> values) {
  kernel_.set(fitted(kernel_, points, values));
  ++fits_;
  points_.clear();
  factors_.clear();
  lower_.clear();
  rows_.clear();
  inverse_pivots_.clear();
}

std::span<const double> Surrogate::exact_row(std::size_t point) const {
  return std::span(lower_).subspan(row_begin(point), point + 1);
}

std::span<const float> Surrogate::row(std::size_t point) const {
  return std::span(rows_).subspan(row_begin(point) - point, point);
}

void Surrogate::add(const Config& config) {
  const std::size_t n = points_.size();
  ProductKernel::Factors factors = kernel_.factors(config);
  std::vector<double> row;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<const double> other = exact_row(i);
    const double rest = kernel_.alike(factors, points_[i]) - dot(other.first(i), row.data());
    row.push_back(rest / other[i]);
    squares += row.back() * row.back();
  }
  const double pivot = std::sqrt(std::max(1 + kernel_.noise() - squares, least_pivot_squared));
  for (const double x : row) rows_.push_back(static_cast<float>(x / pivot));
  inverse_pivots_.push_back(static_cast<float>(1 / pivot));
  row.push_back(pivot);
  lower_.insert(lower_.end(), row.begin(), row.end());
  points_.push_back(config);
  factors_.push_back(std::move(factors));
}

// L⁻¹ values
std::vector<double> Surrogate::whitened(std::span<const double> values) const {
  std::vector<double> z(points());
  for (std::size_t i = 0; i < z.size(); ++i)
    z[i] = (values[i] - dot(exact_row(i).first(i), z.data())) / exact_row(i)[i];
  return z;
}

void Surrogate::learn(std::span<const double> values, std::span<const double> expected) {
  const std::size_t n = points_.size();
  std::vector<double> z = whitened(values);
  if (!expected.empty()) follow_trend(z, expected);
  variance_ = n == 0 ? 1 : std::max(dot(z, z.data()) / static_cast<double>(n), least_variance);
  weights_.assign(z.begin(), z.end());
  // What is left of a value after smoothing is νK⁻¹ of it; z becomes K⁻¹ of it, from the end.
  for (std::size_t i = n; i-- > 0;) {
    const std::span<const double> row = exact_row(i);
    z[i] /= row[i];
    for (std::size_t j = 0; j < i; ++j) z[j] -= row[j] * z[i];
  }
  smoothed_.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < n; ++i) smoothed_[i] -= kernel_.noise() * z[i];
  solved_ = std::move(z);
}

// The posterior mean of offset and slope under normal priors, whose variances are in units of the
// process's own; takes the trend away from the values.
void Surrogate::follow_trend(std::span<double> y, std::span<const double> expected) {
  const std::vector<double> one = whitened(std::vector<double>(points(), 1.0));
  const std::vector<double> m = whitened(expected);
  const double a = dot(one, one.data()) + 1 / offset_prior_variance;
  const double b = dot(one, m.data());
  const double c = dot(m, m.data()) + 1 / slope_prior_variance;
  const double u = dot(one, y.data());
  const double v = dot(m, y.data()) + slope_prior_mean / slope_prior_variance;
  const double determinant = a * c - b * b;
  trend_ = {(c * u - b * v) / determinant, (a * v - b * u) / determinant};
  for (std::size_t i = 0; i < y.size(); ++i) y[i] -= trend_.offset * one[i] + trend_.slope * m[i];
}

double Surrogate::mean(const Config& config) const {
  double sum = 0;
  for (std::size_t i = 0; i < points(); ++i) sum += solved_[i] * kernel_.alike(factors_[i], config);
  return sum;
}

}  // namespace evotune
