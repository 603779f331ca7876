#include "engine/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr std::size_t pairs_before_hopeless = 3;  // for what is several times as slow
constexpr double far_slower_factor = 3;
constexpr std::size_t pairs_before_precise = 15;

constexpr int warm_up_launches = 5;
constexpr Seconds warm_up_seconds = 0.025;
constexpr Seconds warm_up_cap = 0.1;  // a kernel that takes so long is warm after one launch

constexpr Seconds sample_seconds = 100e-6;     // the shortest sample worth reading a clock for
constexpr Seconds longest_inner_loop = 20e-3;  // that the slower side may spend on it
constexpr int most_launches = 1024;

constexpr double clock_tolerance = 0.02;  // of a device whose two samples make a pair
constexpr double most_dropped = 0.25;     // of all pairs

constexpr Seconds least_limit = 1;
constexpr double limit_factor = 20;  // a candidate this much slower than the baseline is stopped

/// Runs both sides of one request and checks what their device says of the time.
class Bench {
 public:
  Bench(const TimingRequest& request, const Clock& clock)
      : request_(request), clock_(clock), limit_(request.first_limit) {}

  /// Both sides, once alone and then until warm. Fixes the limit and the launches per sample.
  std::optional<Failure> warm_up();
  struct Taken {
    Pair pair;
    bool steady = true;  ///< the device was equally fast for both
  };
  Result<Taken> pair(std::size_t index);

 private:
  enum class Side : std::uint8_t { baseline, candidate };
  Result<Sample> run(Side, std::size_t pair);
  Result<Seconds> warm_up(Side);

  const TimingRequest& request_;
  const Clock& clock_;
  Seconds limit_;  // of one launch
  int launches_ = 1;
};

/// The same for both sides, so that caches are as warm for one as for the other, and a power of
/// two, so that it does not hang on noise.
int launches_for(Seconds faster, Seconds slower) {
  const double wanted = std::ceil(sample_seconds / faster);
  const double affordable = std::max(1.0, std::floor(longest_inner_loop / slower));
  int launches = 1;
  while (launches < wanted && 2 * launches <= affordable && launches < most_launches) launches *= 2;
  return launches;
}

std::optional<Failure> Bench::warm_up() {
  const auto baseline = warm_up(Side::baseline);
  if (!baseline) return baseline.error();
  limit_ = std::max(least_limit, limit_factor * *baseline);
  const auto candidate = warm_up(Side::candidate);
  if (!candidate) return candidate.error();
  if (request_.repeatable)
    launches_ = launches_for(std::min(*baseline, *candidate), std::max(*baseline, *candidate));
  return std::nullopt;
}

/// The fastest launch: the first ones pay for pages and caches. What a device does between the
/// launches (it sweeps caches, restores inputs) warms it too, and may take far longer than they.
Result<Seconds> Bench::warm_up(Side side) {
  const Seconds begun = clock_();
  Seconds launched = 0, fastest = 0;
  for (int launch = 0;; ++launch) {
    const Seconds busy = std::max(launched, clock_() - begun);
    const bool warm = launch >= warm_up_launches && busy >= warm_up_seconds;
    if (warm || launched >= warm_up_cap) return fastest;
    const auto sample = run(side, static_cast<std::size_t>(launch));
    if (!sample) return sample.error();
    fastest = launch == 0 ? sample->seconds : std::min(fastest, sample->seconds);
    launched += sample->seconds;
  }
}

bool are_alike(double clock, double other) {
  return clock == 0 || other == 0 ||
         std::abs(clock - other) <= clock_tolerance * std::max(clock, other);
}

Result<Bench::Taken> Bench::pair(std::size_t index) {
  const bool baseline_first = index % 2 == 0;  // two pairs make ABBA, which cancels drift
  const auto first = run(baseline_first ? Side::baseline : Side::candidate, index);
  if (!first) return first.error();
  const auto second = run(baseline_first ? Side::candidate : Side::baseline, index);
  if (!second) return second.error();
  const Seconds a = first->seconds, b = second->seconds;
  return Taken{baseline_first ? Pair{a, b} : Pair{b, a},
               are_alike(first->clock_hz, second->clock_hz)};
}

Failure infrastructure(std::string message) { return {Stage::infrastructure, std::move(message)}; }

Result<Sample> Bench::run(Side side, std::size_t pair) {
  Run asked;
  asked.input_set = pair % std::max<std::size_t>(1, request_.input_sets);
  asked.launches = launches_;
  asked.finite_poison = pair % 2 != 0;
  asked.limit = std::max(least_limit, limit_ * launches_);
  const bool is_baseline = side == Side::baseline;
  const auto sample = (is_baseline ? request_.baseline : request_.candidate).run(asked);
  if (!sample && is_baseline)
    return infrastructure("the baseline failed beside this candidate: " + sample.error().message);
  if (!sample) return sample.error();
  if (!(sample->seconds > 0) || !std::isfinite(sample->seconds))
    return infrastructure(fmt::format("the device reported a launch of {} s", sample->seconds));
  const Seconds claimed = sample->seconds * launches_;
  if (!(sample->host_seconds >= 0.99 * claimed - 1e-6))
    return infrastructure(
        fmt::format("the device reported {} s of launches within {} s of the host's", claimed,
                    sample->host_seconds));
  return sample;
}

bool is_throttled(std::size_t dropped, std::size_t taken) {
  return static_cast<double>(dropped) > most_dropped * static_cast<double>(taken);
}

Failure throttled(std::size_t dropped, std::size_t taken) {
  return infrastructure(
      fmt::format("throttled: in {} of {} pairs the device was not equally fast for both sides",
                  dropped, taken));
}

}  // namespace

StoppingRule::StoppingRule(const MeasureSettings& settings, double best_speedup_low)
    : min_pairs_(static_cast<std::size_t>(std::max(1, settings.min_pairs))),
      max_pairs_(std::max(min_pairs_, static_cast<std::size_t>(std::max(1, settings.max_pairs)))),
      max_seconds_(settings.max_seconds),
      half_width_(settings.half_width),
      drop_margin_(settings.drop_margin),
      best_speedup_low_(best_speedup_low) {}

StoppingRule::Verdict StoppingRule::after(std::span<const Pair> pairs, Seconds elapsed) const {
  const std::size_t count = pairs.size();
  if (count >= std::min(pairs_before_hopeless, min_pairs_) && far_slower(pairs))
    return Verdict::hopeless;
  if (count < min_pairs_) return Verdict::more;
  const Speedup speedup = speedup_of(pairs);
  if (speedup.high < best_speedup_low_ * (1 - drop_margin_)) return Verdict::hopeless;
  if (count >= max_pairs_ || elapsed >= max_seconds_) return Verdict::enough;
  const bool precise = std::log(speedup.high / speedup.low) / 2 <= half_width_;
  if (count >= std::max(pairs_before_precise, min_pairs_) && precise) return Verdict::precise;
  return Verdict::more;
}

bool StoppingRule::has_tried_long(std::size_t taken, Seconds elapsed) const {
  return taken >= 2 * max_pairs_ || (taken >= min_pairs_ && elapsed >= max_seconds_);
}

/// Judged by the fastest launch, so that a burst of load does not end the measuring of a good
/// candidate; and by the baseline beside it, so that a slower machine does not either.
bool StoppingRule::far_slower(std::span<const Pair> pairs) const {
  if (!(best_speedup_low_ > 0)) return false;
  std::vector<double> baseline;
  Seconds fastest = pairs.front().candidate;
  for (const Pair& pair : pairs) {
    baseline.push_back(pair.baseline);
    fastest = std::min(fastest, pair.candidate);
  }
  return fastest > far_slower_factor * median(baseline) / best_speedup_low_;
}

// A pair of which one side met a slower device than the other is taken again: its index stays, so
// that the last one taken is always the last one kept.
Result<ShapeTiming> time_pairs(const TimingRequest& request, const Clock& clock) {
  using Verdict = StoppingRule::Verdict;
  Bench bench(request, clock);
  if (auto failure = bench.warm_up()) return std::move(*failure);
  const StoppingRule rule(request.settings, request.best_speedup_low);
  const Seconds start = clock();
  ShapeTiming timing{request.shape, {}};
  for (std::size_t taken = 1;; ++taken) {
    const auto one = bench.pair(timing.pairs.size());
    if (!one) return one.error();
    if (one->steady) timing.pairs.push_back(one->pair);
    const std::size_t dropped = taken - timing.pairs.size();
    const Seconds elapsed = clock() - start;
    if (is_throttled(dropped, taken)) {
      if (rule.has_tried_long(taken, elapsed)) return throttled(dropped, taken);
    } else if (one->steady && rule.after(timing.pairs, elapsed) != Verdict::more) {
      return timing;
    }
  }
}

}  // namespace evotune
