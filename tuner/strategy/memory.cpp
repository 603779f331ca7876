#include "strategy/memory.h"

#include <algorithm>

namespace evotune {

std::optional<Config> Memory::unseen(const Space& space, Rng& rng) const {
  constexpr int tries = 64;
  for (int i = 0; i < tries; ++i)
    if (Config config = space.sample(rng); !contains(config)) return config;
  // Nearly all were seen. From any index on, at most as many as were ever
  // seen can stand in a row, so this is short.
  const std::uint64_t count = space.count();
  const std::uint64_t start = rng.below(count);
  const std::uint64_t steps = std::min<std::uint64_t>(count, seen_.size() + 1);
  for (std::uint64_t i = 0; i < steps; ++i)
    if (Config config = space.at((start + i) % count); !contains(config)) return config;
  return std::nullopt;
}

std::optional<Config> Memory::draw(const Space& space, Rng& rng) {
  std::optional<Config> config = unseen(space, rng);
  if (config) insert(*config);
  return config;
}

}  // namespace evotune
