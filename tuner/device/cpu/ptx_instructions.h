#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evotune::cpu {

/// An operand as C++ sees it: one expression, several in braces, or an address.
struct PtxOperand {
  std::vector<std::string> parts;
  bool is_address = false, is_group = false;
};

struct PtxInstruction {
  std::string text;  ///< as it is written
  std::string base;
  std::vector<std::string> modifiers;  ///< without those that mean nothing here
  std::vector<PtxOperand> operands;
};

[[nodiscard]] bool is_ptx_type(std::string_view);
/// A modifier on which no result depends here: fast versions are exact, memory orders strict.
[[nodiscard]] bool is_meaningless_in_ptx(std::string_view modifier);

/// The statement that does what the instruction does, by the functions of shim/ptx.h; nothing if it
/// is not known.
[[nodiscard]] std::optional<std::string> translate_instruction(const PtxInstruction&);
/// The same of shuffles, votes, matches, reductions and stmatrix, and of atomics.
[[nodiscard]] std::optional<std::string> translate_collective(const PtxInstruction&);
/// The same of barriers and fences.
[[nodiscard]] std::optional<std::string> translate_barrier(const PtxInstruction&);
/// The same of arithmetic, bits, comparisons and conversions.
[[nodiscard]] std::optional<std::string> translate_arithmetic(const PtxInstruction&);
/// The same of wmma, by shim/ptx_tiles.h.
[[nodiscard]] std::optional<std::string> translate_tiles(const PtxInstruction&);

/// `const unsigned name[] = {…};` of these registers' bits, and the way back from `evotune_d`.
[[nodiscard]] std::string ptx_words(const std::string& name, const std::vector<std::string>& parts);
[[nodiscard]] std::string ptx_take_words(const std::vector<std::string>& parts);
/// Where an address operand points, as a C++ expression.
[[nodiscard]] std::string ptx_address(const PtxOperand&, bool shared);
/// Its scope is the block: ".cta".
[[nodiscard]] bool ptx_is_of_block(const PtxInstruction&);
/// For whom an atomic or strong access is: one of for_all and for_block of shim/atomics.h.
[[nodiscard]] std::string_view ptx_scope(const PtxInstruction&);
/// The statement that comes before a store that releases, or nothing.
[[nodiscard]] std::string ptx_release(const PtxInstruction&);
[[nodiscard]] bool has_modifier(const PtxInstruction&, std::string_view);

}  // namespace evotune::cpu
