// Maximum a posteriori by Rprop (Riedmiller and Braun 1993): every coordinate has a step of its own
// that grows while the gradient keeps its sign and shrinks when it turns, which needs no line
// search.
#include "surrogate/fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace evotune {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr int steps = 15;
constexpr double first_step = 0.3, largest_step = 1, smallest_step = 0.02;
constexpr double faster = 1.3, slower = 0.5;
constexpr double most_deviations = 4;  // from the prior's mean
constexpr double least_variance = 1e-9;

/// One varying parameter over the points: each point's value, numbered among those that occur, so
/// that tables are small however many values the parameter has.
struct Occurring {
  std::vector<std::uint32_t> values;
  std::vector<Eigen::Index> of_point;

  Occurring(std::span<const Config> points, std::size_t parameter) {
    for (const Config& point : points) values.push_back(point.choice[parameter]);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const Config& point : points)
      of_point.push_back(std::lower_bound(values.begin(), values.end(), point.choice[parameter]) -
                         values.begin());
  }

  [[nodiscard]] Matrix table(const ValueDistances& distances, std::size_t feature) const {
    const auto count = static_cast<Eigen::Index>(values.size());
    Matrix table(count, count);
    for (Eigen::Index a = 0; a < count; ++a)
      for (Eigen::Index b = 0; b < count; ++b)
        table(a, b) = distances.distance(feature, values[static_cast<std::size_t>(a)],
                                         values[static_cast<std::size_t>(b)]);
    return table;
  }
};

/// Points and values of one fit, prepared for many hyper-parameters.
class Fit {
 public:
  Fit(const ProductKernel& kernel, std::span<const Config> points, std::span<const double> values)
      : values_(Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()))) {
    for (std::size_t j = 0; j < kernel.varying().size(); ++j) {
      occurring_.emplace_back(points, kernel.varying()[j]);
      std::vector<Matrix> tables;
      for (std::size_t f = 0; f < kernel.distances()[j].features(); ++f)
        tables.push_back(occurring_.back().table(kernel.distances()[j], f));
      tables_.push_back(std::move(tables));
    }
  }

  double misfit(const Hyperparameters&, Hyperparameters* gradient);

 private:
  [[nodiscard]] Matrix covariance(const Hyperparameters&);
  void add_slopes(const Hyperparameters&, const Matrix& slope_by_kernel,
                  Hyperparameters& gradient) const;

  Vector values_;
  std::vector<Occurring> occurring_;         ///< per varying parameter
  std::vector<std::vector<Matrix>> tables_;  ///< distances, per varying parameter and feature
  std::vector<Matrix> alike_;                ///< k_j of the values, for the last hyper-parameters
};

Matrix Fit::covariance(const Hyperparameters& hyper) {
  const Eigen::Index n = values_.size();
  Matrix covariance = Matrix::Ones(n, n);
  alike_.clear();
  for (std::size_t j = 0; j < tables_.size(); ++j) {
    Matrix sum = tables_[j][0] * std::exp(-hyper.length[j][0]);
    for (std::size_t f = 1; f < tables_[j].size(); ++f)
      sum += tables_[j][f] * std::exp(-hyper.length[j][f]);
    alike_.push_back((-sum.array()).exp().matrix());
    const double weight = std::exp(hyper.weight[j]);
    const Matrix factor = ((1 + weight * alike_[j].array()) / (1 + weight)).matrix();
    const std::vector<Eigen::Index>& at = occurring_[j].of_point;
    for (Eigen::Index b = 0; b < n; ++b)
      for (Eigen::Index a = b; a < n; ++a)
        covariance(a, b) *=
            factor(at[static_cast<std::size_t>(a)], at[static_cast<std::size_t>(b)]);
  }
  return covariance;  // the lower half
}

double penalty(double x, const Prior& prior) {
  const double off = (x - prior.mean) / prior.deviation;
  return off * off / 2;
}

double penalty(const Hyperparameters& hyper) {
  double sum = penalty(hyper.noise, noise_prior);
  for (const double x : hyper.weight) sum += penalty(x, weight_prior);
  for (const std::vector<double>& lengths : hyper.length)
    for (const double x : lengths) sum += penalty(x, length_prior);
  return sum;
}

double slope(double x, const Prior& prior) {
  return (x - prior.mean) / (prior.deviation * prior.deviation);
}

double Fit::misfit(const Hyperparameters& hyper, Hyperparameters* gradient) {
  const Eigen::Index n = values_.size();
  const double count = static_cast<double>(n);
  const double noise = std::exp(hyper.noise);
  const Matrix kernel = covariance(hyper);
  Matrix noisy = kernel;
  noisy.diagonal().array() += noise;
  const Eigen::LLT<Matrix> lower(noisy);
  if (lower.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  const Vector solved = lower.solve(values_);
  const double variance = std::max(values_.dot(solved) / count, least_variance);
  const Matrix factor = lower.matrixL();
  const double value =
      count / 2 * std::log(variance) + factor.diagonal().array().log().sum() + penalty(hyper);
  if (gradient == nullptr) return value;
  const Matrix by_entry =
      (lower.solve(Matrix::Identity(n, n)) - solved * solved.transpose() / variance) / 2;
  // Each entry below the diagonal stands for two.
  Matrix slope_by_kernel = by_entry.cwiseProduct(kernel).triangularView<Eigen::StrictlyLower>();
  slope_by_kernel *= 2;
  slope_by_kernel.diagonal() = by_entry.diagonal().cwiseProduct(kernel.diagonal());
  *gradient = hyper;
  gradient->noise = slope(hyper.noise, noise_prior) + by_entry.trace() * noise;
  add_slopes(hyper, slope_by_kernel, *gradient);
  return value;
}

/// By weight and length, of every parameter: the slopes of all entries gathered by the pair of
/// values they are of.
void Fit::add_slopes(const Hyperparameters& hyper, const Matrix& slope_by_kernel,
                     Hyperparameters& gradient) const {
  const double total = slope_by_kernel.sum();
  for (std::size_t j = 0; j < tables_.size(); ++j) {
    const std::vector<Eigen::Index>& at = occurring_[j].of_point;
    Matrix gathered = Matrix::Zero(alike_[j].rows(), alike_[j].cols());
    for (Eigen::Index b = 0; b < values_.size(); ++b)
      for (Eigen::Index a = b; a < values_.size(); ++a)
        gathered(at[static_cast<std::size_t>(a)], at[static_cast<std::size_t>(b)]) +=
            slope_by_kernel(a, b);
    const double weight = std::exp(hyper.weight[j]);
    const Matrix share =
        (gathered.array() * weight * alike_[j].array() / (1 + weight * alike_[j].array())).matrix();
    gradient.weight[j] =
        slope(hyper.weight[j], weight_prior) + share.sum() - total * weight / (1 + weight);
    for (std::size_t f = 0; f < tables_[j].size(); ++f)
      gradient.length[j][f] =
          slope(hyper.length[j][f], length_prior) +
          share.cwiseProduct(tables_[j][f]).sum() * std::exp(-hyper.length[j][f]);
  }
}

/// All of them, in one order for values and slopes alike.
std::vector<double*> coordinates(Hyperparameters& hyper) {
  std::vector<double*> all{&hyper.noise};
  for (std::size_t j = 0; j < hyper.weight.size(); ++j) {
    all.push_back(&hyper.weight[j]);
    for (double& length : hyper.length[j]) all.push_back(&length);
  }
  return all;
}

std::vector<Prior> priors(const Hyperparameters& hyper) {
  std::vector<Prior> all{noise_prior};
  for (const std::vector<double>& lengths : hyper.length) {
    all.push_back(weight_prior);
    all.insert(all.end(), lengths.size(), length_prior);
  }
  return all;
}

/// How one coordinate walks.
struct Pace {
  double step = first_step;
  double last_slope = 0;

  double moved(double at, double slope, const Prior& prior) {
    const double same = slope * last_slope;
    if (same > 0) step = std::min(step * faster, largest_step);
    if (same < 0) {
      step = std::max(step * slower, smallest_step);
      slope = 0;  // it overshot: wait once
    }
    last_slope = slope;
    const double to = slope > 0 ? at - step : slope < 0 ? at + step : at;
    const double most = most_deviations * prior.deviation;
    return std::clamp(to, prior.mean - most, prior.mean + most);
  }
};

}  // namespace

Hyperparameters fitted(const ProductKernel& kernel, std::span<const Config> points,
                       std::span<const double> values) {
  Fit fit(kernel, points, values);
  Hyperparameters now = kernel.hyperparameters();
  Hyperparameters best = now;
  Hyperparameters gradient;
  double least = std::numeric_limits<double>::infinity();
  const std::vector<Prior> prior = priors(now);
  std::vector<Pace> pace(prior.size());
  for (int i = 0; i < steps; ++i) {
    const double value = fit.misfit(now, &gradient);
    if (!std::isfinite(value)) break;
    if (value < least) {
      least = value;
      best = now;
    }
    const std::vector<double*> at = coordinates(now);
    const std::vector<double*> slope = coordinates(gradient);
    for (std::size_t c = 0; c < at.size(); ++c) *at[c] = pace[c].moved(*at[c], *slope[c], prior[c]);
  }
  return best;
}

double misfit(const ProductKernel& kernel, const Hyperparameters& hyper,
              std::span<const Config> points, std::span<const double> values,
              Hyperparameters* gradient) {
  return Fit(kernel, points, values).misfit(hyper, gradient);
}

}  // namespace evotune
