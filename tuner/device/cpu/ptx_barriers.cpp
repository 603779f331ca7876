#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

/// bar.red.popc.u32 d, number, [threads,] p · bar.red.and.pred q, number, [threads,] p
std::optional<std::string> barrier_with_votes(const PtxInstruction& one) {
  const std::string &votes = one.modifiers[1], &type = one.modifiers[2];
  const std::size_t count = one.operands.size();
  const bool known =
      votes == "popc" ? type == "u32" : (votes == "and" || votes == "or") && type == "pred";
  if (!known || count < 3 || count > 4) return std::nullopt;
  const std::string threads =
      count == 4 ? fmt::format("(unsigned)({}), ", one.operands[2].parts[0]) : "";
  return fmt::format("evotune::cpu::ptx::bar_red_{}(__LINE__, {}, (unsigned)({}), {}{}); ", votes,
                     one.operands[0].parts[0], one.operands[1].parts[0], threads,
                     one.operands[count - 1].parts[0]);
}

/// The modifier "sync" was dropped: what is left says "arrive", "warp" or "red".
std::optional<std::string> barrier(const PtxInstruction& one) {
  if (one.modifiers.size() == 3 && one.modifiers[0] == "red") return barrier_with_votes(one);
  std::string arguments;
  for (const PtxOperand& operand : one.operands)
    arguments += fmt::format(", (unsigned)({})", operand.parts[0]);
  if (one.modifiers.empty() && one.operands.empty()) arguments = ", 0";
  if (one.modifiers.empty())
    return fmt::format("evotune::cpu::ptx::bar_sync(__LINE__{}); ", arguments);
  if (one.modifiers == Names{"arrive"} && one.operands.size() == 2)
    return fmt::format("evotune::cpu::ptx::bar_arrive(__LINE__{}); ", arguments);
  if (one.modifiers == Names{"warp"} && one.operands.size() == 1)
    return fmt::format("__syncwarp((unsigned)({})); ", one.operands[0].parts[0]);
  return std::nullopt;
}

/// mbarrier.arrive.shared.b64 state, [p] · mbarrier.try_wait.parity.shared::cta.b64 done, [p],
/// phase
std::optional<std::string> barrier_in_memory(const PtxInstruction& one) {
  struct Form {
    std::string_view name, function;
    std::size_t address, least, most;  ///< where it stands, how many operands
  };
  static constexpr std::array forms = {
      Form{"init", "init", 0, 2, 2},
      Form{"arrive", "arrive", 1, 2, 3},
      Form{"arrive_drop", "arrive_drop", 1, 2, 3},
      Form{"test_wait", "wait", 1, 3, 3},
      Form{"try_wait", "wait", 1, 3, 4},
  };
  const Names& m = one.modifiers;
  if (m.empty() || m.back() != "b64") return std::nullopt;
  for (std::size_t i = 1; i + 1 < m.size(); ++i)
    if (m[i] != "shared" && m[i] != "shared::cta" && m[i] != "parity" && m[i] != "noComplete")
      return std::nullopt;
  if (m[0] == "inval") return "";
  if (m[0] == "pending_count" && one.operands.size() == 2)
    return fmt::format("evotune::cpu::ptx::mbarrier_pending_count({}, {}); ",
                       one.operands[0].parts[0], one.operands[1].parts[0]);
  const auto* form = std::find_if(forms.begin(), forms.end(),
                                  [&m](const Form& known) { return known.name == m[0]; });
  const std::size_t count = one.operands.size();
  if (form == forms.end() || count < form->least || count > form->most ||
      !one.operands[form->address].is_address)
    return std::nullopt;
  std::string arguments;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, 3); ++i)
    if (i != form->address) arguments += ", " + one.operands[i].parts[0];
  return fmt::format("evotune::cpu::ptx::mbarrier_{}{}({}, __LINE__{}); ", form->function,
                     has_modifier(one, "parity") ? "_parity" : "",
                     ptx_address(one.operands[form->address], true), arguments);
}

}  // namespace

std::optional<std::string> translate_barrier(const PtxInstruction& one) {
  if (one.base == "bar" || one.base == "barrier") return barrier(one);
  if (one.base == "mbarrier") return barrier_in_memory(one);
  const bool fence = one.base == "membar" || one.base == "fence";
  if (fence && one.text.find("proxy") == std::string::npos)
    return ptx_is_of_block(one) ? "__threadfence_block(); " : "__threadfence(); ";
  return std::nullopt;
}

}  // namespace evotune::cpu
