// What the kernels of learning.cu must answer.
#include <algorithm>

#include "dialect_suite.h"

namespace evotune::dialect_test {
namespace {

double x(int i) { return static_cast<double>(input(i)); }

double quantised(int t) {
  const double byte = std::clamp(4 * x(t), -128.0, 127.0);
  const double bytes = 255 * 256 + std::max(0.0, x(t));
  return 5 * x(127 - t) + x(4 * t + 3) + 9 * x(t) + byte + bytes;
}

double best_and_moments(int) {
  int best = 0;
  double sum = 0;
  for (int i = 0; i < threads; ++i) {
    if (x(i) > x(best)) best = i;
    sum += x(i);
  }
  return best + sum / threads;
}

double scan_in_chunks(int t) {
  double value = 5;
  for (int i = 0; i < 256 + 2 * t + 2; ++i) value = (i % 2 == 1 ? -value : value) + x(i);
  return value;
}

}  // namespace

std::vector<Expectation> learning_expectations() {
  return {{"learning", "quantised", quantised},
          {"learning", "best_and_moments", best_and_moments},
          {"learning", "scan_in_chunks", scan_in_chunks}};
}

}  // namespace evotune::dialect_test
