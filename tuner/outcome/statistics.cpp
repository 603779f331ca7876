#include "outcome/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "base/rng.h"

namespace evotune {
namespace {

constexpr std::size_t resamples = 400;
constexpr std::uint64_t bootstrap_seed = 0x626f6f74;  // never changes: results must repeat

/// The middle of values that it may reorder; the mean of the two middle ones of an even number.
double middle(std::span<double> values) {
  const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), values.begin() + half, values.end());
  const double upper = values[values.size() / 2];
  if (values.size() % 2 != 0) return upper;
  return (*std::max_element(values.begin(), values.begin() + half) + upper) / 2;
}

std::vector<double> log_ratios(std::span<const Pair> pairs) {
  std::vector<double> logs;
  logs.reserve(pairs.size());
  for (const Pair& pair : pairs) {
    const double log = std::log(pair.baseline / pair.candidate);
    if (pair.baseline > 0 && pair.candidate > 0 && std::isfinite(log)) logs.push_back(log);
  }
  return logs;
}

/// Of so many values, given in order, each drawn so often: their middle().
double middle_of_drawn(std::span<const double> sorted, std::span<const std::uint32_t> drawn) {
  const std::size_t half = sorted.size() / 2;
  std::size_t last = 0;  // the value that the one before the middle is
  std::size_t seen = 0;
  for (std::size_t i = 0;; ++i) {
    if (seen < half && seen + drawn[i] >= half) last = i;
    seen += drawn[i];
    if (seen > half) return sorted.size() % 2 != 0 ? sorted[i] : (sorted[last] + sorted[i]) / 2;
  }
}

/// Adds each resample's median to `sums`. Shapes differ in `stream`, so that their resamples are
/// independent. It is most of what an evaluation costs beside the kernel, so ranks are counted
/// where values could be sorted.
void add_resampled_medians(std::span<const double> logs, std::uint64_t stream,
                           std::span<double> sums) {
  Rng rng(bootstrap_seed, stream);
  std::vector<std::size_t> order(logs.size()), rank(logs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&logs](std::size_t a, std::size_t b) { return logs[a] < logs[b]; });
  std::vector<double> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    sorted.push_back(logs[order[i]]);
  }
  std::vector<std::uint32_t> drawn(logs.size());
  for (double& sum : sums) {
    std::fill(drawn.begin(), drawn.end(), 0U);
    for (std::size_t i = 0; i < logs.size(); ++i) ++drawn[rank[rng.below(logs.size())]];
    sum += middle_of_drawn(sorted, drawn);
  }
}

Speedup combined(std::span<const std::vector<double>> logs_by_shape) {
  const auto shapes = static_cast<double>(logs_by_shape.size());
  double sum = 0;
  bool spread_known = true;
  std::vector<double> sums(resamples);
  for (std::size_t i = 0; i < logs_by_shape.size(); ++i) {
    const std::vector<double>& logs = logs_by_shape[i];
    if (logs.empty()) return {};
    if (logs.size() < 2) spread_known = false;
    sum += median(logs);
    add_resampled_medians(logs, i, sums);
  }
  std::sort(sums.begin(), sums.end());
  constexpr std::size_t tail = resamples / 40;  // 2.5 % on each side
  const double low = std::exp(sums[tail] / shapes);
  const double high = std::exp(sums[resamples - 1 - tail] / shapes);
  return {std::exp(sum / shapes), spread_known ? low : 0, high};
}

}  // namespace

double median(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> copy(values.begin(), values.end());
  return middle(copy);
}

Speedup speedup_of(std::span<const Pair> pairs) {
  const std::vector<double> logs = log_ratios(pairs);
  return combined({&logs, 1});
}

Speedup speedup_of(const Measurement& measurement) {
  if (measurement.shapes.empty()) return {};
  std::vector<std::vector<double>> logs;
  for (const ShapeTiming& shape : measurement.shapes) logs.push_back(log_ratios(shape.pairs));
  return combined(logs);
}

Seconds latency_of(const Measurement& measurement) {
  std::vector<double> logs;
  Seconds only = std::numeric_limits<double>::infinity();
  for (const ShapeTiming& shape : measurement.shapes) {
    std::vector<double> times;
    for (const Pair& pair : shape.pairs)
      if (pair.candidate > 0 && std::isfinite(pair.candidate)) times.push_back(pair.candidate);
    if (times.empty()) return std::numeric_limits<double>::infinity();
    only = middle(times);
    logs.push_back(std::log(only));
  }
  if (logs.size() <= 1) return only;  // exact, as it was measured
  return std::exp(std::accumulate(logs.begin(), logs.end(), 0.0) /
                  static_cast<double>(logs.size()));
}

}  // namespace evotune
