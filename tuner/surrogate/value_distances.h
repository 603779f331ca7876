#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "space/parameter.h"

namespace evotune {

/// How unlike the values of one parameter are: one or more features, each scaled to [0, 1].
/// - Two values, or values that are no numbers: the same or not.
/// - Numbers: half by their order, half by their logarithm (by order alone where one is ≤ 0).
/// - Positive whole numbers also by how often 2 divides them (at most 6 times) and by whether they
///   are powers of two, where both vary: hardware cares for that.
/// A parameter with one value has no features.
class ValueDistances {
 public:
  explicit ValueDistances(const Parameter&);

  [[nodiscard]] std::size_t values() const { return values_; }
  [[nodiscard]] std::size_t features() const { return same_or_not_ ? 1 : positions_.size(); }
  [[nodiscard]] double distance(std::size_t feature, std::uint32_t a, std::uint32_t b) const;

 private:
  using Position = std::array<double, 2>;

  void add(const std::vector<double>& first, const std::vector<double>& second);

  std::size_t values_ = 0;
  bool same_or_not_ = false;
  std::vector<std::vector<Position>> positions_;  ///< per feature and value
};

/// Every value with its number, in their order; empty if one is no number.
[[nodiscard]] std::vector<double> numbers_of(const Parameter&);

/// Per value: false for a number that is neither 0 nor a power of two, in a parameter of more than
/// two whole numbers. What people write first is plain.
[[nodiscard]] std::vector<bool> plain_values(const Parameter&);

}  // namespace evotune
