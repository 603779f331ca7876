#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/value.h"
#include "outcome/outcome.h"

namespace evotune {

/// One configuration that a run has tried.
struct RunResult {
  Bindings values;
  Outcome outcome;
};

/// How all results of a run are written for other tools.
struct RunFormat {
  std::string_view name;
  std::string (*text)(std::span<const RunResult>);
};

/// Throws UserError for a name that is none.
[[nodiscard]] const RunFormat& run_format(std::string_view name);

/// The results format of the autotuning community, version 1.0.0: Kernel Tuner's and others'.
[[nodiscard]] std::string t4_text(std::span<const RunResult>);

}  // namespace evotune
