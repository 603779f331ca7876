#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "device/device.h"
#include "engine/evaluator.h"
#include "engine/fitness.h"
#include "engine/oracle.h"
#include "engine/problem.h"
#include "engine/workloads.h"

namespace evotune {

class Reporter;

/// Bindings → Source. Usually the problem's template; an export brings its own sources.
using Renderer = std::function<Result<Source>(const Bindings& bound)>;

/// Runs the kernel: render, compile, load, verify, measure. Whatever goes wrong with a candidate
/// is its Outcome; what goes wrong with the machine is tried again twice, then reported.
class KernelEvaluator final : public Evaluator {
 public:
  /// `device` runs candidates and the baseline next to each other; the oracle has its own.
  KernelEvaluator(const Problem&, Device& device, Oracle&, std::uint64_t seed, Renderer = {});
  ~KernelEvaluator() override;

  /// Who hears from now on what is being done; it must outlive the evaluations. In a run nobody:
  /// the lanes of one are side by side.
  void report_to(Reporter& reporter) { reporter_ = &reporter; }

  [[nodiscard]] Candidate prepare(const Config&) const override;

  [[nodiscard]] Outcome evaluate(const Candidate&, const Examination& = {}) override;

  [[nodiscard]] Result<std::optional<SelfTimes>> time_baseline(std::size_t pairs) override;

  /// The same compiled so that it can be observed: for observe() alone.
  [[nodiscard]] Candidate observable(const Candidate&) const;

  /// One launch at this shape on inputs of the declared kind, its accesses followed.
  [[nodiscard]] Result<Observation> observe(const Candidate& observable, const Shape&, Watch);

  /// Whether this examination looks for races: the space file and the device decide too.
  [[nodiscard]] bool looks_for_races(const Examination&) const;

  /// Of the last examination that looked for races, the shapes at which it was not at all blocks:
  /// "K=512: 12 of 64 blocks were followed to their end".
  [[nodiscard]] const std::vector<std::string>& followed_in_part() const {
    return followed_in_part_;
  }

  [[nodiscard]] std::string key(const Candidate&) const override;

 private:
  enum class Purpose { checking, timing };
  struct Rig;  // a variant loaded at one shape with its arguments

  void begin(std::string_view step, const Shape&);
  Outcome evaluate_once(const Candidate&, const Examination&);
  /// `known`: the compiler's facts, and the accuracy once something was compared.
  Result<Measurement> examine(const Candidate&, const Examination&, Outcome& known);
  std::optional<Failure> verify_shape(const Candidate&, const Shape&, std::optional<Accuracy>&);
  std::optional<Failure> find_race(const Candidate&, std::span<const Shape* const>);
  Failure explained(Failure wrong_answer, const Candidate&, const Shape&);
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
  Reporter* reporter_ = nullptr;
  Candidate baseline_;
  std::vector<std::string> followed_in_part_;
  /// By place, from the first that was right there: the baseline in a search.
  std::map<std::string, Seconds> check_limits_;
  std::map<std::string, std::unique_ptr<Rig>> baselines_;       // by purpose and shape
  std::map<std::string, std::vector<double>> baseline_errors_;  // by purpose, shape and input set
};

}  // namespace evotune
