#include "device/cuda/nvrtc_headers.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace evotune {
namespace {

// Types as of libcu++, so that both may declare them.
constexpr std::string_view prelude = R"(#pragma once
namespace evotune_std {}
#define __asm__ asm
#define __asm asm
#define __volatile__ volatile
using uint = unsigned int;
using ushort = unsigned short;
using ulong = unsigned long;
using int8_t = signed char;
using int16_t = signed short;
using int32_t = signed int;
using int64_t = signed long long;
using uint8_t = unsigned char;
using uint16_t = unsigned short;
using uint32_t = unsigned int;
using uint64_t = unsigned long long;
using intptr_t = signed long long;
using uintptr_t = unsigned long long;
#define INFINITY __int_as_float(0x7f800000)
#define NAN __int_as_float(0x7fffffff)
#define HUGE_VAL __longlong_as_double(0x7ff0000000000000)
#define HUGE_VALF INFINITY
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440
#define register
using cufftReal = float;
using cufftDoubleReal = double;
using cufftComplex = float2;
using cufftDoubleComplex = double2;
)";

// As libcu++ writes them, so that both may define them.
constexpr std::string_view limits_of_integers = R"(
#define CHAR_BIT 8
#define SCHAR_MIN (-128)
#define SCHAR_MAX 127
#define UCHAR_MAX 255
#define CHAR_MIN SCHAR_MIN
#define CHAR_MAX SCHAR_MAX
#define SHRT_MIN (-SHRT_MAX - 1)
#define SHRT_MAX 0x7fff
#define USHRT_MAX 0xffff
#define INT_MIN (-INT_MAX - 1)
#define INT_MAX 0x7fffffff
#define UINT_MAX 0xffffffff
#define LONG_MIN (-LONG_MAX - 1)
#define LONG_MAX LLONG_MAX
#define ULONG_MAX ULLONG_MAX
#define LLONG_MIN (-LLONG_MAX - 1)
#define LLONG_MAX 0x7fffffffffffffffLL
#define ULLONG_MAX 0xffffffffffffffffUL
)";

// C++ has sqrt(2) and pow(2, n), NVRTC only those of floats and doubles.
constexpr std::string_view functions_of_integers = R"(
template <class> struct evotune_integer {};
#define EVOTUNE_INTEGER(T) template <> struct evotune_integer<T> { using result = double; };
EVOTUNE_INTEGER(char) EVOTUNE_INTEGER(signed char) EVOTUNE_INTEGER(unsigned char)
EVOTUNE_INTEGER(short) EVOTUNE_INTEGER(unsigned short) EVOTUNE_INTEGER(int)
EVOTUNE_INTEGER(unsigned) EVOTUNE_INTEGER(long) EVOTUNE_INTEGER(unsigned long)
EVOTUNE_INTEGER(long long) EVOTUNE_INTEGER(unsigned long long)
#undef EVOTUNE_INTEGER
#define EVOTUNE_OF_INTEGER(f) template <class T> __device__ \
  typename evotune_integer<T>::result f(T x) { return f(static_cast<double>(x)); }
EVOTUNE_OF_INTEGER(sqrt) EVOTUNE_OF_INTEGER(cbrt) EVOTUNE_OF_INTEGER(exp) EVOTUNE_OF_INTEGER(exp2)
EVOTUNE_OF_INTEGER(log) EVOTUNE_OF_INTEGER(log2) EVOTUNE_OF_INTEGER(log10)
EVOTUNE_OF_INTEGER(sin) EVOTUNE_OF_INTEGER(cos) EVOTUNE_OF_INTEGER(tan)
EVOTUNE_OF_INTEGER(floor) EVOTUNE_OF_INTEGER(ceil) EVOTUNE_OF_INTEGER(fabs)
#undef EVOTUNE_OF_INTEGER
template <class A, class B> __device__ typename evotune_integer<A>::result pow(A a, B b) {
  return pow(static_cast<double>(a), static_cast<double>(b));
}
template <class B> __device__ typename evotune_integer<B>::result pow(float a, B b) {
  return pow(static_cast<double>(a), static_cast<double>(b));
}
template <class B> __device__ typename evotune_integer<B>::result pow(double a, B b) {
  return pow(a, static_cast<double>(b));
}
inline __device__ double pow(float a, double b) { return pow(static_cast<double>(a), b); }
inline __device__ double pow(double a, float b) { return pow(a, static_cast<double>(b)); }
)";

constexpr std::string_view limits_of_floats = R"(#pragma once
#define FLT_RADIX 2
#define FLT_MANT_DIG 24
#define FLT_DIG 6
#define FLT_MIN_EXP (-125)
#define FLT_MAX_EXP 128
#define FLT_MIN_10_EXP (-37)
#define FLT_MAX_10_EXP 38
#define FLT_MAX 3.402823466e+38F
#define FLT_MIN 1.175494351e-38F
#define FLT_EPSILON 1.192092896e-07F
#define DBL_MANT_DIG 53
#define DBL_DIG 15
#define DBL_MIN_EXP (-1021)
#define DBL_MAX_EXP 1024
#define DBL_MIN_10_EXP (-307)
#define DBL_MAX_10_EXP 308
#define DBL_MAX 1.7976931348623157e+308
#define DBL_MIN 2.2250738585072014e-308
#define DBL_EPSILON 2.2204460492503131e-16
)";

// All of CUB that runs within a block; the rest of it is for the host.
constexpr std::string_view cub = R"(#pragma once
#include <cub/block/block_adjacent_difference.cuh>
#include <cub/block/block_discontinuity.cuh>
#include <cub/block/block_exchange.cuh>
#include <cub/block/block_histogram.cuh>
#include <cub/block/block_load.cuh>
#include <cub/block/block_merge_sort.cuh>
#include <cub/block/block_radix_sort.cuh>
#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>
#include <cub/block/block_shuffle.cuh>
#include <cub/block/block_store.cuh>
#include <cub/warp/warp_exchange.cuh>
#include <cub/warp/warp_load.cuh>
#include <cub/warp/warp_merge_sort.cuh>
#include <cub/warp/warp_reduce.cuh>
#include <cub/warp/warp_scan.cuh>
#include <cub/warp/warp_store.cuh>
)";

// Headers with parts for the host, which NVRTC cannot read.
constexpr std::string_view whole_cub[] = {"cub/cub.cuh",
                                          "cub/device/device_histogram.cuh",
                                          "cub/device/device_partition.cuh",
                                          "cub/device/device_radix_sort.cuh",
                                          "cub/device/device_reduce.cuh",
                                          "cub/device/device_run_length_encode.cuh",
                                          "cub/device/device_scan.cuh",
                                          "cub/device/device_segmented_radix_sort.cuh",
                                          "cub/device/device_segmented_reduce.cuh",
                                          "cub/device/device_segmented_sort.cuh",
                                          "cub/device/device_select.cuh"};

// Their names are in the global namespace and built in, or of no use on a GPU.
constexpr std::string_view empty[] = {"assert.h",   "cassert",  "cstdio",   "cstring",
                                      "inttypes.h", "malloc.h", "math.h",   "memory.h",
                                      "stdint.h",   "stdio.h",  "stdlib.h", "string.h"};

// Of C++, each under its own name in <cuda/std/…>.
constexpr std::string_view standard[] = {"array",
                                         "atomic",
                                         "bit",
                                         "bitset",
                                         "climits",
                                         "cmath",
                                         "complex",
                                         "concepts",
                                         "cstddef",
                                         "cstdint",
                                         "cstdlib",
                                         "functional",
                                         "initializer_list",
                                         "limits",
                                         "numbers",
                                         "optional",
                                         "ratio",
                                         "span",
                                         "tuple",
                                         "type_traits",
                                         "utility",
                                         "variant"};

// Elsewhere under another.
constexpr std::pair<std::string_view, std::string_view> renamed[] = {
    {"algorithm", "cuda/std/__algorithm_"},
    {"cinttypes", "cuda/std/cstdint"},
    {"limits.h", "cuda/std/climits"},
    {"stddef.h", "cuda/std/cstddef"}};

// What nvcc's own headers bring of C++.
constexpr std::string_view brought = R"(#pragma once
#if __has_include(<cuda/std/type_traits>)
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
namespace evotune_std {
using cuda::std::conditional_t;
using cuda::std::enable_if_t;
using cuda::std::forward;
using cuda::std::is_same;
using cuda::std::is_same_v;
using cuda::std::make_pair;
using cuda::std::move;
using cuda::std::numeric_limits;
using cuda::std::pair;
using cuda::std::swap;
}
#endif
)";

std::string by_way_of(std::string_view header) {
  return fmt::format(
      "#pragma once\n#include <{}>\nnamespace cuda::std {{}}\n"
      "namespace std {{ using namespace cuda::std; }}\n",
      header);
}

NvrtcHeaders all() {
  NvrtcHeaders headers;
  const auto add = [&](std::string_view name, std::string_view text) {
    headers.names.emplace_back(name);
    headers.texts.emplace_back(text);
  };
  add(nvrtc_prelude, fmt::format("{}{}{}#include <float.h>\n", prelude, limits_of_integers,
                                 functions_of_integers));
  add(nvrtc_standard_library, brought);
  add("float.h", limits_of_floats);
  add("cfloat", limits_of_floats);
  for (const std::string_view name : whole_cub) add(name, cub);
  for (const std::string_view name : empty) add(name, "");
  for (const std::string_view name : standard)
    add(name, by_way_of(fmt::format("cuda/std/{}", name)));
  for (const auto& [name, header] : renamed) add(name, by_way_of(header));
  return headers;
}

/// NVRTC refuses `[=] __device__ (…) {…}`, and what is not annotated is the device's here.
std::string with_plain_lambdas(std::string text) {
  constexpr std::string_view annotations[] = {"__device__", "__host__"};
  for (std::size_t at = text.find(']'); at != std::string::npos; at = text.find(']', at + 1)) {
    if (at > 0 && text[at - 1] == ']') continue;  // [[nodiscard]] __device__ int f()
    std::size_t next = at + 1;
    for (bool again = true; again;) {
      again = false;
      next = std::min(text.find_first_not_of(' ', next), text.size());
      for (const std::string_view one : annotations) {
        if (text.compare(next, one.size(), one) != 0) continue;
        text.replace(next, one.size(), one.size(), ' ');
        again = true;
      }
    }
  }
  return text;
}

}  // namespace

std::string for_nvrtc(std::string source) {
  constexpr std::pair<std::string_view, std::string_view> changes[] = {
      {"using namespace std;", "using namespace evotune_std;"}, {"__NVCC__", "__CUDACC__"}};
  for (const auto& [before, after] : changes)
    for (std::size_t at = source.find(before); at != std::string::npos;
         at = source.find(before, at + after.size()))
      source.replace(at, before.size(), after);
  return with_plain_lambdas(std::move(source));
}

const NvrtcHeaders& nvrtc_headers() {
  static const NvrtcHeaders headers = all();
  return headers;
}

}  // namespace evotune
