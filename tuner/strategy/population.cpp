#include "strategy/population.h"

#include <algorithm>

namespace evotune {
namespace {

bool better(const Score& score, const Member& member) { return score > member.score; }

}  // namespace

void Population::insert(std::span<const Individual> individuals) {
  for (const Individual& one : individuals)
    members_.insert(std::upper_bound(members_.begin(), members_.end(), one.score, better),
                    {one.config(), one.score});
}

double Population::place(const Score& score) const {
  const auto behind =
      std::lower_bound(members_.begin(), members_.end(), score,
                       [](const Member& member, const Score& s) { return member.score > s; });
  return static_cast<double>(behind - members_.begin()) / static_cast<double>(members_.size());
}

}  // namespace evotune
