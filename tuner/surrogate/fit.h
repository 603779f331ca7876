#pragma once

#include <span>

#include "surrogate/product_kernel.h"

namespace evotune {

/// The hyper-parameters that explain these values (mean 0, deviation 1) of these points best, given
/// the priors; a few steps from those that the kernel has. At least one point.
[[nodiscard]] Hyperparameters fitted(const ProductKernel&, std::span<const Config> points,
                                     std::span<const double> values);

/// What fitted() makes small: −ln(likelihood × prior), the variance profiled out. Infinite where
/// the points' covariance has no Cholesky factor. `gradient` by the logarithms, if wanted.
[[nodiscard]] double misfit(const ProductKernel&, const Hyperparameters&,
                            std::span<const Config> points, std::span<const double> values,
                            Hyperparameters* gradient = nullptr);

}  // namespace evotune
