#pragma once

#include <span>
#include <string_view>

namespace evotune {

/// A header that only a program on the host needs: <iostream>, <helper_cuda.h>, <sys/time.h>.
[[nodiscard]] bool is_host_header(std::string_view header);

/// A header that every CUDA compiler or C++ library has: "cuda.h", "stdio.h", "cub/cub.cuh". People
/// write these in quotes, too.
[[nodiscard]] bool is_system_header(std::string_view header);

/// A name that device code never has, wherever it stands: cout, argv, cudaMalloc, TORCH_CHECK.
/// Textures, and what device code may call of the runtime, are none.
[[nodiscard]] bool is_host_name(std::string_view name);
/// Such a name of the standard library, which may be something else without `std::`: vector, map.
[[nodiscard]] bool is_host_name_of_std(std::string_view name);

/// A namespace that device code may use without the file opening it: std, cub, nvcuda.
[[nodiscard]] bool is_device_space(std::string_view name);

/// A library that a kernel's file includes for its host or for its device side. The header is of
/// the host where no name of the library is left in device code.
struct SidedLibrary {
  std::string_view header;                  ///< what its headers begin with: "torch/"
  std::span<const std::string_view> names;  ///< its namespaces; "curand*" for all that begin so
  bool nowhere = false;                     ///< no CUDA toolkit has it
};
/// Null for a header of no such library.
[[nodiscard]] const SidedLibrary* sided_library(std::string_view header);
[[nodiscard]] bool is_name_of(const SidedLibrary&, std::string_view word);

}  // namespace evotune
