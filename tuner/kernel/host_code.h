#pragma once

#include <string>
#include <string_view>

namespace evotune {

/// A .cu file without what only a program on the host needs: `main`, functions that launch kernels
/// or call the CUDA runtime, variables and types of theirs, and the headers for it. Blanked line
/// for line, so that lines keep their numbers. What is __global__, __device__ or __constant__
/// stays, and so does everything that is not plainly of the host.
[[nodiscard]] std::string without_host_code(std::string_view source);

/// Whether a .cu file holds a program for the host beside its kernels.
[[nodiscard]] bool has_host_code(std::string_view source);

}  // namespace evotune
