#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "laboratory/rehearsal.h"
#include "laboratory/yardstick.h"

namespace evotune {

constexpr std::array<std::size_t, 5> appraisal_marks{25, 50, 100, 200, 400};

/// How well one strategy searched one recording, over several seeds.
struct Appraisal {
  std::string recording, strategy;
  std::size_t runs = 0;
  std::size_t budget = 0;  ///< of the score, in evaluations
  /// Mean over k up to the budget of (B(k) − C(k)) / (B(k) − optimum), where C is the mean best and
  /// B random search's: 0 is as good as random, 1 is the optimum at once.
  double score = 0;
  std::optional<double> standard_error;                ///< of the score; none of one run
  std::array<double, appraisal_marks.size()> ratio{};  ///< mean best over optimum at the marks
  std::array<double, appraisal_marks.size()> ratio_error{};  ///< its standard error
  std::optional<std::size_t> to_5_percent, to_1_percent;     ///< evaluations, median; none: never
  double within_5_percent = 0, within_1_percent = 0;         ///< part of the runs, at the last mark
  double milliseconds_a_question = 0;
};

/// Evaluations that an appraisal looks at.
[[nodiscard]] std::size_t horizon(const Yardstick&);

[[nodiscard]] Appraisal judge(const Yardstick&, std::span<const Trace>);

/// Over several recordings: the mean of the scores and its standard error, geometric means of the
/// ratios.
struct Summary {
  std::string strategy;
  std::size_t recordings = 0;
  double score = 0, standard_error = 0, lowest = 0;
  std::array<double, appraisal_marks.size()> ratio{};
  double within_5_percent = 0, within_1_percent = 0;
};
[[nodiscard]] std::vector<Summary> summarise(std::span<const Appraisal>);

/// A run's best after each of `count` evaluations: kept where it ended early, the worst time while
/// nothing was right.
[[nodiscard]] std::vector<double> curve_of(const Trace&, const Yardstick&, std::size_t count);

}  // namespace evotune
