#include "surrogate/surrogate.h"

#include <algorithm>
#include <cmath>

#include "surrogate/fit.h"

namespace evotune {
namespace {

constexpr double least_pivot_squared = 1e-8;
constexpr double least_variance = 1e-6;

std::size_t row_begin(std::size_t row) { return row * (row + 1) / 2; }

double dot(std::span<const double> a, const double* b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
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

void Surrogate::learn(std::span<const double> values) {
  const std::size_t n = points_.size();
  std::vector<double> z(n);  // L⁻¹ values
  for (std::size_t i = 0; i < n; ++i)
    z[i] = (values[i] - dot(exact_row(i).first(i), z.data())) / exact_row(i)[i];
  variance_ = n == 0 ? 1 : std::max(dot(z, z.data()) / static_cast<double>(n), least_variance);
  weights_.assign(z.begin(), z.end());
  // What is left of a value after smoothing is νK⁻¹ of it; z becomes K⁻¹ values, from the end.
  for (std::size_t i = n; i-- > 0;) {
    const std::span<const double> row = exact_row(i);
    z[i] /= row[i];
    for (std::size_t j = 0; j < i; ++j) z[j] -= row[j] * z[i];
  }
  smoothed_.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < n; ++i) smoothed_[i] -= kernel_.noise() * z[i];
}

}  // namespace evotune
