#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/value.h"

namespace evotune {

/// What constraints may ask of a GPU that is not there: the facts of its architecture, and the
/// multiprocessors, clocks and memory of its usual data-centre or desktop part. Those of sm_90 for
/// an unknown one.
[[nodiscard]] Bindings nominal_facts(const std::string& arch);

/// At most, from or to a GPU's memory, which transfers twice a clock.
[[nodiscard]] constexpr std::int64_t bytes_per_second(std::int64_t memory_clock_hz,
                                                      std::int64_t bus_bits) {
  return 2 * memory_clock_hz * (bus_bits / 8);
}

}  // namespace evotune
