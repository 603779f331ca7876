#pragma once

#include <string>

namespace evotune {

using Seconds = double;

[[nodiscard]] Seconds monotonic_seconds();  ///< CLOCK_MONOTONIC
[[nodiscard]] std::string utc_now();        ///< "2026-11-20T10:30:00Z"

}  // namespace evotune
