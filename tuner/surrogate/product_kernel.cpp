#include "surrogate/product_kernel.h"

#include <cmath>

namespace evotune {

ProductKernel::ProductKernel(const std::vector<Parameter>& parameters) {
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (parameters[p].values.size() < 2) continue;
    varying_.push_back(p);
    distances_.emplace_back(parameters[p]);
  }
  hyper_ = prior_means();
}

Hyperparameters ProductKernel::prior_means() const {
  Hyperparameters hyper;
  hyper.weight.assign(distances_.size(), weight_prior.mean);
  for (const ValueDistances& one : distances_)
    hyper.length.emplace_back(one.features(), length_prior.mean);
  hyper.noise = noise_prior.mean;
  return hyper;
}

ProductKernel::Factors ProductKernel::factors(const Config& config) const {
  Factors all(distances_.size());
  for (std::size_t j = 0; j < distances_.size(); ++j) {
    const ValueDistances& distances = distances_[j];
    const double weight = std::exp(hyper_.weight[j]);
    std::vector<double> inverse_length;
    for (const double length : hyper_.length[j]) inverse_length.push_back(std::exp(-length));
    const std::uint32_t own = config.choice[varying_[j]];
    for (std::uint32_t value = 0; value < distances.values(); ++value) {
      double sum = 0;
      for (std::size_t f = 0; f < inverse_length.size(); ++f)
        sum += distances.distance(f, own, value) * inverse_length[f];
      all[j].push_back(static_cast<float>((1 + weight * std::exp(-sum)) / (1 + weight)));
    }
  }
  return all;
}

double ProductKernel::alike(const Factors& factors, const Config& config) const {
  double product = 1;
  for (std::size_t j = 0; j < factors.size(); ++j)
    product *= static_cast<double>(factors[j][config.choice[varying_[j]]]);
  return product;
}

double ProductKernel::noise() const { return std::exp(hyper_.noise); }

}  // namespace evotune
