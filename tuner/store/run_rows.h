#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace evotune {

std::int64_t add_run(Sqlite&, const RunRecord&, const std::string& started);
[[nodiscard]] std::optional<std::int64_t> find_unfinished(Sqlite&, const RunRecord&);
[[nodiscard]] std::optional<RunStatus> find_run(Sqlite&, std::int64_t id);
[[nodiscard]] std::vector<RunStatus> all_runs(Sqlite&);  ///< the newest first

}  // namespace evotune
