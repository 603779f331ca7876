#include "surrogate/value_distances.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evotune {
namespace {

constexpr int most_halvings = 6;

bool whole(double x) { return x == std::floor(x) && std::abs(x) < 0x1p53; }

double halvings(double x) {
  int count = 0;
  for (auto n = static_cast<std::uint64_t>(x); n % 2 == 0 && count < most_halvings; n /= 2) ++count;
  return count;
}

bool power_of_two(double x) { return x > 0 && std::exp2(std::round(std::log2(x))) == x; }

std::vector<double> scaled(std::vector<double> at) {
  const auto [low, high] = std::minmax_element(at.begin(), at.end());
  const double from = *low;
  const double range = *high > *low ? *high - *low : 1;
  for (double& x : at) x = (x - from) / range;
  return at;
}

bool varies(const std::vector<double>& at) {
  return std::any_of(at.begin(), at.end(), [&at](double x) { return x != at.front(); });
}

/// By size, not by where they stand in the space file.
std::vector<double> ranks(const std::vector<double>& numbers) {
  std::vector<std::size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  std::vector<double> rank(numbers.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<double>(i);
  return rank;
}

template <typename F>
std::vector<double> mapped(const std::vector<double>& numbers, F function) {
  std::vector<double> result;
  for (const double x : numbers) result.push_back(function(x));
  return result;
}

}  // namespace

std::vector<double> numbers_of(const Parameter& parameter) {
  std::vector<double> numbers;
  for (const Value& value : parameter.values) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
      numbers.push_back(static_cast<double>(*integer));
    else if (const auto* real = std::get_if<double>(&value);
             real != nullptr && std::isfinite(*real))
      numbers.push_back(*real);
    else
      return {};
  }
  return numbers;
}

std::vector<bool> plain_values(const Parameter& parameter) {
  std::vector<bool> plain(parameter.values.size(), true);
  const std::vector<double> numbers = numbers_of(parameter);
  if (numbers.size() <= 2 || !std::all_of(numbers.begin(), numbers.end(), whole)) return plain;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    plain[i] = numbers[i] == 0 || power_of_two(numbers[i]);
  return plain;
}

ValueDistances::ValueDistances(const Parameter& parameter) : values_(parameter.values.size()) {
  if (values_ <= 1) return;
  const std::vector<double> numbers = numbers_of(parameter);
  same_or_not_ = values_ == 2 || numbers.empty();
  if (same_or_not_) return;
  const std::vector<double> order = scaled(ranks(numbers));
  if (*std::min_element(numbers.begin(), numbers.end()) <= 0) {
    add(order, order);
    return;
  }
  add(order, scaled(mapped(numbers, [](double x) { return std::log(x); })));
  if (!std::all_of(numbers.begin(), numbers.end(), whole)) return;
  const std::vector<double> twos = mapped(numbers, halvings);
  const std::vector<double> powers =
      mapped(numbers, [](double x) { return power_of_two(x) ? 1.0 : 0.0; });
  if (!varies(twos) || !varies(powers)) return;
  add(scaled(twos), scaled(twos));
  add(powers, powers);
}

void ValueDistances::add(const std::vector<double>& first, const std::vector<double>& second) {
  std::vector<Position> at;
  for (std::size_t i = 0; i < first.size(); ++i) at.push_back({first[i] / 2, second[i] / 2});
  positions_.push_back(std::move(at));
}

double ValueDistances::distance(std::size_t feature, std::uint32_t a, std::uint32_t b) const {
  if (same_or_not_) return a == b ? 0 : 1;
  const Position& p = positions_[feature][a];
  const Position& q = positions_[feature][b];
  return std::abs(p[0] - q[0]) + std::abs(p[1] - q[1]);
}

}  // namespace evotune
