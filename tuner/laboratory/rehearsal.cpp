#include "laboratory/rehearsal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/clock.h"

namespace evotune {
namespace {

constexpr double least_factor = 0.01;  // of noise: no time is negative
constexpr std::uint64_t noise_stream = 77;

}  // namespace

Trace rehearse(const SpaceRecording& recording, Strategy& strategy,
               const RehearsalOptions& options) {
  Trace trace;
  double believed = std::numeric_limits<double>::infinity();
  double truth = believed;
  const double enough = options.noise > 0 ? 0 : options.good_enough_ms;
  while (trace.rows.size() < options.evaluations && truth > enough) {
    const double begun = monotonic_seconds();
    const std::vector<Proposal> asked =
        strategy.ask(std::min(options.batch, options.evaluations - trace.rows.size()));
    trace.seconds_asking += monotonic_seconds() - begun;
    if (asked.empty()) break;
    std::vector<Individual> answers;
    for (const Proposal& one : asked) {
      const std::size_t row = recording.row_of.at(one.config);
      Individual answer{one, {}, {false, -1}};
      if (const std::optional<double>& ms = recording.ms[row]) {
        Rng rng(options.seed, noise_stream, trace.rows.size());
        const double factor = std::max(1 + options.noise * rng.normal(), least_factor);
        answer.outcome.result = Measurement{};
        answer.score = {true, -*ms * factor};
        if (*ms * factor < believed) {
          believed = *ms * factor;
          truth = *ms;
        }
      }
      trace.rows.push_back(row);
      trace.best_ms.push_back(truth);
      answers.push_back(std::move(answer));
    }
    const double told = monotonic_seconds();
    strategy.tell(answers);
    trace.seconds_asking += monotonic_seconds() - told;
  }
  return trace;
}

}  // namespace evotune
