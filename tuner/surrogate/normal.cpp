#include "surrogate/normal.h"

#include <cmath>
#include <numbers>

namespace evotune {
namespace {

// Acklam's rational approximation of the quantile for the tails and the middle.
double tail(double q) {
  const double numerator =
      ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
        2.549732539343734e+00) *
           q +
       4.374664141464968e+00) *
          q +
      2.938163982698783e+00;
  const double denominator =
      (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
       3.754408661907416e+00) *
          q +
      1;
  return numerator / denominator;
}

double middle(double q) {
  const double r = q * q;
  const double numerator =
      ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
        1.383577518672690e+02) *
           r -
       3.066479806614716e+01) *
          r +
      2.506628277459239e+00;
  const double denominator =
      ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
        6.680131188771972e+01) *
           r -
       1.328068155288572e+01) *
          r +
      1;
  return numerator * q / denominator;
}

}  // namespace

double normal_density(double z) {
  return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

double normal_quantile(double p) {
  constexpr double tail_begins = 0.02425;
  if (p < tail_begins) return tail(std::sqrt(-2 * std::log(p)));
  if (p > 1 - tail_begins) return -tail(std::sqrt(-2 * std::log(1 - p)));
  return middle(p - 0.5);
}

}  // namespace evotune
