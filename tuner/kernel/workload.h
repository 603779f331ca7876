#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "expr/value.h"
#include "outcome/failure.h"
#include "space/argument_spec.h"

namespace evotune {

using Buffer = std::vector<std::byte>;
using Buffers = std::vector<Buffer>;

/// One kernel argument with its sizes known.
struct Argument {
  std::string name;
  Role role = Role::in;
  ElementType type = ElementType::f32;
  std::uint64_t count = 1;  ///< elements
  std::string symbol;       ///< of a constant
  bool vector = false;      ///< aligned as CUDA's float4 is, where it is a member
  /// Of a structure, which is else so many bytes of u8. Devices need no more, and workers get none.
  std::vector<Argument> members = {};
  std::string within = {};   ///< of an array: the structure that is passed and holds its address
  std::uint64_t offset = 0;  ///< there
  [[nodiscard]] std::uint64_t bytes() const { return count * size_of(type); }
  [[nodiscard]] bool is_buffer() const { return role != Role::constant && role != Role::scalar; }
};

/// The arguments of a kernel at one shape, on the host.
struct Workload {
  std::string id;  ///< names this content: devices keep what they have seen before
  std::vector<Argument> arguments;
  /// Per input set, per argument: the bytes of in, inout, scalar, constant and filled scratch;
  /// empty for out, scratch.
  std::vector<Buffers> input_sets;
};

/// How input set number `i` is made from the declared kind, so that exact and awkward values are
/// tried too.
enum class InputFlavour : std::uint8_t { declared, one_hot, small_integers, large, zeros };

/// Resolves sizes and fills `flavours.size()` input sets, seeded. Fails (Stage::load) for a size
/// that is negative, absurd or not a whole number.
[[nodiscard]] Result<Workload> make_workload(const std::vector<ArgumentSpec>&,
                                             const Bindings& bound,
                                             const std::vector<InputFlavour>& flavours,
                                             std::uint64_t seed,
                                             const std::string& folder /* of .npy files */);

/// The same values with every floating type widened to f64, for the reference.
[[nodiscard]] Workload widened(const Workload&);

/// Elements of a buffer as doubles; exact for everything but 64-bit integers beyond 2^53.
[[nodiscard]] std::vector<double> as_doubles(const Buffer&, ElementType);

/// Half and bfloat16, round to nearest even.
[[nodiscard]] std::uint16_t to_half(double);
[[nodiscard]] double from_half(std::uint16_t);
[[nodiscard]] std::uint16_t to_bfloat16(double);
[[nodiscard]] double from_bfloat16(std::uint16_t);

}  // namespace evotune
