#include "engine/finals.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "engine/evaluation.h"
#include "engine/preparation.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

std::vector<const Evaluation*> best_of(const TuneResult& search, std::size_t count) {
  std::vector<const Evaluation*> ranked;
  for (const Evaluation& one : search.evaluations)
    if (one.individual.score.passed && one.individual.outcome.measurement() != nullptr &&
        one.individual.proposal.origin != "baseline")
      ranked.push_back(&one);
  std::stable_sort(ranked.begin(), ranked.end(), [](const Evaluation* a, const Evaluation* b) {
    return a->individual.score > b->individual.score;
  });
  if (ranked.size() > count) ranked.resize(count);
  return ranked;
}

double lower_bound(const FinalRecord& record) {
  const Measurement* measured = record.outcome.measurement();
  return measured != nullptr ? speedup_of(*measured).low : -1;
}

/// "No improvement" would be half of the truth where every finalist has failed, as all do where the
/// space file asks of the held-out shapes what no variant can do.
void warn_of_failure(const std::vector<FinalRecord>& records,
                     const std::vector<const Evaluation*>& finalists, Reporter& reporter) {
  const bool passed = std::any_of(records.begin(), records.end(), [](const FinalRecord& one) {
    return one.outcome.failure() == nullptr;
  });
  if (!passed)
    reporter.warned(fmt::format("no finalist passed the final checks; the first of {}, {}: {}",
                                records.size(), finalists.front()->config,
                                records.front().outcome.failure()->message));
}

/// "No improvement" would be a claim, too.
std::string unsteady(const SelfTest& test) {
  return fmt::format(
      "times cannot be trusted here: the baseline beside itself came out {:.0f} % faster or "
      "slower, and no finalist is clearly faster than that. Let the machine do nothing else",
      100 * test.spread);
}

}  // namespace

Finals run_finals(const Problem& problem, const TuneResult& search, Evaluator& evaluator,
                  const StopRule& stop, Reporter& reporter, const FinalsOptions& options) {
  const std::vector<const Evaluation*> finalists = best_of(search, options.finalists);
  std::vector<Config> configs;
  for (const Evaluation* one : finalists) configs.push_back(one->individual.config());
  Preparation ahead(evaluator, std::move(configs), options.jobs, options.aside);

  Finals finals;
  if (finalists.empty()) return finals;
  const auto stopped = [&] { return stop(search.progress).has_value(); };
  finals.self_test = test_timing(evaluator, reporter, options.improvement, stopped);
  Examination examination;
  examination.held_out = true;
  examination.races = true;
  examination.trials = options.trials;
  examination.min_pairs = options.min_pairs;
  for (std::size_t i = 0; i < finalists.size(); ++i) {
    if (stopped()) return finals;
    reporter.busy(
        fmt::format("finals: {} of {}, {}", i + 1, finalists.size(), finalists[i]->config));
    const Candidate candidate = ahead.next().candidate;
    const Evaluation again = score(problem, candidate, finalists[i]->individual.proposal,
                                   evaluator.evaluate(candidate, examination));
    finals.records.push_back(
        {finalists[i]->ordinal, again.individual.outcome, false, again.individual.score.fitness});
  }
  warn_of_failure(finals.records, finalists, reporter);
  std::stable_sort(
      finals.records.begin(), finals.records.end(),
      [](const FinalRecord& a, const FinalRecord& b) { return lower_bound(a) > lower_bound(b); });

  FinalRecord& best = finals.records.front();
  if (lower_bound(best) <= 1 + finals.self_test.margin) {
    if (finals.self_test.hopeless) throw DeviceLost(unsteady(finals.self_test));
    return finals;
  }
  best.champion = true;
  finals.champion = best.ordinal;
  for (const FinalRecord& other : finals.records)
    if (const Measurement* measured = other.outcome.measurement();
        &other != &best && measured != nullptr && speedup_of(*measured).high >= lower_bound(best))
      finals.tied.push_back(other.ordinal);
  return finals;
}

}  // namespace evotune
