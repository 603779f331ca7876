#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace evotune {

/// Where a candidate stopped, in the order of the pipeline; then what is nobody's stage.
/// `infrastructure` is evotune's or the machine's fault, never the candidate's.
enum class Stage : std::uint8_t {
  render,
  compile,
  gate,
  load,
  launch,
  verify,
  race,
  timeout,
  crash,
  out_of_memory,
  infrastructure
};

[[nodiscard]] std::string_view to_text(Stage);
[[nodiscard]] std::optional<Stage> stage_from(std::string_view text);

/// Why a candidate did not get a time. A result of the search, never an exception.
struct Failure {
  Stage stage = Stage::infrastructure;
  std::string message;
  bool operator==(const Failure&) const = default;
};

template <typename T>
using Result = Expected<T, Failure>;

}  // namespace evotune
