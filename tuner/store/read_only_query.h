#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace evotune {

/// What a stranger's question may cost.
struct QueryLimits {
  std::size_t rows = 0;  ///< 0: all
  Seconds seconds = 30;
};

/// NULL, a number or text; a blob comes as SQL writes it: x'00ff'.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  bool truncated = false;  ///< there were more rows than asked for
};

/// Runs one SELECT of the user's on a store that was opened read-only. It may read and compute,
/// nothing else. Throws UserError for anything else, wrong SQL, or one that takes too long.
[[nodiscard]] QueryResult query(const Store&, const std::string& sql, const QueryLimits& = {});

}  // namespace evotune
