#pragma once

#include <memory>

#include "engine/reporter.h"
#include "space/space_file.h"

namespace evotune {

enum class ProgressStyle : unsigned char { live, plain, json, quiet };

/// Shows a run to a person at a terminal, a log file or a script.
[[nodiscard]] std::unique_ptr<Reporter> make_progress(ProgressStyle, const StopSettings&,
                                                      const SearchSettings&);

/// For a command with one answer: says on stderr what it is doing if that takes long, and at a
/// terminal takes it away again at the end.
[[nodiscard]] std::unique_ptr<Reporter> make_progress();

}  // namespace evotune
