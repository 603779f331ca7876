#include "engine/self_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/errors.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

constexpr std::size_t pairs_each = 7;  // of one comparison
constexpr std::size_t least_comparisons = 5;
constexpr std::size_t most_comparisons = 20;
constexpr Seconds seconds_for_more = 0.7;

constexpr double spreads_that_decide = 3;
constexpr double worst_spread = 0.05;
constexpr int attempts = 3;            // a burst of load passes
constexpr double high_floor = 0.2;     // of the baseline
constexpr double deviations = 1.4826;  // in a median of absolute values, where they are normal

/// As many comparisons as fit into the time, after the first few have said how long one takes.
Result<std::optional<SelfTimes>> times_of(Evaluator& evaluator,
                                          const std::function<bool()>& stopped) {
  const Seconds begun = monotonic_seconds();
  Result<std::optional<SelfTimes>> times = evaluator.time_baseline(least_comparisons * pairs_each);
  if (!times || !*times) return times;
  const Seconds each = (monotonic_seconds() - begun) / static_cast<double>(least_comparisons);
  const auto affordable = static_cast<std::size_t>(seconds_for_more / std::max(each, 1e-6));
  const std::size_t more = std::min(affordable, most_comparisons - least_comparisons);
  if (more == 0 || stopped()) return times;
  const Result<std::optional<SelfTimes>> rest = evaluator.time_baseline(more * pairs_each);
  if (!rest) return rest.error();
  std::vector<Pair>& pairs = (*times)->pairs;
  pairs.insert(pairs.end(), (*rest)->pairs.begin(), (*rest)->pairs.end());
  return times;
}

std::vector<double> comparisons_in(std::span<const Pair> pairs) {
  std::vector<double> all;
  for (; pairs.size() >= pairs_each; pairs = pairs.subspan(pairs_each)) {
    std::vector<double> ratios;
    for (const Pair& pair : pairs.first(pairs_each))
      ratios.push_back(std::log(pair.baseline / pair.candidate));
    all.push_back(std::abs(median(ratios)));
  }
  return all;
}

SelfTest judge(const SelfTimes& times, double least_margin) {
  const std::vector<double> differences = comparisons_in(times.pairs);
  std::vector<double> baseline;
  for (const Pair& pair : times.pairs) baseline.push_back(pair.baseline);
  SelfTest test;
  test.comparisons = differences.size();
  test.widest = *std::max_element(differences.begin(), differences.end());
  test.spread = deviations * median(differences);
  test.margin = std::max(least_margin, spreads_that_decide * test.spread);
  test.baseline = median(baseline);
  test.nothing = times.nothing;
  test.hopeless = test.spread > worst_spread;
  return test;
}

void warn(Reporter& reporter, const SelfTest& test, double least_margin) {
  if (test.margin > least_margin)
    reporter.warned(fmt::format(
        "times are unsteady here: the baseline beside itself differs by up to {:.1f} %; "
        "only what is more than {:.1f} % faster counts as faster",
        100 * test.widest, 100 * test.margin));
  if (test.nothing > high_floor * test.baseline)
    reporter.warned(fmt::format(
        "a kernel that does nothing takes {:.3g} µs, the baseline {:.3g}: none can be more than "
        "{:.1f} times as fast; a larger problem would tell more",
        1e6 * test.nothing, 1e6 * test.baseline, test.most_attainable()));
}

}  // namespace

SelfTest test_timing(Evaluator& evaluator, Reporter& reporter, double least_margin,
                     const std::function<bool()>& stopped) {
  std::optional<SelfTest> test;
  std::string why_not;
  for (int attempt = 0; attempt < attempts && (!test || test->hopeless); ++attempt) {
    if (stopped()) return {.margin = least_margin};
    reporter.busy("comparing the baseline with itself");
    const Result<std::optional<SelfTimes>> times = times_of(evaluator, stopped);
    if (!times)
      why_not = times.error().message;
    else if (!*times)
      return {.margin = least_margin};
    else
      test = judge(**times, least_margin);
  }
  if (!test) throw DeviceLost("the baseline cannot be timed beside itself: " + why_not);
  warn(reporter, *test, least_margin);
  return *test;
}

}  // namespace evotune
