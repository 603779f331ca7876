#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "space/config.h"
#include "surrogate/value_distances.h"

namespace evotune {

/// What the surrogate learns about a space besides its values, as logarithms: a weight for every
/// parameter, a length for every feature of every parameter, the noise.
struct Hyperparameters {
  std::vector<double> weight;               ///< θ, per varying parameter
  std::vector<std::vector<double>> length;  ///< ℓ, per varying parameter and feature
  double noise = 0;                         ///< ν
};

/// What is thought of them before anything is known: normal, (mean, deviation).
struct Prior {
  double mean = 0;
  double deviation = 1;
};
constexpr Prior weight_prior{-1, 1}, length_prior{0, 1}, noise_prior{-6, 1.5};

/// How alike configurations are: ∏_j (1 + θ_j k_j) / (1 + θ_j) with k_j = exp(−Σ_f d_jf / ℓ_jf).
/// Multiplied out it holds every interaction of the parameters, the higher the less it counts.
class ProductKernel {
 public:
  explicit ProductKernel(const std::vector<Parameter>&);

  [[nodiscard]] const std::vector<ValueDistances>& distances() const { return distances_; }
  /// The parameters with more than one value; nothing else tells configurations apart.
  [[nodiscard]] const std::vector<std::size_t>& varying() const { return varying_; }
  [[nodiscard]] const Hyperparameters& hyperparameters() const { return hyper_; }
  void set(Hyperparameters hyper) { hyper_ = std::move(hyper); }
  [[nodiscard]] Hyperparameters prior_means() const;

  /// Per varying parameter: the factor of the kernel for each of its values against this
  /// configuration's.
  using Factors = std::vector<std::vector<float>>;
  [[nodiscard]] Factors factors(const Config&) const;
  [[nodiscard]] double alike(const Factors&, const Config&) const;
  [[nodiscard]] double noise() const;

 private:
  std::vector<ValueDistances> distances_;  ///< of the varying parameters
  std::vector<std::size_t> varying_;
  Hyperparameters hyper_;
};

}  // namespace evotune
