#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "store/store.h"

namespace evotune {

/// "812.4 µs, 9.61× [9.58, 9.65]  BK=32,BM=64,…", or the failure.
[[nodiscard]] std::string describe(const Evaluation&);

/// The measured part alone: "812.4 µs, 9.61× [9.58, 9.65]", or "verify: …".
[[nodiscard]] std::string describe(const Outcome&);

/// "no race", and at which shapes not all blocks were looked at.
[[nodiscard]] std::string describe_no_race(const std::vector<std::string>& followed_in_part);

[[nodiscard]] nlohmann::json to_json(const Evaluation&);

/// latency_us, speedup, speedup_low, speedup_high, max_error; or failed and message.
[[nodiscard]] nlohmann::json to_json(const Outcome&);

}  // namespace evotune
