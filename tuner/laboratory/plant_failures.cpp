#include "laboratory/plant_failures.h"

#include <algorithm>

namespace evotune {
namespace {

constexpr double slack = 0.02;  // of the share that a region may overshoot
constexpr int most_tries = 20'000;

struct Window {
  std::size_t parameter = 0;
  std::uint32_t first = 0, last = 0;
  [[nodiscard]] bool holds(const Config& config) const {
    return config.choice[parameter] >= first && config.choice[parameter] <= last;
  }
};
using Region = std::vector<Window>;

Region random_region(const std::vector<Parameter>& parameters,
                     const std::vector<std::size_t>& varying, Rng& rng) {
  Region region;
  const std::uint64_t dimensions = 1 + rng.below(std::min<std::uint64_t>(3, varying.size()));
  for (std::uint64_t i = 0; i < dimensions; ++i) {
    const std::size_t parameter = varying[rng.below(varying.size())];
    const std::uint64_t count = parameters[parameter].values.size();
    const std::uint64_t width = 1 + rng.below((count + 1) / 2);
    const std::uint64_t first = rng.below(count - width + 1);
    region.push_back({parameter, static_cast<std::uint32_t>(first),
                      static_cast<std::uint32_t>(first + width - 1)});
  }
  return region;
}

bool inside(const Region& region, const Config& config) {
  return std::all_of(region.begin(), region.end(),
                     [&config](const Window& window) { return window.holds(config); });
}

}  // namespace

void plant_failures(SpaceRecording& recording, double share) {
  std::vector<std::size_t> varying;
  for (std::size_t p = 0; p < recording.space.parameters().size(); ++p)
    if (recording.space.parameters()[p].values.size() > 1) varying.push_back(p);
  if (varying.empty()) return;
  const auto total = static_cast<double>(recording.ms.size());
  auto failed =
      static_cast<double>(std::count(recording.ms.begin(), recording.ms.end(), std::nullopt));
  Rng rng(1);
  for (int i = 0; i < most_tries && failed < share * total; ++i) {
    const Region region = random_region(recording.space.parameters(), varying, rng);
    std::vector<std::size_t> hit;
    for (const auto& [config, row] : recording.row_of)
      if (recording.ms[row] && inside(region, config)) hit.push_back(row);
    const double after = failed + static_cast<double>(hit.size());
    if (hit.empty() || after > (share + slack) * total || after == total) continue;
    for (const std::size_t row : hit) recording.ms[row].reset();
    failed = after;
  }
}

}  // namespace evotune
