#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

std::string as(std::string_view type, const PtxOperand& operand) {
  return fmt::format("evotune::cpu::ptx::as<evotune::cpu::ptx::{}>({})", type, operand.parts[0]);
}

/// shfl.sync.down.b32 d|p, a, b, c, mask
std::optional<std::string> shuffle(const PtxInstruction& one) {
  static const std::set<std::string_view> modes = {"up", "down", "bfly", "idx"};
  const auto& m = one.modifiers;
  if (m.size() != 2 || modes.count(m[0]) == 0 || m[1] != "b32" || one.operands.size() != 5)
    return std::nullopt;
  const auto& to = one.operands[0].parts;
  return fmt::format(
      "evotune::cpu::ptx::shfl<evotune::cpu::ptx::Shuffle::{}>({}, {}, {}, {}, {}, {}, __LINE__); ",
      m[0], to[0], to.size() > 1 ? to[1] : "evotune_sink", as("u32", one.operands[1]),
      as("u32", one.operands[2]), as("u32", one.operands[3]), as("u32", one.operands[4]));
}

/// vote.sync.ballot.b32 d, p, mask; without `sync` it is of an age that no GPU honours any more.
std::optional<std::string> vote(const PtxInstruction& one) {
  static const std::set<std::string_view> modes = {"ballot", "any", "all", "uni"};
  if (one.modifiers.size() != 2 || modes.count(one.modifiers[0]) == 0 || one.operands.size() != 3)
    return std::nullopt;
  return fmt::format("evotune::cpu::ptx::vote_{}({}, {}, {}, __LINE__); ", one.modifiers[0],
                     one.operands[0].parts[0], one.operands[1].parts[0],
                     as("u32", one.operands[2]));
}

/// match.any.sync.b32 d, a, mask · match.all.sync.b64 d|p, a, mask
std::optional<std::string> match(const PtxInstruction& one) {
  const auto& m = one.modifiers;
  const bool any = m.size() == 2 && m[0] == "any", all = m.size() == 2 && m[0] == "all";
  if ((!any && !all) || (m[1] != "b32" && m[1] != "b64") || one.operands.size() != 3)
    return std::nullopt;
  const auto& to = one.operands[0].parts;
  if (to.size() != (all ? 2U : 1U)) return std::nullopt;
  return fmt::format("evotune::cpu::ptx::match_{}<evotune::cpu::ptx::{}>({}, {}, {}, __LINE__); ",
                     m[0], m[1], join(to, ", "), as(m[1], one.operands[1]),
                     as("u32", one.operands[2]));
}

std::optional<std::string> reduce(const PtxInstruction& one) {
  if (one.operands.size() != 3 || one.modifiers.size() != 2) return std::nullopt;
  return fmt::format("evotune::cpu::ptx::set({}, __reduce_{}_sync({}, {})); ",
                     one.operands[0].parts[0], one.modifiers[0], as("u32", one.operands[2]),
                     as(one.modifiers[1] == "b32" ? "u32" : one.modifiers[1], one.operands[1]));
}

/// stmatrix.sync.aligned.m8n8.x4.shared.b16 [p], {a, b, c, d}
std::optional<std::string> store_matrix(const PtxInstruction& one) {
  const int count = has_modifier(one, "x4") ? 4 : has_modifier(one, "x2") ? 2 : 1;
  if (!has_modifier(one, "m8n8") || !has_modifier(one, "b16") || one.operands.size() != 2 ||
      !one.operands[0].is_address ||
      one.operands[1].parts.size() != static_cast<std::size_t>(count))
    return std::nullopt;
  std::string words;
  for (const std::string& part : one.operands[1].parts)
    words += fmt::format("evotune::cpu::ptx::as<unsigned>({}), ", part);
  return fmt::format(
      "{{ const unsigned evotune_w[] = {{{}}}; evotune::cpu::store_matrices<{}, {}>({}, evotune_w, "
      "__LINE__); }} ",
      words, count, has_modifier(one, "trans"), ptx_address(one.operands[0], true));
}

/// atom.global.cas.b32 d, [p], expected, value · red.shared.add.f32 [p], value
std::optional<std::string> atomic(const PtxInstruction& one) {
  static const std::set<std::string_view> operations = {"add", "min", "max", "and",  "or",
                                                        "xor", "inc", "dec", "exch", "cas"};
  const bool returns = one.base == "atom";
  std::string operation;
  for (const std::string& modifier : one.modifiers)
    if (operations.count(modifier) != 0)
      operation = modifier;
    else if (modifier != "global" && !modifier.starts_with("shared") &&
             modifier != one.modifiers.back())
      return std::nullopt;
  const std::size_t at = returns ? 1 : 0, values = operation == "cas" ? 2 : 1;
  const bool known = is_ptx_type(one.modifiers.empty() ? "" : one.modifiers.back()) &&
                     (returns || (operation != "exch" && operation != "cas"));
  if (operation.empty() || !known || one.operands.size() != at + 1 + values ||
      !one.operands[at].is_address)
    return std::nullopt;
  std::vector<std::string> arguments;
  if (returns) arguments.push_back(one.operands[0].parts[0]);
  const bool shared = has_modifier(one, "shared") || has_modifier(one, "shared::cta");
  arguments.push_back(ptx_address(one.operands[at], shared));
  arguments.emplace_back("__LINE__");
  for (std::size_t i = at + 1; i < one.operands.size(); ++i)
    arguments.push_back(one.operands[i].parts[0]);
  return fmt::format("{}evotune::cpu::ptx::{}_{}<evotune::cpu::ptx::{}, {}>({}); ",
                     ptx_release(one), one.base, operation, one.modifiers.back(), ptx_scope(one),
                     join(arguments, ", "));
}

}  // namespace

std::optional<std::string> translate_collective(const PtxInstruction& one) {
  const bool sync = one.text.find(".sync") != std::string::npos;
  if (one.base == "atom" || one.base == "red") return atomic(one);
  if (one.base == "redux") return reduce(one);
  if (one.base == "shfl" && sync) return shuffle(one);
  if (one.base == "vote" && sync) return vote(one);
  if (one.base == "match") return match(one);
  if (one.base == "stmatrix") return store_matrix(one);
  return std::nullopt;
}

}  // namespace evotune::cpu
