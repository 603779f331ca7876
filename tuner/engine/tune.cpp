#include "engine/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "base/clock.h"
#include "base/errors.h"
#include "engine/evaluation.h"
#include "engine/preparation.h"
#include "engine/wiring.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr int infrastructure_failures_in_a_row = 3;

// The baseline, then the presets, each once.
std::vector<Proposal> starting_points(const Problem& problem) {
  std::vector<Proposal> points{{baseline_of(problem), "baseline", {}, 0}};
  std::set<Config> seen{points.front().config};
  for (Preset& preset : presets_of(problem))
    if (seen.insert(preset.config).second)
      points.push_back({std::move(preset.config), "preset:" + preset.name, {}, 0});
  return points;
}

std::vector<Config> configs_from(const std::vector<Proposal>& batch, std::size_t first) {
  std::vector<Config> configs;
  for (std::size_t i = first; i < batch.size(); ++i) configs.push_back(batch[i].config);
  return configs;
}

class Search {
 public:
  Search(const Problem& problem, Evaluator& evaluator, Journal& journal, const StopRule& stop,
         Reporter& reporter, const TuneOptions& options)
      : problem_(problem),
        evaluator_(evaluator),
        journal_(journal),
        stop_(stop),
        reporter_(reporter),
        options_(options) {}

  /// What came of a whole batch, in its order; nothing when the run ended within it.
  std::optional<std::vector<Individual>> evaluate(const std::vector<Proposal>& batch);
  TuneResult finish(std::string reason) &&;
  [[nodiscard]] const std::string& stopped() const { return result_.reason; }

 private:
  Evaluation play_back(const Evaluation& recorded, const Proposal& asked);
  Evaluation evaluate_anew(const Candidate&, Proposal);
  void count(const Evaluation&);
  void watch_machine(const Evaluation&);
  std::uint32_t next_ordinal() const {
    return static_cast<std::uint32_t>(result_.evaluations.size());
  }

  const Problem& problem_;
  Evaluator& evaluator_;
  Journal& journal_;
  const StopRule& stop_;
  Reporter& reporter_;
  const TuneOptions& options_;
  TuneResult result_;
  std::optional<Score> best_;
  double best_low_ = 0;
  Wiring wiring_;
  int infrastructure_failures_ = 0;
};

std::optional<std::vector<Individual>> Search::evaluate(const std::vector<Proposal>& batch) {
  std::vector<Individual> evaluated;
  std::optional<Preparation> ahead;  // of what the record does not have
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (auto reason = stop_(result_.progress)) {
      result_.reason = *std::move(reason);
      return std::nullopt;
    }
    Evaluation one;
    if (const Evaluation* recorded = journal_.recorded(next_ordinal())) {
      one = play_back(*recorded, batch[i]);
    } else {
      if (!ahead) ahead.emplace(evaluator_, configs_from(batch, i), options_.jobs, options_.aside);
      if (const std::size_t some = ahead->to_wait_for())
        reporter_.busy(fmt::format("compiling {}", some));
      const Preparation::Ready ready = ahead->next();
      one = evaluate_anew(ready.candidate, batch[i]);
      one.seconds_spent += ready.waited;
      watch_machine(one);
      journal_.append(one);
      one.source_text.clear();  // the store has it
    }
    count(one);
    evaluated.push_back(one.individual);
    result_.evaluations.push_back(std::move(one));
  }
  return evaluated;
}

Evaluation Search::play_back(const Evaluation& recorded, const Proposal& asked) {
  if (recorded.individual.config() != asked.config)
    reporter_.warned(fmt::format(
        "evaluation {}: the record has {} where this evotune asks for {}; following the record",
        recorded.ordinal, recorded.config, problem_.space.key(asked.config)));
  return recorded;
}

Evaluation Search::evaluate_anew(const Candidate& candidate, Proposal proposal) {
  const Seconds begun = monotonic_seconds();
  reporter_.busy("measuring " + problem_.space.key(candidate.config));
  Examination examination;
  examination.best_low = best_low_;
  Outcome outcome = evaluator_.evaluate(candidate, examination);
  Evaluation one = score(problem_, candidate, std::move(proposal), std::move(outcome));
  one.ordinal = next_ordinal();
  one.key = evaluator_.key(candidate);
  one.seconds_spent = monotonic_seconds() - begun;
  return one;
}

void Search::count(const Evaluation& one) {
  const Individual& individual = one.individual;
  wiring_.add(individual);
  Progress& now = result_.progress;
  now.evaluations += 1;
  now.failures += individual.outcome.failure() != nullptr ? 1U : 0U;
  now.seconds += one.seconds_spent;
  now.generation = std::max(now.generation, individual.proposal.generation);
  const bool best = individual.score.passed && (!best_ || individual.score > *best_);
  if (best) {
    best_ = individual.score;
    now.best_generation = individual.proposal.generation;
  }
  if (const Measurement* measured = individual.outcome.measurement();
      measured && individual.score.passed) {
    best_low_ = std::max(best_low_, speedup_of(*measured).low);
    if (best) now.best_latency = latency_of(*measured);
  }
  reporter_.evaluated(one, now, best);
}

// One candidate may be unlucky; three in a row that fail through no fault of theirs are the
// machine. What ends the run is not stored: a resumed run tries it again.
void Search::watch_machine(const Evaluation& one) {
  const Failure* failure = one.individual.outcome.failure();
  if (one.ordinal == 0 && failure != nullptr)
    throw UserError("the baseline is not right, so nothing can be compared with it: " +
                        std::string(to_text(failure->stage)) + ": " + failure->message,
                    "baseline: " + one.config);
  infrastructure_failures_ = failure != nullptr && failure->stage == Stage::infrastructure
                                 ? infrastructure_failures_ + 1
                                 : 0;
  if (infrastructure_failures_ >= infrastructure_failures_in_a_row)
    throw DeviceLost("three candidates in a row failed through no fault of theirs: " +
                     failure->message);
}

TuneResult Search::finish(std::string reason) && {
  result_.reason = std::move(reason);
  return std::move(result_);
}

}  // namespace

TuneResult tune(const Problem& problem, Strategy& strategy, Evaluator& evaluator, Journal& journal,
                const StopRule& stop, Reporter& reporter, const TuneOptions& options) {
  Search search(problem, evaluator, journal, stop, reporter, options);
  std::vector<Proposal> batch = starting_points(problem);
  while (!batch.empty()) {
    const auto evaluated =
        search.evaluate(batch);  // render, compile, load, verify, measure, score, store
    if (!evaluated) return std::move(search).finish(search.stopped());
    strategy.tell(*evaluated);
    batch = strategy.ask(options.batch);
  }
  return std::move(search).finish("exhausted");
}

}  // namespace evotune
