#pragma once

#include <string>
#include <vector>

#include "kernel/workload.h"

namespace evotune {

/// A NumPy array file: little-endian, C order.
struct NpyArray {
  std::string type;  ///< NumPy's word: "<f4"
  std::vector<std::uint64_t> shape;
  Buffer data;
};

/// Reads the format's versions 1 to 3; what is wrong is said in a Failure (Stage::load).
[[nodiscard]] Result<NpyArray> parse_npy(std::string_view content);

/// NumPy's word for this element: "<f4", "|i1". NumPy has none for bfloat16; its bits are "<u2".
[[nodiscard]] std::string npy_type(ElementType);

}  // namespace evotune
