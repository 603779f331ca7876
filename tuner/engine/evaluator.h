#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "device/device.h"
#include "engine/fitness.h"
#include "engine/oracle.h"
#include "engine/problem.h"
#include "engine/workloads.h"
#include "outcome/individual.h"

namespace evotune {

/// A configuration written out and compiled, or the failure that prevented it.
struct Candidate {
  Config config;
  Result<Source> source = Failure{};
  Result<Compiled> compiled = Failure{};
};

/// How a candidate is to be judged; finalists are judged harder.
struct Examination {
  double best_low =
      0;  ///< lower bound of the best speedup so far: measuring may end early below it
  bool held_out = false;  ///< also verify on the held-out shapes
  int trials = 3;         ///< how often the outputs of one input must come out the same
  bool races = false;     ///< also look for races, unless the space file says never
  int min_pairs = 0;      ///< at least this many pairs; 0: as the space file says
};

/// Bindings → Source. Usually the problem's template; an export brings its own sources.
using Renderer = std::function<Result<Source>(const Bindings& bound)>;

/// Config → Outcome: render, compile, load, verify, measure. Whatever goes wrong with a candidate
/// is its Outcome; what goes wrong with the machine is tried again twice, then reported.
class Evaluator {
 public:
  /// `device` runs candidates and the baseline next to each other; the oracle has its own.
  Evaluator(const Problem&, Device& device, Oracle&, std::uint64_t seed, Renderer = {});
  ~Evaluator();

  /// Any thread, also while another candidate is evaluated.
  [[nodiscard]] Candidate prepare(const Config&) const;

  [[nodiscard]] Outcome evaluate(const Candidate&, const Examination& = {});

  /// The same compiled so that it can be observed: for observe() alone.
  [[nodiscard]] Candidate observable(const Candidate&) const;

  /// One launch at this shape on inputs of the declared kind, its accesses followed.
  [[nodiscard]] Result<Observation> observe(const Candidate& observable, const Shape&, Watch);

  /// Whether this examination looks for races: the space file and the device decide too.
  [[nodiscard]] bool looks_for_races(const Examination&) const;

  /// Names all that makes two measurements of this candidate interchangeable.
  [[nodiscard]] std::string key(const Candidate&) const;

 private:
  enum class Purpose { checking, timing };
  struct Rig;  // a variant loaded at one shape with its arguments

  Outcome evaluate_once(const Candidate&, const Examination&);
  std::optional<Failure> verify_shape(const Candidate&, const Shape&, std::optional<Accuracy>&);
  std::optional<Failure> find_race(const Candidate&, std::span<const Shape* const>);
  std::optional<Failure> verify_before_timing(Rig&, int trials, std::optional<Accuracy>&);
  Result<ShapeTiming> measure_shape(const Candidate&, const Shape&, const Examination&,
                                    std::optional<Accuracy>&);

  Result<Rig> load(const Candidate&, const Shape&, Purpose);
  Result<Compiled> compiled_for(const Candidate&, const Bindings& bound) const;
  Result<Rig*> baseline_at(const Shape&, Purpose);
  Result<std::vector<double>> baseline_errors(const Rig& candidate, std::size_t input_set);
  void learn_limit(Rig& baseline, const ShapeTiming&);

  Result<Buffers> run_and_read(Rig&, const Run&);
  std::optional<Failure> check_outputs(const Rig&, std::size_t input_set, const Buffers&,
                                       std::optional<Accuracy>&);

  const Problem& problem_;
  Device& device_;
  Oracle& oracle_;
  Fitness fitness_;  ///< for gates that need no measurement
  Workloads workloads_;
  std::uint64_t seed_;
  Renderer render_;
  Candidate baseline_;
  /// By place, from the first that was right there: the baseline in a search.
  std::map<std::string, Seconds> check_limits_;
  std::map<std::string, std::unique_ptr<Rig>> baselines_;       // by purpose and shape
  std::map<std::string, std::vector<double>> baseline_errors_;  // by purpose, shape and input set
};

}  // namespace evotune
