#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recording/recording.h"

namespace evotune {

/// One configuration and what became of it.
struct RecordedRow {
  std::vector<Value> values;
  std::optional<double> ms;
  std::optional<Failure> failure;
};

/// What formats hold that list configurations and say nothing of a space.
struct RecordedRows {
  std::string name, gpu;
  std::vector<std::string> parameters;
  std::vector<RecordedRow> rows;
  Bindings facts;
};

/// Its space is these configurations, its parameters' values are those that occur. What stands
/// there twice counts as it stands there last.
[[nodiscard]] SpaceRecording listed_recording(const RecordedRows&);

}  // namespace evotune
