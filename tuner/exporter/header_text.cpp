#include "exporter/header_text.h"

namespace evotune {

const std::string_view header_includes = R"text(#pragma once

#include <cuda.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
)text";

const std::string_view header_conversions = R"text(
// A whole number that a grid or a block may have.
template <typename T>
unsigned extent(T value, std::int64_t least = 1) {
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<T>(whole) != value || whole < least || whole > 2147483647)
    throw std::invalid_argument("no launch geometry for these sizes");
  return static_cast<unsigned>(whole);
}

// A kernel's argument by value, which must fit its type.
template <typename To, typename From>
To scalar(From value) {
  const To converted = static_cast<To>(value);
  if (std::is_integral_v<To> &&
      (static_cast<From>(converted) != value || (converted < To{}) != (value < From{})))
    throw std::invalid_argument("a size does not fit the kernel's argument");
  return converted;
}
)text";

const std::string_view header_errors = R"text(
inline void check(CUresult result, const char* act) {
  if (result == CUDA_SUCCESS) return;
  const char* text = nullptr;
  if (cuGetErrorString(result, &text) != CUDA_SUCCESS || text == nullptr) text = "unknown error";
  throw std::runtime_error(std::string(act) + ": " + text);
}
)text";

const std::string_view header_ownership = R"text(
  ~Kernel() {
    if (module_ != nullptr) cuModuleUnload(module_);
  }
  Kernel(Kernel&& other) noexcept
      : module_(std::exchange(other.module_, nullptr)),
        function_(std::exchange(other.function_, nullptr)) {}
  Kernel& operator=(Kernel&& other) noexcept {
    std::swap(module_, other.module_);
    std::swap(function_, other.function_);
    return *this;
  }

  /// Where a __constant__ or __device__ variable of the kernel lies, and how many bytes it has.
  CUdeviceptr variable(const char* name, std::size_t* bytes = nullptr) const {
    CUdeviceptr address = 0;
    check(cuModuleGetGlobal(&address, bytes, module_, name), "cuModuleGetGlobal");
    return address;
  }
)text";

}  // namespace evotune
