#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

/// Instructions that are one function of shim/ptx.h: how many operands follow the result.
const std::map<std::string_view, std::size_t> plain = {
    {"mov", 1},         {"neg", 1},        {"abs", 1},     {"not_", 1},       {"ex2", 1},
    {"lg2", 1},         {"rcp", 1},        {"sqrt", 1},    {"rsqrt", 1},      {"sin", 1},
    {"cos", 1},         {"tanh", 1},       {"popc", 1},    {"clz", 1},        {"brev", 1},
    {"add", 2},         {"sub", 2},        {"mul", 2},     {"mul_lo", 2},     {"mul_hi", 2},
    {"mul_wide", 2},    {"div", 2},        {"rem", 2},     {"min", 2},        {"max", 2},
    {"and_", 2},        {"or_", 2},        {"xor_", 2},    {"shl", 2},        {"shr", 2},
    {"setp_eq", 2},     {"setp_ne", 2},    {"setp_lt", 2}, {"setp_le", 2},    {"setp_gt", 2},
    {"setp_ge", 2},     {"setp_lo", 2},    {"setp_ls", 2}, {"setp_hi", 2},    {"setp_hs", 2},
    {"fma", 3},         {"mad", 3},        {"mad_lo", 3},  {"prmt", 3},       {"bfe", 3},
    {"selp", 3},        {"lop3", 4},       {"bfi", 4},     {"shf_l_wrap", 3}, {"shf_r_wrap", 3},
    {"shf_l_clamp", 3}, {"shf_r_clamp", 3}};

std::optional<std::string> convert(const PtxInstruction& one) {
  Names m = one.modifiers;
  std::string name = "cvt";
  if (m.size() == 3 && (m[0] == "rna" || m[0] == "rni" || m[0] == "rzi")) {
    name += "_" + m[0];
    m.erase(m.begin());
  }
  if (name == "cvt_rna" && m[0] == "tf32") m[0] = "u32";
  if (m.size() != 2 || !is_ptx_type(m[0]) || !is_ptx_type(m[1]) || one.operands.size() < 2 ||
      one.operands.size() > 3)
    return std::nullopt;
  std::string arguments;
  for (const PtxOperand& operand : one.operands)
    arguments += (arguments.empty() ? "" : ", ") + operand.parts[0];
  return fmt::format("evotune::cpu::ptx::{}<evotune::cpu::ptx::{}, evotune::cpu::ptx::{}>({}); ",
                     name, m[0], m[1], arguments);
}

std::optional<std::string> arithmetic(const PtxInstruction& one) {
  if (one.modifiers.empty() || !is_ptx_type(one.modifiers.back())) return std::nullopt;
  const std::string type = "evotune::cpu::ptx::" + one.modifiers.back();
  std::string name = one.base;
  if (name == "not" || name == "and" || name == "or" || name == "xor") name += '_';
  if (name == "not_" && one.modifiers.back() == "pred") return std::nullopt;
  for (std::size_t i = 0; i + 1 < one.modifiers.size(); ++i) name += "_" + one.modifiers[i];
  if (name == "mov" && one.operands.size() == 2 &&
      (one.operands[0].is_group || one.operands[1].is_group)) {
    Names all = one.operands[0].parts;
    all.insert(all.end(), one.operands[1].parts.begin(), one.operands[1].parts.end());
    if (all.size() != 3) return std::nullopt;
    return fmt::format("evotune::cpu::ptx::mov_{}<{}>({}); ",
                       one.operands[0].is_group ? "unpack" : "pack", type, join(all, ", "));
  }
  const auto known = plain.find(name);
  if (known == plain.end() || one.operands.size() != known->second + 1) return std::nullopt;
  std::string arguments;
  for (const PtxOperand& operand : one.operands) {
    if (operand.parts.size() != 1) return std::nullopt;
    arguments += (arguments.empty() ? "" : ", ") + operand.parts[0];
  }
  return fmt::format("evotune::cpu::ptx::{}<{}>({}); ", name, type, arguments);
}

}  // namespace

std::optional<std::string> translate_arithmetic(const PtxInstruction& one) {
  return one.base == "cvt" ? convert(one) : arithmetic(one);
}

}  // namespace evotune::cpu
