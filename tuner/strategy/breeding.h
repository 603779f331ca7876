#pragma once

#include <optional>
#include <vector>

#include "strategy/memory.h"

namespace evotune {

// What evolution does to configurations. Children may break constraints: Space::repair() mends
// that.

/// Takes each gene from the other with even chance. False if that gave nothing the child had not.
bool cross(Config& child, const Config& other, Rng&);

/// One gene to a neighbouring value or, as often, to any other. Names have no neighbours.
void move_gene(const Space&, Config&, std::size_t gene, Rng&);

/// On average one gene moves.
void mutate(const Space&, Config&, bool at_least_one, Rng&);

/// Valid, one change away, never asked or told.
[[nodiscard]] std::vector<Config> unseen_neighbours(const Space&, const Memory&, const Config&);

}  // namespace evotune
