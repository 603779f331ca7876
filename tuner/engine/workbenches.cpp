#include "engine/workbenches.h"

#include <fmt/format.h>

#include <utility>

#include "base/errors.h"

namespace evotune {

Workbenches::Workbenches(const Problem& problem, std::vector<std::unique_ptr<Workbench>> benches)
    : baseline_(baseline_of(problem)) {
  for (std::unique_ptr<Workbench>& one : benches) places_.push_back({std::move(one)});
}

/// Devices of one kind run what any of them compiled: the first on which workers still start.
Candidate Workbenches::prepare(const Config& config) const {
  for (std::size_t i = 0;; ++i) try {
      return places_[i].bench->evaluator().prepare(config);
    } catch (const DeviceLost&) {
      if (i + 1 == places_.size()) throw;
    }
}

Outcome Workbenches::evaluate(const Candidate& candidate, const Examination& examination) {
  Place& place = places_.at(examination.lane);
  if (candidate.config != baseline_) prove(place);
  Outcome outcome = place.bench->evaluator().evaluate(candidate, examination);
  place.proven = place.proven || outcome.failure() == nullptr;
  return outcome;
}

/// What a candidate may take is learnt from the baseline, and a device that answers wrongly would
/// call every candidate wrong.
void Workbenches::prove(Place& place) const {
  if (place.proven) return;
  KernelEvaluator& evaluator = place.bench->evaluator();
  const Outcome outcome = evaluator.evaluate(evaluator.prepare(baseline_));
  if (const Failure* failure = outcome.failure())
    throw DeviceLost(fmt::format("the baseline is not right there: {}: {}", to_text(failure->stage),
                                 failure->message));
  place.proven = true;
}

std::string Workbenches::key(const Candidate& candidate) const {
  return places_.front().bench->evaluator().key(candidate);
}

std::vector<std::string> Workbenches::lanes() const {
  std::vector<std::string> names;
  for (const Place& one : places_) names.push_back(one.bench->device().id);
  return names;
}

}  // namespace evotune
