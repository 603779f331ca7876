#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "device/cpu/ptx_instructions.h"

namespace evotune::cpu {
namespace {

using Names = std::vector<std::string>;

/// Instructions that are one function of shim/ptx_arithmetic.h: how many operands follow the
/// result.
const std::map<std::string_view, std::size_t> plain = {
    {"mov", 1},         {"neg", 1},           {"abs", 1},        {"not_", 1},
    {"ex2", 1},         {"lg2", 1},           {"rcp", 1},        {"sqrt", 1},
    {"rsqrt", 1},       {"sin", 1},           {"cos", 1},        {"tanh", 1},
    {"popc", 1},        {"clz", 1},           {"brev", 1},       {"bfind", 1},
    {"add", 2},         {"sub", 2},           {"mul", 2},        {"mul_lo", 2},
    {"mul_hi", 2},      {"mul_wide", 2},      {"mul24_lo", 2},   {"div", 2},
    {"rem", 2},         {"min", 2},           {"max", 2},        {"min_NaN", 2},
    {"max_NaN", 2},     {"add_sat", 2},       {"sub_sat", 2},    {"copysign", 2},
    {"and_", 2},        {"or_", 2},           {"xor_", 2},       {"shl", 2},
    {"shr", 2},         {"fma", 3},           {"mad", 3},        {"mad_lo", 3},
    {"mad_hi", 3},      {"mad_wide", 3},      {"mad24_lo", 3},   {"sad", 3},
    {"prmt", 3},        {"bfe", 3},           {"selp", 3},       {"lop3", 4},
    {"bfi", 4},         {"shf_l_wrap", 3},    {"shf_r_wrap", 3}, {"shf_l_clamp", 3},
    {"shf_r_clamp", 3}, {"vabsdiff4_add", 3}, {"prmt_f4e", 3},   {"prmt_b4e", 3},
    {"prmt_rc8", 3},    {"prmt_rc16", 3},     {"prmt_ecl", 3},   {"prmt_ecr", 3}};

/// Takes a name out of the modifiers; whether it was there.
bool take(Names& modifiers, std::string_view name) {
  const auto at = std::find(modifiers.begin(), modifiers.end(), name);
  if (at == modifiers.end()) return false;
  modifiers.erase(at);
  return true;
}

std::string type_of(const std::string& name) { return "evotune::cpu::ptx::" + name; }

/// The operands as arguments; nothing if one is several.
std::optional<std::string> arguments_of(const PtxInstruction& one) {
  Names all;
  for (const PtxOperand& operand : one.operands) {
    if (operand.parts.size() != 1) return std::nullopt;
    all.push_back(operand.parts[0]);
  }
  return join(all, ", ");
}

/// What .sat and .relu do with a result.
std::string limits(const std::string& type, const std::string& result, bool sat, bool relu) {
  std::string code;
  if (sat) code += fmt::format("evotune::cpu::ptx::limit_to_unit<{}>({}); ", type, result);
  if (relu) code += fmt::format("evotune::cpu::ptx::relu<{}>({}); ", type, result);
  return code;
}

bool is_floating(std::string_view type) { return type.find('f') != type.npos; }

/// cvt.rp.f16.f32 d, a
std::optional<std::string> convert_directed(const PtxInstruction& one) {
  static const std::map<std::string_view, std::string_view> modes = {
      {"rz", "zero"}, {"rp", "up"}, {"rm", "down"}};
  const Names& m = one.modifiers;
  const auto mode = modes.find(m[0]);
  const auto arguments = arguments_of(one);
  if (mode == modes.end() || m.size() != 3 || (m[1] != "f16" && m[1] != "bf16") ||
      !is_ptx_type(m[2]) || one.operands.size() != 2 || !arguments)
    return std::nullopt;
  return fmt::format("evotune::cpu::ptx::cvt_directed<{}, {}, evotune::cpu::Rounding::{}>({}); ",
                     type_of(m[1]), type_of(m[2]), mode->second, *arguments);
}

/// cvt.pack.sat.s8.s32.b32 d, a, b, c · cvt.pack.sat.s16.s32 d, a, b
std::optional<std::string> convert_and_pack(const PtxInstruction& one) {
  const Names& m = one.modifiers;
  const bool bytes = m.size() == 5 && (m[2] == "s8" || m[2] == "u8") && m[4] == "b32";
  const bool words = m.size() == 4 && (m[2] == "s16" || m[2] == "u16");
  const auto arguments = arguments_of(one);
  if ((!bytes && !words) || m[1] != "sat" || m[3] != "s32" || !arguments ||
      one.operands.size() != (bytes ? 4U : 3U))
    return std::nullopt;
  return fmt::format("evotune::cpu::ptx::cvt_pack<{}>({}); ", type_of(m[2]), *arguments);
}

/// cvt.rni.sat.s8.f32 d, a · cvt.rn.relu.f16x2.f32 d, high, low
std::optional<std::string> convert(const PtxInstruction& one) {
  Names m = one.modifiers;
  const bool relu = take(m, "relu"), sat = take(m, "sat");
  std::string name = "cvt";
  for (const char* rounding : {"rna", "rni", "rzi", "rmi", "rpi"})
    if (take(m, rounding)) name += std::string("_") + rounding;
  if (name == "cvt_rna" && !m.empty() && m[0] == "tf32") m[0] = "u32";
  const auto arguments = arguments_of(one);
  if (m.size() != 2 || !is_ptx_type(m[0]) || !is_ptx_type(m[1]) || !arguments ||
      one.operands.size() != (m[0].find("x2") != m[0].npos ? 3U : 2U))
    return std::nullopt;
  // An integer made of a floating-point number is limited as it is.
  if (sat && name == "cvt") name += "_sat";
  return fmt::format("evotune::cpu::ptx::{}<{}, {}>({}); ", name, type_of(m[0]), type_of(m[1]),
                     *arguments) +
         limits(type_of(m[0]), one.operands[0].parts[0],
                sat && name != "cvt_sat" && is_floating(m[0]), relu);
}

/// setp.gt.and.f32 p|q, a, b, c · set.lt.u32.f32 d, a, b
std::optional<std::string> compare(const PtxInstruction& one) {
  static const std::set<std::string_view> comparisons = {"eq",  "ne",  "lt",  "le",  "gt",  "ge",
                                                         "lo",  "ls",  "hi",  "hs",  "equ", "neu",
                                                         "ltu", "leu", "gtu", "geu", "num", "nan"};
  static const std::map<std::string_view, std::string_view> joints = {
      {"and", "&&"}, {"or", "||"}, {"xor", "!="}};
  Names m = one.modifiers;
  const bool sets = one.base == "set";
  std::string joint;
  for (const auto& [name, sign] : joints)
    if (take(m, name)) joint = sign;
  if (m.size() != (sets ? 3U : 2U) || comparisons.count(m[0]) == 0 || !is_ptx_type(m.back()) ||
      one.operands.size() != (joint.empty() ? 3U : 4U))
    return std::nullopt;
  const std::string last =
      joint.empty() ? "" : fmt::format(" {} {}", joint, one.operands[3].parts[0]);
  const Names& to = one.operands[0].parts;
  std::string code =
      fmt::format("{{ const bool evotune_is = evotune::cpu::ptx::is_{}<{}>({}, {}); ", m[0],
                  type_of(m.back()), one.operands[1].parts[0], one.operands[2].parts[0]);
  if (sets)
    code += fmt::format("evotune::cpu::ptx::set_flag<{}>({}, evotune_is{}); ", type_of(m[1]), to[0],
                        last);
  else
    code += fmt::format(
        "const bool evotune_p = evotune_is{0}, evotune_q = !evotune_is{0}; {1} = evotune_p; ", last,
        to[0]);
  if (!sets && to.size() > 1) code += fmt::format("{} = evotune_q; ", to[1]);
  return code + "} ";
}

/// add.cc.u32 d, a, b · madc.lo.cc.u32 d, a, b, c
std::optional<std::string> carry(const PtxInstruction& one) {
  Names m = one.modifiers;
  const bool out = take(m, "cc"), in = one.base.back() == 'c';
  std::string name = one.base.substr(0, 3);
  if (m.size() == 2) name += "_" + m[0];
  const auto arguments = arguments_of(one);
  const bool known = name == "add" || name == "sub" || name == "mad_lo" || name == "mad_hi";
  if (m.empty() || !known || !arguments || one.operands.size() != (name[0] == 'm' ? 4U : 3U))
    return std::nullopt;
  std::string type = m.back();
  if (name != "mad_hi") type[0] = 'u';
  return fmt::format("evotune::cpu::ptx::carrying_{}<{}, {}, {}>({}); ", name, type_of(type), in,
                     out, *arguments);
}

/// mov.b64 d, {low, high} · mov.b32 {a, b, c, d}, whole
std::optional<std::string> regroup(const PtxInstruction& one) {
  const bool unpacks = one.operands[0].is_group;
  const Names &parts = one.operands[unpacks ? 0 : 1].parts,
              &whole = one.operands[unpacks ? 1 : 0].parts;
  if (whole.size() != 1 || (parts.size() != 2 && parts.size() != 4)) return std::nullopt;
  return fmt::format("evotune::cpu::ptx::mov_{}<{}>({}, {}); ", unpacks ? "unpack" : "pack",
                     type_of(one.modifiers.back()), whole[0], join(parts, ", "));
}

/// add.rz.f32 d, a, b
std::optional<std::string> round_directed(const PtxInstruction& one) {
  static const std::map<std::string_view, std::string_view> modes = {
      {"rz", "rz"}, {"rm", "rd"}, {"rp", "ru"}};
  static const std::map<std::string_view, std::size_t> known = {
      {"add", 2}, {"sub", 2}, {"mul", 2}, {"div", 2}, {"fma", 3}, {"rcp", 1}, {"sqrt", 1}};
  const auto function = known.find(one.base);
  const auto mode = modes.find(one.modifiers[0]);
  const std::string& type = one.modifiers.back();
  if (function == known.end() || mode == modes.end() || one.modifiers.size() != 2 ||
      (type != "f32" && type != "f64") || one.operands.size() != function->second + 1)
    return std::nullopt;
  const std::string name =
      one.base == "fma" ? (type == "f32" ? "fmaf" : "fma") : (type == "f32" ? "f" : "d") + one.base;
  Names arguments;
  for (std::size_t i = 1; i < one.operands.size(); ++i)
    arguments.push_back(
        fmt::format("evotune::cpu::ptx::as<{}>({})", type_of(type), one.operands[i].parts[0]));
  return fmt::format("evotune::cpu::ptx::set({}, __{}_{}({})); ", one.operands[0].parts[0], name,
                     mode->second, join(arguments, ", "));
}

/// slct.f32.s32 d, a, b, c: by the sign of c.
std::optional<std::string> select_by_sign(const PtxInstruction& one) {
  const auto arguments = arguments_of(one);
  if (one.modifiers.size() != 2 || one.operands.size() != 4 || !arguments) return std::nullopt;
  return fmt::format(
      "evotune::cpu::ptx::selp<{}>({}, {}, {}, evotune::cpu::ptx::as<{}>({}) >= 0); ",
      type_of(one.modifiers[0]), one.operands[0].parts[0], one.operands[1].parts[0],
      one.operands[2].parts[0], type_of(one.modifiers[1]), one.operands[3].parts[0]);
}

/// dp4a.u32.s32 d, a, b, c: each factor has its own sign.
std::optional<std::string> dot_of_bytes(const PtxInstruction& one) {
  const auto arguments = arguments_of(one);
  const auto is_word = [](const std::string& type) { return type == "u32" || type == "s32"; };
  if (one.modifiers.size() != 2 || !is_word(one.modifiers[0]) || !is_word(one.modifiers[1]) ||
      one.operands.size() != 4 || !arguments)
    return std::nullopt;
  return fmt::format(
      "evotune::cpu::ptx::dp4a<evotune::cpu::ptx::{}8, evotune::cpu::ptx::{}8>({}); ",
      one.modifiers[0][0], one.modifiers[1][0], *arguments);
}

std::optional<std::string> arithmetic(const PtxInstruction& one) {
  Names m = one.modifiers;
  const std::string type = m.back();
  if (one.base == "prmt") std::reverse(m.begin(), m.end());  // its mode follows the type
  if (one.base == "vabsdiff4" && m == Names{"u32", "u32", "u32", "add"}) m = {"add", "u32"};
  const bool sat = is_floating(type) && take(m, "sat"), relu = take(m, "relu");
  std::string name = one.base;
  if (name == "not" || name == "and" || name == "or" || name == "xor") name += '_';
  if (name == "not_" && type == "pred" && one.operands.size() == 2)
    return fmt::format("{} = !({}); ", one.operands[0].parts[0], one.operands[1].parts[0]);
  for (std::size_t i = 0; i + 1 < m.size(); ++i) name += "_" + m[i];
  const auto known = plain.find(name);
  const auto arguments = arguments_of(one);
  if (known == plain.end() || one.operands.size() != known->second + 1 || !arguments)
    return std::nullopt;
  return fmt::format("evotune::cpu::ptx::{}<{}>({}); ", name, type_of(m.back()), *arguments) +
         limits(type_of(type), one.operands[0].parts[0], sat, relu);
}

}  // namespace

std::optional<std::string> translate_arithmetic(const PtxInstruction& one) {
  if (one.modifiers.empty()) return std::nullopt;
  if (one.base == "cvt") {
    if (one.modifiers[0] == "pack") return convert_and_pack(one);
    auto directed = convert_directed(one);
    return directed ? directed : convert(one);
  }
  if (one.base == "setp" || one.base == "set") return compare(one);
  if (one.base == "dp4a") return dot_of_bytes(one);
  if (one.base == "slct") return select_by_sign(one);
  if (one.base == "addc" || one.base == "subc" || one.base == "madc" || has_modifier(one, "cc"))
    return carry(one);
  if (auto directed = round_directed(one)) return directed;
  if (one.base == "vabsdiff4" || one.base == "prmt" || is_ptx_type(one.modifiers.back())) {
    const bool groups = one.base == "mov" && one.operands.size() == 2 &&
                        (one.operands[0].is_group || one.operands[1].is_group);
    return groups ? regroup(one) : arithmetic(one);
  }
  return std::nullopt;
}

}  // namespace evotune::cpu
