#pragma once

#include <string>

#include "store/queries.h"

namespace evotune {

/// A space as the user names it on the command line: by name, or by a file of which the name
/// counts.
struct SpaceArgument {
  std::string name;
  std::string hash;  ///< of the file; empty when it was a name
};

/// A path that ends in .yaml or .yml is read; anything else is a name (or a hash).
[[nodiscard]] SpaceArgument space_argument(const std::string& text);

/// Asks for that space, in the version of the file where it has results. Throws UserError for a
/// name that the database has never seen.
[[nodiscard]] BestFilter filter_for(const Store&, const SpaceArgument&);

/// Why there is nothing to show: "no right configuration of … yet; …".
[[nodiscard]] std::string nothing_right(const SpaceArgument&, const std::string& device);

}  // namespace evotune
