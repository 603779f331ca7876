#pragma once

#include <cstdint>

#include "device/isolated/worker.h"

namespace evotune {

// What it takes to have a kernel run in a worker, where that is more than one question.

/// Its name there. The workload is sent along only where the worker does not have it yet.
[[nodiscard]] Result<std::uint64_t> load_into(Worker&, LoadRequest&, const Workload&,
                                              Seconds limit);

/// What it left in its arguments.
[[nodiscard]] Result<Buffers> fetch(Worker&, std::uint64_t loaded, const Workload&, Seconds limit);

/// Before every launch the arguments are restored or poisoned; gigabytes of them take their time.
[[nodiscard]] Seconds time_to_fill(const Workload&, const Run&);

}  // namespace evotune
