#include "cli/evaluation_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

#include "base/text.h"
#include "outcome/statistics.h"

namespace evotune {

std::string describe(const Outcome& outcome) {
  if (const Failure* failure = outcome.failure())
    return fmt::format("{}: {}", to_text(failure->stage), failure->message);
  const Measurement& measured = *outcome.measurement();
  const Speedup speedup = speedup_of(measured);
  return fmt::format("{:.1f} µs, {:.2f}× [{:.2f}, {:.2f}]", 1e6 * latency_of(measured),
                     speedup.median, speedup.low, speedup.high);
}

std::string describe(const Evaluation& one) {
  return describe(one.individual.outcome) + "  " + one.config;
}

std::string describe_no_race(const std::vector<std::string>& followed_in_part) {
  return followed_in_part.empty() ? "no race" : "no race; at " + join(followed_in_part, "; at ");
}

nlohmann::json to_json(const Outcome& outcome) {
  nlohmann::json out;
  if (outcome.accuracy) {
    const double error = outcome.accuracy->max_error;
    out["max_error"] = std::isfinite(error) ? nlohmann::json(error) : nlohmann::json();
    out["has_nan"] = outcome.accuracy->has_nan;
  }
  if (const Failure* failure = outcome.failure()) {
    out["failed"] = to_text(failure->stage);
    out["message"] = failure->message;
  } else {
    const Speedup speedup = speedup_of(*outcome.measurement());
    out["latency_us"] = 1e6 * latency_of(*outcome.measurement());
    out["speedup"] = speedup.median;
    out["speedup_low"] = speedup.low;
    out["speedup_high"] = speedup.high;
  }
  return out;
}

nlohmann::json to_json(const Evaluation& one) {
  nlohmann::json out = to_json(one.individual.outcome);
  out["ordinal"] = one.ordinal;
  out["config"] = nlohmann::json::parse(one.config_json);
  out["metrics"] = nlohmann::json::parse(one.metrics_json);
  out["origin"] = one.individual.proposal.origin;
  out["generation"] = one.individual.proposal.generation;
  out["passed"] = one.individual.score.passed;
  out["fitness"] = one.individual.score.fitness;
  return out;
}

}  // namespace evotune
