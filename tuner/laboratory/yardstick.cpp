#include "laboratory/yardstick.h"

#include <algorithm>

#include "base/errors.h"
#include "outcome/statistics.h"

namespace evotune {
namespace {

std::size_t budget_of(const std::vector<double>& ascending) {
  constexpr double close = 0.05;
  const double target = ascending.front() + (median(ascending) - ascending.front()) * close;
  const auto within = static_cast<std::size_t>(
      std::upper_bound(ascending.begin(), ascending.end(), target) - ascending.begin());
  const std::size_t slower = ascending.size() - within;
  return (slower + within) / (within + 1);  // ⌈slower / (within + 1)⌉
}

}  // namespace

Yardstick::Yardstick(const SpaceRecording& recording) : configurations_(recording.ms.size()) {
  for (const std::optional<double>& ms : recording.ms)
    if (ms) times_.push_back(*ms);
  if (times_.empty()) throw UserError("nothing in the recording '" + recording.name + "' is right");
  std::sort(times_.begin(), times_.end());
  budget_ = std::max<std::size_t>(1, budget_of(times_));
}

// E[best] = t_1 + Σ_j (t_{j+1} − t_j) P(none of the best j drawn), and that probability shrinks by
// (N − j − (k − 1)) / (N − (k − 1)) with the k-th draw.
std::vector<double> Yardstick::random_search(std::size_t count) const {
  std::vector<double> expected;
  std::vector<double> none(times_.size() - 1, 1.0);
  for (std::size_t k = 1; k <= count; ++k) {
    double sum = times_.front();
    for (std::size_t j = 1; j < times_.size(); ++j) {
      if (k <= configurations_) {
        const double left = static_cast<double>(configurations_) - static_cast<double>(k - 1);
        none[j - 1] *= std::max(left - static_cast<double>(j), 0.0) / left;
      }
      sum += none[j - 1] * (times_[j] - times_[j - 1]);
    }
    expected.push_back(sum);
  }
  return expected;
}

}  // namespace evotune
