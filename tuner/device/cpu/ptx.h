#pragma once

#include <span>
#include <string>
#include <string_view>

namespace evotune::cpu {

/// One operand of an asm statement, outputs first.
struct AsmOperand {
  std::string constraint;  ///< "=r", "+f", "l"
  std::string expression;
};

/// C++ in one line that does what inline PTX says, by the functions of shim/ptx.h. For an
/// instruction that is not known: a static_assert that names it.
[[nodiscard]] std::string translate_ptx(std::string_view text, std::span<const AsmOperand>);

}  // namespace evotune::cpu
