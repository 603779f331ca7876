#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "outcome/failure.h"

namespace evotune {

/// What a compiler said of a kernel. Absent where that compiler does not say.
struct CompilerFacts {
  std::optional<int> registers;
  std::optional<int> spill_bytes;  ///< stores and loads together
  std::optional<int> stack_bytes;
  std::optional<int> static_shared_bytes;
  Seconds compile_seconds = 0;
  bool operator==(const CompilerFacts&) const = default;
};

/// How far the worst element was from the reference, over every shape and input that was checked.
struct Accuracy {
  double max_error = 0;         ///< |candidate - reference|; infinite when has_nan
  double worst_of_allowed = 0;  ///< the largest error as a fraction of its element's tolerance
  bool has_nan = false;         ///< NaN or infinity where the reference has none
  bool operator==(const Accuracy&) const = default;
};

/// Baseline and candidate timed next to each other.
struct Pair {
  Seconds baseline = 0;
  Seconds candidate = 0;
  bool operator==(const Pair&) const = default;
};

/// Every pair that was timed at one shape; nothing is averaged away.
struct ShapeTiming {
  std::string shape;  ///< "K=512,M=512,N=512"
  std::vector<Pair> pairs;
  bool operator==(const ShapeTiming&) const = default;
};

struct Measurement {
  std::vector<ShapeTiming> shapes;  ///< one per tuning shape
  bool operator==(const Measurement&) const = default;
};

/// All that is known of a candidate after it was tried.
struct Outcome {
  std::optional<CompilerFacts> facts;
  std::optional<Accuracy> accuracy;
  std::variant<Measurement, Failure> result = Failure{};

  [[nodiscard]] const Measurement* measurement() const { return std::get_if<Measurement>(&result); }
  [[nodiscard]] const Failure* failure() const { return std::get_if<Failure>(&result); }
  bool operator==(const Outcome&) const = default;
};

}  // namespace evotune
