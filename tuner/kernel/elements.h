#pragma once

#include <cstring>
#include <type_traits>
#include <utility>

#include "kernel/workload.h"

namespace evotune {

/// 16-bit floats in memory. Storage only: what they mean is from_half and from_bfloat16.
struct Half {
  std::uint16_t bits = 0;
};
struct Bfloat16 {
  std::uint16_t bits = 0;
};

/// Calls `visit` with a value-initialised element of this type.
template <typename Visit>
decltype(auto) with_element(ElementType type, Visit&& visit) {
  switch (type) {
    case ElementType::i8:
      return visit(std::int8_t{});
    case ElementType::u8:
      return visit(std::uint8_t{});
    case ElementType::i16:
      return visit(std::int16_t{});
    case ElementType::u16:
      return visit(std::uint16_t{});
    case ElementType::i32:
      return visit(std::int32_t{});
    case ElementType::u32:
      return visit(std::uint32_t{});
    case ElementType::i64:
      return visit(std::int64_t{});
    case ElementType::u64:
      return visit(std::uint64_t{});
    case ElementType::f16:
      return visit(Half{});
    case ElementType::bf16:
      return visit(Bfloat16{});
    case ElementType::f32:
      return visit(float{});
    case ElementType::f64:
      break;
  }
  return visit(double{});
}

/// A number as an element; the caller knows that an integer fits.
template <typename T, typename Number>
[[nodiscard]] T element_from(Number number) {
  if constexpr (std::is_same_v<T, Half>)
    return {to_half(static_cast<double>(number))};
  else if constexpr (std::is_same_v<T, Bfloat16>)
    return {to_bfloat16(static_cast<double>(number))};
  else
    return static_cast<T>(number);
}

template <typename T>
[[nodiscard]] double number_from(T element) {
  if constexpr (std::is_same_v<T, Half>)
    return from_half(element.bits);
  else if constexpr (std::is_same_v<T, Bfloat16>)
    return from_bfloat16(element.bits);
  else
    return static_cast<double>(element);
}

/// Sets every element of the buffer to what `make(index)` returns.
template <typename T, typename Make>
void fill(Buffer& buffer, Make&& make) {
  for (std::size_t i = 0; i < buffer.size() / sizeof(T); ++i) {
    const T element = element_from<T>(make(i));
    std::memcpy(buffer.data() + i * sizeof(T), &element, sizeof(T));
  }
}

}  // namespace evotune
