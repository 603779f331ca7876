#include "space/nearby.h"

#include <utility>

namespace evotune {
namespace {

std::size_t changes(const Group& group, const Config& a, const Config& b) {
  std::size_t count = 0;
  for (const std::size_t member : group.members())
    if (a.choice[member] != b.choice[member]) ++count;
  return count;
}

// Takes over the wanted choices as long as the combination stays valid.
Config led_back(const Group& group, const Config& wanted, Config found) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::size_t member : group.members()) {
      if (found.choice[member] == wanted.choice[member]) continue;
      const std::uint32_t before = std::exchange(found.choice[member], wanted.choice[member]);
      if (group.valid(found))
        changed = true;
      else
        found.choice[member] = before;
    }
  }
  return found;
}

}  // namespace

void append_neighbours(const Group& group, const Definition& definition, const Config& config,
                       std::vector<Config>& neighbours) {
  Config other = config;
  for (const std::size_t member : group.members()) {
    const std::size_t size = definition.parameters[member].values.size();
    for (std::uint32_t choice = 0; choice < size; ++choice) {
      other.choice[member] = choice;
      if (choice != config.choice[member] && group.valid(other)) neighbours.push_back(other);
    }
    other.choice[member] = config.choice[member];
  }
}

Config repaired(const Group& group, const Definition& definition, Config wanted, Rng& rng) {
  constexpr int samples = 64;
  if (group.valid(wanted)) return wanted;
  std::vector<Config> near;
  append_neighbours(group, definition, wanted, near);
  if (!near.empty()) return near[rng.below(near.size())];
  Config best;
  std::size_t fewest = group.members().size() + 1;
  for (int i = 0; i < samples; ++i) {
    Config found = wanted;
    group.sample(rng, found);
    found = led_back(group, wanted, std::move(found));
    const std::size_t count = changes(group, found, wanted);
    if (count >= fewest) continue;
    fewest = count;
    best = std::move(found);
  }
  return best;
}

}  // namespace evotune
