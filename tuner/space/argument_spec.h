#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "expr/expression.h"

namespace evotune {

enum class ElementType : std::uint8_t { i8, u8, i16, u16, i32, u32, i64, u64, f16, bf16, f32, f64 };

[[nodiscard]] std::string_view to_text(ElementType);  ///< "f32"
[[nodiscard]] std::optional<ElementType> element_type_from(
    std::string_view);  ///< "f32", and C's "float", "half", …
[[nodiscard]] std::size_t size_of(ElementType);
[[nodiscard]] bool is_floating(ElementType);

/// One of CUDA's vector types: "float4", "dim3", "half2".
struct VectorType {
  ElementType element;
  std::size_t components;
};
[[nodiscard]] std::optional<VectorType> vector_type_from(std::string_view);

/// `scalar` is passed by value, be it a number, a vector or a structure; `constant` fills a
/// __constant__ or __device__ variable by name; `filled_scratch` is scratch with declared values.
enum class Role : std::uint8_t { in, out, inout, scratch, scalar, constant, filled_scratch };
[[nodiscard]] std::string_view to_text(Role);
[[nodiscard]] constexpr bool is_output(Role role) {
  return role == Role::out || role == Role::inout;
}

/// Whether every run must find its values anew, because the run before it may have changed them.
[[nodiscard]] constexpr bool is_restored(Role role) {
  return role == Role::inout || role == Role::filled_scratch;
}

/// How the values of an input are made.
struct ValuesSpec {
  enum class Kind : std::uint8_t { normal, uniform, integers, one_hot, zeros, file, formula };
  Kind kind = Kind::normal;
  std::optional<Expression> low, high;  ///< `integers: [low, high]`, both included
  std::string file;                     ///< a .npy beside the space file
  std::optional<Expression> formula;    ///< of the element's number, `i`
};

/// One kernel argument as the space file declares it. What its expressions mean depends on a
/// configuration and a shape.
struct ArgumentSpec {
  std::string name;
  Role role = Role::in;
  std::string element;              ///< "f32", or the name of a `types` parameter
  std::vector<Expression> extents;  ///< none for scalars
  std::vector<Expression> value;    ///< of a scalar: of each component, mostly one
  std::size_t vector = 0;  ///< of a scalar that is one of CUDA's vectors: how many components
  /// Of a structure: scalars and arrays. An array is an argument of its own, too, behind it.
  std::vector<ArgumentSpec> members;
  std::string within;  ///< of such an array: the structure, which alone is a kernel's parameter
  std::string symbol;  ///< of a constant: the variable it fills
  ValuesSpec values;
  Location where;
};

/// Every name that the argument's types, sizes and values say; those of element types among them.
[[nodiscard]] std::vector<std::string> names_in(const ArgumentSpec&);

}  // namespace evotune
