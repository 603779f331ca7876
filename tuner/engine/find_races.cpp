// What an evaluator learns from following every access of a launch.
#include <fmt/format.h>

#include <algorithm>

#include "engine/rig.h"
#include "outcome/observation.h"

namespace evotune {
namespace {

constexpr Seconds observing_limit = 60;  // it ends by itself, after so many accesses

}  // namespace

bool KernelEvaluator::looks_for_races(const Examination& examination) const {
  const RaceChecks races = problem_.file.verify.races;
  const bool wanted =
      races == RaceChecks::every || (races == RaceChecks::finalists && examination.races);
  return wanted && device_.info().observes;
}

Candidate KernelEvaluator::observable(const Candidate& candidate) const {
  Candidate observed = candidate;
  if (!observed.source) return observed;
  observed.source->observed = true;
  observed.compiled = device_.compile(*observed.source);
  return observed;
}

Result<Observation> KernelEvaluator::observe(const Candidate& observable, const Shape& shape,
                                             Watch watch) {
  if (!observable.compiled) return observable.compiled.error();
  // Where candidates are timed, the inputs of timing are there already.
  begin("following every access", shape);
  const std::vector<Shape>& timed = problem_.file.problem;
  const bool is_timed = std::any_of(timed.begin(), timed.end(),
                                    [&shape](const Shape& one) { return &one == &shape; });
  Result<Rig> rig = load(observable, shape, is_timed ? Purpose::timing : Purpose::checking);
  if (!rig) return rig.error();
  return rig->loaded->observe(0, watch, observing_limit);
}

std::optional<Failure> KernelEvaluator::find_race(const Candidate& candidate,
                                                  std::span<const Shape* const> shapes) {
  const Candidate observed = observable(candidate);
  followed_in_part_.clear();
  for (const Shape* shape : shapes) {
    const Result<Observation> seen = observe(observed, *shape, Watch::races);
    if (!seen) return seen.error();
    const std::string text = to_text(*shape), where = text.empty() ? "-" : text;
    if (const std::string part = what_was_followed(*seen); !part.empty())
      followed_in_part_.push_back(fmt::format("{}: {}", where, part));
    const std::vector<Failure> found = complaints(*seen);
    if (found.empty()) continue;
    const std::size_t others = found.size() - 1;
    return Failure{found.front().stage,
                   fmt::format("{} (shape {}{})", found.front().message, where,
                               others == 0 ? "" : fmt::format(", and {} more", others))};
  }
  return std::nullopt;
}

// A wrong answer tells what is wrong with it, its accesses may tell where in the source.
Failure KernelEvaluator::explained(Failure failure, const Candidate& candidate,
                                   const Shape& shape) {
  const Result<Observation> seen = observe(observable(candidate), shape, Watch::races);
  if (!seen) return failure;
  if (const std::vector<Failure> found = complaints(*seen); !found.empty())
    failure.message += "; " + found.front().message;
  return failure;
}

}  // namespace evotune
