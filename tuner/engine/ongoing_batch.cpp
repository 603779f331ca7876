#include "engine/ongoing_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/errors.h"
#include "engine/evaluation.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr int faults_that_lose_a_lane = 3;  // in a row: one candidate may be unlucky

std::size_t lanes_left(std::span<const LaneState> lanes) {
  return static_cast<std::size_t>(
      std::count_if(lanes.begin(), lanes.end(), [](const LaneState& one) { return !one.lost; }));
}

std::vector<Config> configs_of(const std::vector<Proposal>& proposals) {
  std::vector<Config> configs;
  for (const Proposal& one : proposals) configs.push_back(one.config);
  return configs;
}

}  // namespace

std::size_t lane_for(std::span<const LaneState> lanes, std::uint32_t ordinal) {
  std::size_t turn = ordinal % lanes_left(lanes);
  for (std::size_t lane = 0;; ++lane)
    if (!lanes[lane].lost && turn-- == 0) return lane;
}

double speedup_low_of(const Evaluation& one) {
  const Measurement* measured = one.individual.outcome.measurement();
  return measured != nullptr && one.individual.score.passed ? speedup_of(*measured).low : 0;
}

OngoingBatch::OngoingBatch(const Problem& problem, Evaluator& evaluator, Reporter& reporter,
                           std::vector<LaneState>& lanes, std::vector<Proposal> proposals,
                           std::uint32_t first_ordinal, int jobs, bool aside)
    : problem_(problem),
      evaluator_(evaluator),
      reporter_(reporter),
      lanes_(lanes),
      proposals_(std::move(proposals)),
      first_ordinal_(first_ordinal),
      preparation_(evaluator, configs_of(proposals_), jobs, aside || lanes_left(lanes) > 1),
      promises_(proposals_.size()) {
  for (std::size_t i = 0; i < proposals_.size(); ++i)
    lane_of_.push_back(lane_for(lanes_, ordinal_of(i)));
  if (lanes_left(lanes_) == 1) return;
  for (std::promise<Evaluation>& one : promises_) coming_.push_back(one.get_future());
  runners_.resize(lanes_.size());
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    if (!lanes_[lane].lost) runners_[lane].thread = std::jthread([this, lane] { work(lane); });
}

OngoingBatch::~OngoingBatch() {
  for (Runner& one : runners_) one.closing = true;
}

void OngoingBatch::work(std::size_t lane) {
  for (std::size_t i = 0; i < proposals_.size() && !runners_[lane].closing; ++i)
    if (lane_of_[i] == lane) try {
        promises_[i].set_value(evaluate(preparation_.take(i), i, lane));
      } catch (...) {
        promises_[i].set_exception(std::current_exception());
        return;
      }
}

Evaluation OngoingBatch::evaluate(const Candidate& candidate, std::size_t position,
                                  std::size_t lane) {
  std::unique_lock<std::mutex> alone;
  if (!runners_.empty()) alone = std::unique_lock(runners_[lane].evaluating);
  LaneState& state = lanes_[lane];
  Examination examination;
  examination.lane = lane;
  examination.best_low = state.best_low;
  Outcome outcome = evaluator_.evaluate(candidate, examination);
  Evaluation one = score(problem_, candidate, proposals_[position], std::move(outcome), state.name);
  one.ordinal = ordinal_of(position);
  one.key = evaluator_.key(candidate);
  state.best_low = std::max(state.best_low, speedup_low_of(one));
  return one;
}

Evaluation OngoingBatch::next() {
  const std::size_t position = next_++;
  return runners_.empty() ? next_alone(position, lane_of_[position]) : next_of_several(position);
}

Evaluation OngoingBatch::next_alone(std::size_t position, std::size_t lane) {
  if (const std::size_t some = preparation_.to_wait_for())
    reporter_.busy(fmt::format("compiling {}", some));
  const Preparation::Ready ready = preparation_.next();
  say_what_is_measured(position);
  const Seconds begun = monotonic_seconds();
  Evaluation one = evaluate(ready.candidate, position, lane);
  one.seconds_spent = monotonic_seconds() - begun + ready.waited;
  (void)is_sound(one, lane);
  return one;
}

/// On its own lane, and once more on another where that one was at fault. Its time is what the
/// caller waited, so that the times of a run add up to its own.
Evaluation OngoingBatch::next_of_several(std::size_t position) {
  say_what_is_measured(position);
  const Seconds begun = monotonic_seconds();
  std::optional<Evaluation> faulty;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::size_t lane = (lane_of_[position] + i) % lanes_.size();
    if (lanes_[lane].lost) continue;
    const bool again = faulty.has_value();
    try {
      Evaluation one =
          i == 0 ? coming_[position].get()
                 : evaluate(evaluator_.prepare(proposals_[position].config), position, lane);
      one.seconds_spent = monotonic_seconds() - begun;
      if (is_sound(one, lane) || again) return one;
      faulty = std::move(one);
    } catch (const DeviceLost& lost) {
      lose(lane, lost.what());
    }
  }
  return *std::move(faulty);  // or lose() has thrown
}

void OngoingBatch::say_what_is_measured(std::size_t position) {
  reporter_.busy("measuring " + problem_.space.key(proposals_[position].config));
}

/// False where the machine is at fault. What ends the run is not stored: a resumed run tries it
/// again.
bool OngoingBatch::is_sound(const Evaluation& one, std::size_t lane) {
  const Failure* failure = one.individual.outcome.failure();
  const bool sound = failure == nullptr || failure->stage != Stage::infrastructure;
  lanes_[lane].faults = sound ? 0 : lanes_[lane].faults + 1;
  if (lanes_[lane].faults >= faults_that_lose_a_lane)
    lose(lane, "three candidates in a row failed through no fault of theirs: " + failure->message);
  return sound;
}

void OngoingBatch::lose(std::size_t lane, const std::string& why) {
  if (lanes_left(lanes_) == 1) throw DeviceLost(why);
  lanes_[lane].lost = true;
  runners_[lane].closing = true;
  reporter_.warned(fmt::format("{} is lost, others do its work: {}", lanes_[lane].name, why));
}

}  // namespace evotune
