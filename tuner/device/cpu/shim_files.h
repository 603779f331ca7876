#pragma once

#include <span>
#include <string_view>

namespace evotune::cpu {

/// A header of the CUDA dialect, embedded in the binary (embed_shim.cmake writes the table).
struct ShimFile {
  std::string_view name;
  std::string_view text;
};

[[nodiscard]] std::span<const ShimFile> shim_files();

[[nodiscard]] inline bool in_shim(std::string_view header) {
  for (const ShimFile& file : shim_files())
    if (file.name == header) return true;
  return false;
}

}  // namespace evotune::cpu
