#include "laboratory/appraisal.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evotune {
namespace {

using Curves = std::vector<std::vector<double>>;

constexpr double no_room = 1e-12;  // of the optimum: random search is there as well

double improvement(double random, double found, double optimum) {
  const double room = random - optimum;
  return room > no_room * optimum ? (random - found) / room : 1;
}

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

double standard_error(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double middle = mean(values);
  double squares = 0;
  for (const double x : values) squares += (x - middle) * (x - middle);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares / (n - 1) / n);
}

std::vector<double> at(const Curves& curves, std::size_t k) {
  std::vector<double> values;
  for (const std::vector<double>& curve : curves) values.push_back(curve[k]);
  return values;
}

/// The median of the first evaluations that are as good as this.
std::optional<std::size_t> evaluations_to(const Curves& curves, double ms) {
  std::vector<std::size_t> first;
  for (const std::vector<double>& curve : curves) {
    const auto hit = std::find_if(curve.begin(), curve.end(), [ms](double x) { return x <= ms; });
    first.push_back(hit == curve.end() ? std::numeric_limits<std::size_t>::max()
                                       : static_cast<std::size_t>(hit - curve.begin()) + 1);
  }
  std::sort(first.begin(), first.end());
  const std::size_t middle = first[first.size() / 2];
  if (middle == std::numeric_limits<std::size_t>::max()) return std::nullopt;
  return middle;
}

double share_within(std::span<const double> values, double ms) {
  const auto good = std::count_if(values.begin(), values.end(), [ms](double x) { return x <= ms; });
  return static_cast<double>(good) / static_cast<double>(values.size());
}

void score(Appraisal& appraisal, const Curves& curves, std::span<const double> random,
           double optimum) {
  std::vector<double> by_run(curves.size(), 0.0);
  const auto budget = static_cast<double>(appraisal.budget);
  for (std::size_t k = 0; k < appraisal.budget; ++k) {
    appraisal.score += improvement(random[k], mean(at(curves, k)), optimum) / budget;
    for (std::size_t r = 0; r < curves.size(); ++r)
      by_run[r] += improvement(random[k], curves[r][k], optimum) / budget;
  }
  if (curves.size() > 1) appraisal.standard_error = standard_error(by_run);
}

}  // namespace

std::vector<double> curve_of(const Trace& trace, const Yardstick& yardstick, std::size_t count) {
  std::vector<double> curve;
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < count; ++k) {
    if (k < trace.best_ms.size()) best = trace.best_ms[k];
    curve.push_back(std::isfinite(best) ? best : yardstick.worst());
  }
  return curve;
}

std::size_t horizon(const Yardstick& yardstick) {
  return std::min(std::max(appraisal_marks.back(), yardstick.budget()), yardstick.configurations());
}

Appraisal judge(const Yardstick& yardstick, std::span<const Trace> traces) {
  Appraisal appraisal;
  const std::size_t count = horizon(yardstick);
  const double optimum = yardstick.optimum();
  appraisal.runs = traces.size();
  appraisal.budget = std::min(yardstick.budget(), count);
  Curves curves;
  double seconds = 0;
  double questions = 0;
  for (const Trace& trace : traces) {
    curves.push_back(curve_of(trace, yardstick, count));
    seconds += trace.seconds_asking;
    questions += static_cast<double>(trace.rows.size());
  }
  appraisal.milliseconds_a_question = questions > 0 ? 1e3 * seconds / questions : 0;
  score(appraisal, curves, yardstick.random_search(appraisal.budget), optimum);
  for (std::size_t m = 0; m < appraisal_marks.size(); ++m) {
    const std::vector<double> there = at(curves, std::min(appraisal_marks[m], count) - 1);
    appraisal.ratio[m] = mean(there) / optimum;
    appraisal.ratio_error[m] = standard_error(there) / optimum;
  }
  appraisal.to_5_percent = evaluations_to(curves, optimum * 1.05);
  appraisal.to_1_percent = evaluations_to(curves, optimum * 1.01);
  const std::vector<double> last = at(curves, std::min(appraisal_marks.back(), count) - 1);
  appraisal.within_5_percent = share_within(last, optimum * 1.05);
  appraisal.within_1_percent = share_within(last, optimum * 1.01);
  return appraisal;
}

std::vector<Summary> summarise(std::span<const Appraisal> appraisals) {
  std::vector<Summary> summaries;
  for (const Appraisal& one : appraisals) {
    auto found = std::find_if(summaries.begin(), summaries.end(),
                              [&one](const Summary& s) { return s.strategy == one.strategy; });
    if (found == summaries.end()) {
      Summary fresh;
      fresh.strategy = one.strategy;
      fresh.lowest = one.score;
      found = summaries.insert(summaries.end(), fresh);
    }
    ++found->recordings;
    found->score += one.score;
    found->standard_error += std::pow(one.standard_error.value_or(0), 2);
    found->lowest = std::min(found->lowest, one.score);
    for (std::size_t m = 0; m < one.ratio.size(); ++m) found->ratio[m] += std::log(one.ratio[m]);
    found->within_5_percent += one.within_5_percent;
    found->within_1_percent += one.within_1_percent;
  }
  for (Summary& one : summaries) {
    const auto count = static_cast<double>(one.recordings);
    one.score /= count;
    one.standard_error = std::sqrt(one.standard_error) / count;
    for (double& ratio : one.ratio) ratio = std::exp(ratio / count);
    one.within_5_percent /= count;
    one.within_1_percent /= count;
  }
  return summaries;
}

}  // namespace evotune
