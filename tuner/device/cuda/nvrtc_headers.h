#pragma once

#include <string>
#include <vector>

namespace evotune {

/// What nvcc has and NVRTC lacks: the headers of C and C++, by way of libcu++ (<cuda/std/…>), the
/// blocks and warps of CUB, and the few names that nvcc declares unasked.
struct NvrtcHeaders {
  std::vector<std::string> names, texts;
};
[[nodiscard]] const NvrtcHeaders& nvrtc_headers();

/// The one of them that comes before every kernel: `uint`, `uint32_t`, INFINITY, M_PI, FLT_MAX.
inline constexpr const char* nvrtc_prelude = "evotune/prelude.h";
/// And before those that name something of `std::`.
inline constexpr const char* nvrtc_standard_library = "evotune/std.h";
/// A `using namespace std;` would make libcu++'s sqrtf as good as the built-in one, and every call
/// ambiguous. So it becomes one of a namespace without functions that are built in. What asks for
/// nvcc by `__NVCC__`, which would mislead the toolkit's headers, asks for `__CUDACC__`. Lambdas
/// lose their `__device__`.
[[nodiscard]] std::string for_nvrtc(std::string source);

}  // namespace evotune
