#pragma once

#include <map>
#include <string>

#include "space/config.h"
#include "space/definition.h"

namespace evotune {

[[nodiscard]] Bindings values_of(const Definition&, const Config&);

/// What is known at a configuration and shape, and which lets have no value there, and why.
struct Bound {
  Bindings bindings;
  std::map<std::string, std::string, std::less<>> failed_lets;
};
[[nodiscard]] Bound bound(const Definition&, const Config&, const Shape&);

/// "threads <= 1024 is false: threads = 4096"; empty if every constraint holds at every shape.
[[nodiscard]] std::string explain_invalid(const Definition&, const Config&);

/// Throws the UserError for a definition that has no valid configuration: it names the constraint
/// that excludes most.
[[noreturn]] void throw_empty(const Definition&);

}  // namespace evotune
