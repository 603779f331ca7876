#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "expr/value.h"

namespace evotune {

inline constexpr std::string_view manifest_format = "evotune-export/1";

[[nodiscard]] nlohmann::ordered_json to_json(const Bindings&);

/// Throws UserError for anything but an object of numbers, truths and strings. `where` names it.
[[nodiscard]] Bindings bindings_from(const nlohmann::json&, std::string_view where);

}  // namespace evotune
