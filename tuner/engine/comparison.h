#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernel/workload.h"
#include "outcome/outcome.h"

namespace evotune {

/// What one output should hold, in float64, and how far each element may be off.
struct ExpectedOutput {
  std::vector<double> values;
  std::vector<double> tolerance;  ///< per element; never negative, never NaN
  Buffer bits = {};  ///< of integers, where given: doubles cannot tell all 64-bit ones apart
};

/// The verdict on one output. Every element counts.
struct Comparison {
  Accuracy accuracy;
  std::optional<std::string> wrong;  ///< the first and the worst element, in words; none if right
};

/// Compares one output, element by element. NaN never passes where the reference has none; an
/// infinity passes only where the reference is one of the same sign, or is beyond the type's range.
[[nodiscard]] Comparison compare(const ExpectedOutput&, const Buffer& actual, const Argument&);

/// The worse of both.
[[nodiscard]] Accuracy worst_of(const Accuracy&, const Accuracy&);

/// The distance from |value| to the next larger number of the type; 0 for integers.
[[nodiscard]] double spacing(double value, ElementType);

/// Below this numbers of the type lose digits, and flushing them to zero is allowed.
[[nodiscard]] double smallest_normal(ElementType);

/// The unit roundoff that sums of this type are allowed to be made with: float's for float and
/// anything smaller (accumulating in half is an error, not a choice), double's for double.
[[nodiscard]] double accumulation_roundoff(ElementType);

}  // namespace evotune
