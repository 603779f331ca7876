#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/value.h"
#include "outcome/individual.h"
#include "space/space_file.h"

namespace evotune {

/// What an outcome is worth by one space file.
struct Judgement {
  Score score;
  Bindings metrics;  ///< those that could be evaluated
  /// A gate that does not hold, or a fitness that is no number (Stage::gate): the candidate did not
  /// pass after all, and the caller makes this its result.
  std::optional<Failure> failure;
  std::vector<std::string> notes;  ///< metrics that could not be evaluated, and why
};

/// Turns outcomes into scores, so that a new fitness can rank old outcomes. A right candidate gets
/// `speedup - error_weight * min(1, max_error / error_scale)`, or what the file's own expression
/// says. A wrong one gets -1, with NaN or infinity in its answer -2, whatever the expression: no
/// speedup is credited.
///
/// Expressions see all that is bound at the configuration, and: speedup, speedup_low, speedup_high,
/// latency_us, max_error, has_nan, passed, registers, spill_bytes, stack_bytes, shared_bytes
/// (static and dynamic). What a compiler does not say counts as 0, so that a file with gates on
/// registers also works where there are none to count: on a CPU such a gate holds.
class Fitness {
 public:
  explicit Fitness(const SpaceFile&);

  /// `bound` is Space::bind of the configuration.
  [[nodiscard]] Judgement judge(const Outcome&, const Bindings& bound) const;

  /// The first gate that is false by what is known so far; gates on what is not known yet (times,
  /// errors) are left for later. Spares a candidate's timing when its registers already decide.
  [[nodiscard]] std::optional<Failure> failed_gate(const Outcome& so_far,
                                                   const Bindings& bound) const;

 private:
  struct Known;
  [[nodiscard]] Known known_of(const Outcome&, const Bindings& bound) const;
  void add_metrics(Known&) const;
  [[nodiscard]] std::optional<Failure> failed_gate(const Known&) const;
  [[nodiscard]] Expected<double, Failure> fitness_of(const Known&) const;

  std::vector<NamedExpression> gates_, metrics_;
  std::optional<Expression> fitness_;
  std::optional<Expression> shared_bytes_;
  double error_weight_, error_scale_;
};

}  // namespace evotune
