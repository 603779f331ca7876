#include "engine/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/errors.h"
#include "engine/ongoing_batch.h"
#include "engine/wiring.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

// The baseline, then the presets, each once.
std::vector<Proposal> starting_points(const Problem& problem) {
  std::vector<Proposal> points{{baseline_of(problem), "baseline", {}, 0}};
  std::set<Config> seen{points.front().config};
  for (Preset& preset : presets_of(problem))
    if (seen.insert(preset.config).second)
      points.push_back({std::move(preset.config), "preset:" + preset.name, {}, 0});
  return points;
}

std::vector<LaneState> lanes_of(const Evaluator& evaluator) {
  std::vector<LaneState> lanes;
  for (std::string& name : evaluator.lanes()) lanes.push_back({std::move(name)});
  return lanes;
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
        options_(options),
        lanes_(lanes_of(evaluator)) {}

  /// What came of a whole batch, in its order; nothing when the run ended within it.
  std::optional<std::vector<Individual>> evaluate(const std::vector<Proposal>& batch);
  TuneResult finish(std::string reason) &&;
  [[nodiscard]] const std::string& stopped() const { return result_.reason; }

 private:
  /// From the first on, what the record does not have: all, unless it was recovered.
  std::vector<Proposal> gap_at(const std::vector<Proposal>& batch, std::size_t first) const;
  Evaluation play_back(const Evaluation& recorded, const Proposal& asked);
  void check_baseline(const Evaluation&) const;
  void count(const Evaluation&);
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
  std::vector<LaneState> lanes_;
};

std::optional<std::vector<Individual>> Search::evaluate(const std::vector<Proposal>& batch) {
  std::vector<Individual> evaluated;
  std::optional<OngoingBatch> gap;
  for (LaneState& one : lanes_) one.best_low = best_low_;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (auto reason = stop_(result_.progress)) {
      result_.reason = *std::move(reason);
      return std::nullopt;
    }
    Evaluation one;
    if (const Evaluation* recorded = journal_.recorded(next_ordinal())) {
      gap.reset();  // the lanes are told of what is recorded only while none of them works
      one = play_back(*recorded, batch[i]);
    } else {
      if (!gap)
        gap.emplace(problem_, evaluator_, reporter_, lanes_, gap_at(batch, i), next_ordinal(),
                    options_.jobs, options_.aside);
      one = gap->next();
      check_baseline(one);
      journal_.append(one);
      one.source_text.clear();  // the store has it
    }
    count(one);
    evaluated.push_back(one.individual);
    result_.evaluations.push_back(std::move(one));
  }
  return evaluated;
}

std::vector<Proposal> Search::gap_at(const std::vector<Proposal>& batch, std::size_t first) const {
  std::vector<Proposal> gap;
  for (std::uint32_t ordinal = next_ordinal();
       first < batch.size() && journal_.recorded(ordinal) == nullptr; ++first, ++ordinal)
    gap.push_back(batch[first]);
  return gap;
}

Evaluation Search::play_back(const Evaluation& recorded, const Proposal& asked) {
  if (recorded.individual.config() != asked.config)
    reporter_.warned(fmt::format(
        "evaluation {}: the record has {} where this evotune asks for {}; following the record",
        recorded.ordinal, recorded.config, problem_.space.key(asked.config)));
  double& known = lanes_[lane_for(lanes_, recorded.ordinal)].best_low;
  known = std::max(known, speedup_low_of(recorded));
  return recorded;
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
  best_low_ = std::max(best_low_, speedup_low_of(one));
  if (const Measurement* measured = individual.outcome.measurement(); best && measured)
    now.best_latency = latency_of(*measured);
  reporter_.evaluated(one, now, best);
}

void Search::check_baseline(const Evaluation& one) const {
  const Failure* failure = one.individual.outcome.failure();
  if (one.ordinal == 0 && failure != nullptr)
    throw UserError("the baseline is not right, so nothing can be compared with it: " +
                        std::string(to_text(failure->stage)) + ": " + failure->message,
                    "baseline: " + one.config);
}

TuneResult Search::finish(std::string reason) && {
  result_.reason = std::move(reason);
  result_.sound_lane = lane_for(lanes_, 0);
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
