#include "device/cuda/build_marks.h"

namespace evotune {

std::string build_symbol(const std::string& build_id) { return "evotune_build_" + build_id; }

std::string build_marks(const Source& source) {
  std::string marks = "\nextern \"C\" {\n__device__ char " + build_symbol(source.hash) + ";\n";
  if (may_wait_for_grid(source.text))
    marks += std::string("__device__ char ") + cooperative_symbol + ";\n";
  return marks + "}\n";
}

}  // namespace evotune
