#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "space/space.h"
#include "store/store.h"
#include "strategy/precedents.h"

namespace evotune {

/// The earlier run whose outcomes a new one starts from.
struct WarmStart {
  std::optional<std::int64_t> run;  ///< none: a cold start
  Precedents precedents;
  std::string report;  ///< whose outcomes, how many, what could not be matched; empty if not asked
};

/// `asked`: empty, the number of a finished run, or "auto": the newest finished run of this kernel
/// on another device, with another problem or of another version of the space; there being none, a
/// cold start. Throws UserError where the run that is named cannot be used.
[[nodiscard]] WarmStart warm_start_of(const Store&, const Space&, const RunRecord&,
                                      const std::string& asked);

}  // namespace evotune
